using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Juke.Server.Catalogue;

/// <summary>
/// The ids that the old catalogue gave its rows, made from the provider's id: shipped clients use them as keys of lists, and
/// no row is stored that could hold them. The same artist has the same ids on every server, for ever.
/// </summary>
internal static class CatalogueIds
{
    /// <summary><c>pk</c>: 1..2,147,483,647, so that 32-bit clients can hold it. Two artists may share one (31 bits); no rule may rest on it.</summary>
    public static int Pk(string spotifyId) => Math.Max(1, BinaryPrimitives.ReadInt32BigEndian(Hash("pk:" + spotifyId)) & int.MaxValue);

    /// <summary><c>juke_id</c>: a UUID of version 8 (RFC 9562 §5.8) from a SHA-256.</summary>
    public static Guid JukeId(string spotifyId)
    {
        var bytes = Hash("juke_id:" + spotifyId).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes("juke:artist:" + text));
}
