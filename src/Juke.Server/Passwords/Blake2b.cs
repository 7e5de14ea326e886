using System.Buffers.Binary;
using System.Numerics;

namespace Juke.Server.Passwords;

/// <summary>BLAKE2b without a key (RFC 7693), and the long hash that Argon2 makes of it (RFC 9106, section 3.3).</summary>
internal static class Blake2b
{
    private const int BlockSize = 128;

    private static readonly ulong[] Start =
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    private static readonly byte[][] Order =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ];

    /// <param name="data">What is hashed.</param>
    /// <param name="length">1 to 64 bytes.</param>
    public static byte[] Hash(ReadOnlySpan<byte> data, int length)
    {
        var h = (ulong[])Start.Clone();
        h[0] ^= 0x01010000UL ^ (ulong)length;
        Span<byte> block = stackalloc byte[BlockSize];
        var done = 0UL;
        do
        {
            var part = data[..Math.Min(BlockSize, data.Length)];
            data = data[part.Length..];
            block.Clear();
            part.CopyTo(block);
            done += (ulong)part.Length;
            Compress(h, block, done, isLast: data.IsEmpty);
        }
        while (!data.IsEmpty);
        var bytes = new byte[64];
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), h[i]);
        return bytes[..length];
    }

    /// <summary>Argon2's H': as many bytes as wanted.</summary>
    public static byte[] LongHash(ReadOnlySpan<byte> data, int length)
    {
        byte[] first = [.. BitConverter.GetBytes(BitConverter.IsLittleEndian ? length : BinaryPrimitives.ReverseEndianness(length)), .. data];
        if (length <= 64) return Hash(first, length);
        var all = new byte[length];
        var at = 0;
        var piece = Hash(first, 64);
        while (true)
        {
            piece.AsSpan(0, 32).CopyTo(all.AsSpan(at));
            at += 32;
            if (length - at <= 64) break;
            piece = Hash(piece, 64);
        }
        Hash(piece, length - at).CopyTo(all.AsSpan(at));
        return all;
    }

    private static void Compress(ulong[] h, ReadOnlySpan<byte> block, ulong done, bool isLast)
    {
        Span<ulong> m = stackalloc ulong[16];
        for (var i = 0; i < 16; i++) m[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        Span<ulong> v = stackalloc ulong[16];
        h.CopyTo(v);
        Start.CopyTo(v[8..]);
        v[12] ^= done;
        if (isLast) v[14] = ~v[14];
        for (var round = 0; round < 12; round++)
        {
            var order = Order[round % 10];
            Mix(v, 0, 4, 8, 12, m[order[0]], m[order[1]]);
            Mix(v, 1, 5, 9, 13, m[order[2]], m[order[3]]);
            Mix(v, 2, 6, 10, 14, m[order[4]], m[order[5]]);
            Mix(v, 3, 7, 11, 15, m[order[6]], m[order[7]]);
            Mix(v, 0, 5, 10, 15, m[order[8]], m[order[9]]);
            Mix(v, 1, 6, 11, 12, m[order[10]], m[order[11]]);
            Mix(v, 2, 7, 8, 13, m[order[12]], m[order[13]]);
            Mix(v, 3, 4, 9, 14, m[order[14]], m[order[15]]);
        }
        for (var i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
    }

    private static void Mix(Span<ulong> v, int a, int b, int c, int d, ulong x, ulong y)
    {
        v[a] += v[b] + x;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 63);
    }
}
