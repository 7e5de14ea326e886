using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Juke.Server.Import;

/// <summary>All that the old database says of one user: rows as JSON text, by column name, exactly as PostgreSQL writes them.</summary>
/// <param name="Id">Id of the user, in both systems.</param>
/// <param name="Row">The row of the user.</param>
/// <param name="Profiles">Rows of the music profile, newest first; more than one only in databases that lack the old unique key.</param>
/// <param name="Tokens">Rows of the API token.</param>
/// <param name="Links">Rows of provider links, newest first.</param>
internal sealed record OldUser(long Id, string Row, IReadOnlyList<string> Profiles, IReadOnlyList<string> Tokens, IReadOnlyList<string> Links)
{
    /// <summary>SHA-256 of all of it: equal means that nothing changed there.</summary>
    public byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var rows in (IEnumerable<IReadOnlyList<string>>)[[Row], Profiles, Tokens, Links])
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, rows.Count);
            hash.AppendData(length);
            foreach (var row in rows)
            {
                var bytes = Encoding.UTF8.GetBytes(row);
                BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
                hash.AppendData(length);
                hash.AppendData(bytes);
            }
        }
        return hash.GetHashAndReset();
    }
}
