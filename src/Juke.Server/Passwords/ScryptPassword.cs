using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Juke.Server.Passwords;

/// <summary>scrypt (RFC 7914), as Django writes it: 64 bytes, the salt as its own text.</summary>
internal sealed record ScryptPassword(int N, int R, int P, byte[] Salt, byte[] Key) : DjangoPassword
{
    /// <summary>Most bytes of memory: four times Django's 16 MiB of N = 16,384 and r = 8.</summary>
    private const long MostMemory = 64L * 1024 * 1024;

    /// <summary>Most work, as blocks of 128 bytes mixed: four times Django's with p = 5.</summary>
    private const long MostWork = 4L * 16_384 * 8 * 5;

    protected override byte[] Expected => Key;

    public static ScryptPassword? Read(string n, string salt, string r, string p, string hash)
    {
        if (Number(n, 1 << 20) is not { } cost || Number(r, 64) is not { } size || Number(p, 64) is not { } lanes) return null;
        if (cost < 2 || !BitOperations.IsPow2(cost) || 128L * cost * size > MostMemory || (long)cost * size * lanes > MostWork) return null;
        return Bytes(hash, 64, 64) is { } key ? new(cost, size, lanes, Encoding.ASCII.GetBytes(salt), key) : null;
    }

    protected override byte[] Compute(byte[] password) => Derive(password, Salt, N, R, P, Key.Length);

    /// <summary>The function of the RFC.</summary>
    internal static byte[] Derive(byte[] password, byte[] salt, int n, int r, int p, int length)
    {
        var blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, p * 128 * r);
        var words = new uint[32 * r];
        var table = new uint[32 * r * n];
        var scratch = new uint[32 * r];
        for (var lane = 0; lane < p; lane++)
        {
            var block = blocks.AsSpan(lane * 128 * r, 128 * r);
            for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
            Mix(words, table, scratch, n);
            for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * i)..], words[i]);
        }
        return Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, length);
    }

    // scryptROMix: fill a table, then read it in an order that only the data tells.
    private static void Mix(uint[] x, uint[] table, uint[] scratch, int n)
    {
        var size = x.Length;
        for (var i = 0; i < n; i++)
        {
            x.CopyTo(table.AsSpan(i * size));
            BlockMix(x, scratch);
        }
        for (var i = 0; i < n; i++)
        {
            var from = table.AsSpan((int)(x[size - 16] & (uint)(n - 1)) * size, size);
            for (var j = 0; j < size; j++) x[j] ^= from[j];
            BlockMix(x, scratch);
        }
    }

    private static void BlockMix(uint[] block, uint[] scratch)
    {
        Span<uint> x = stackalloc uint[16];
        block.AsSpan(block.Length - 16).CopyTo(x);
        var half = block.Length / 32;
        for (var i = 0; i < 2 * half; i++)
        {
            var part = block.AsSpan(16 * i, 16);
            for (var j = 0; j < 16; j++) x[j] ^= part[j];
            Salsa20(x);
            // Even results first, then the odd ones.
            x.CopyTo(scratch.AsSpan(16 * ((i / 2) + (i % 2 * half))));
        }
        scratch.CopyTo(block.AsSpan());
    }

    // Salsa20/8 core.
    private static void Salsa20(Span<uint> b)
    {
        Span<uint> x = stackalloc uint[16];
        b.CopyTo(x);
        for (var i = 0; i < 4; i++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }
        for (var i = 0; i < 16; i++) b[i] += x[i];
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
