using System.Buffers.Binary;
using System.Numerics;

namespace Juke.Server.Passwords;

/// <summary>
/// The part of Blowfish (Schneier, 1993) that bcrypt needs. Its tables are the fraction of pi in 32-bit words; they are
/// computed once, which is shorter than a thousand constants and cannot hold a slip of the pen.
/// </summary>
internal static class Blowfish
{
    private const int Rounds = 16;
    private const int Subkeys = Rounds + 2;
    private const int Boxes = 4 * 256;

    private static readonly Lazy<uint[]> Pi = new(FractionOfPi);

    /// <summary>The 24 bytes of bcrypt.</summary>
    /// <param name="key">At most 72 bytes, with the zero byte at its end if there is room.</param>
    /// <param name="salt">16 bytes.</param>
    /// <param name="cost">Binary logarithm of the number of rounds.</param>
    public static byte[] Bcrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, int cost)
    {
        // Subkeys first, then the boxes, as they stand in pi.
        var state = (uint[])Pi.Value.Clone();
        Expand(state, key, salt);
        for (var i = 0L; i < 1L << cost; i++)
        {
            Expand(state, key, default);
            Expand(state, salt, default);
        }
        var text = "OrpheanBeholderScryDoubt"u8.ToArray();
        for (var at = 0; at < text.Length; at += 8)
        {
            var left = BinaryPrimitives.ReadUInt32BigEndian(text.AsSpan(at));
            var right = BinaryPrimitives.ReadUInt32BigEndian(text.AsSpan(at + 4));
            for (var i = 0; i < 64; i++) Encrypt(state, ref left, ref right);
            BinaryPrimitives.WriteUInt32BigEndian(text.AsSpan(at), left);
            BinaryPrimitives.WriteUInt32BigEndian(text.AsSpan(at + 4), right);
        }
        return text;
    }

    private static void Expand(uint[] state, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        var at = 0;
        for (var i = 0; i < Subkeys; i++) state[i] ^= Next(key, ref at);
        uint left = 0, right = 0;
        at = 0;
        for (var i = 0; i < Subkeys + Boxes; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= Next(salt, ref at);
                right ^= Next(salt, ref at);
            }
            Encrypt(state, ref left, ref right);
            state[i] = left;
            state[i + 1] = right;
        }
    }

    private static uint Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint word = 0;
        for (var i = 0; i < 4; i++)
        {
            word = (word << 8) | bytes[at];
            at = at + 1 == bytes.Length ? 0 : at + 1;
        }
        return word;
    }

    private static void Encrypt(uint[] state, ref uint left, ref uint right)
    {
        uint l = left, r = right;
        for (var i = 0; i < Rounds; i += 2)
        {
            l ^= state[i];
            r ^= F(state, l);
            r ^= state[i + 1];
            l ^= F(state, r);
        }
        (left, right) = (r ^ state[Rounds + 1], l ^ state[Rounds]);
    }

    private static uint F(uint[] state, uint x) =>
        ((state[Subkeys + (int)(x >> 24)] + state[Subkeys + 256 + (int)((x >> 16) & 255)]) ^ state[Subkeys + 512 + (int)((x >> 8) & 255)])
        + state[Subkeys + 768 + (int)(x & 255)];

    // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), with 64 bits to spare for rounding.
    private static uint[] FractionOfPi()
    {
        const int words = Subkeys + Boxes;
        const int bits = (words * 32) + 64;
        var pi = (16 * ArcTan(5)) - (4 * ArcTan(239));
        var fraction = (pi & ((BigInteger.One << bits) - 1)) >> 64;
        var table = new uint[words];
        for (var i = words - 1; i >= 0; i--)
        {
            table[i] = (uint)(fraction & uint.MaxValue);
            fraction >>= 32;
        }
        return table;

        static BigInteger ArcTan(int inverse)
        {
            var power = (BigInteger.One << bits) / inverse;
            var sum = power;
            for (var n = 3; !power.IsZero; n += 2)
            {
                power /= inverse * inverse;
                sum += (n & 2) == 0 ? power / n : -(power / n);
            }
            return sum;
        }
    }
}
