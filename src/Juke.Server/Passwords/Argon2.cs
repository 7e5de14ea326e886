using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Juke.Server.Passwords;

/// <summary>Argon2i and Argon2id (RFC 9106), for verifying: one thread, however many lanes.</summary>
internal sealed class Argon2
{
    private const int Words = 128; // A block is 1 KiB.
    private const int Slices = 4;

    private readonly Argon2Parameters parameters;
    private readonly ulong[] memory;
    private readonly int laneLength;
    private readonly int segmentLength;

    private Argon2(Argon2Parameters parameters)
    {
        this.parameters = parameters;
        segmentLength = parameters.Memory / (Slices * parameters.Lanes);
        laneLength = segmentLength * Slices;
        memory = GC.AllocateUninitializedArray<ulong>(laneLength * parameters.Lanes * Words);
    }

    /// <summary>The tag.</summary>
    /// <param name="parameters">Costs; at least 8 KiB a lane.</param>
    /// <param name="password">Bytes of the password.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="length">Bytes of the tag.</param>
    /// <param name="secret">The RFC's K; Django has none.</param>
    /// <param name="associated">The RFC's X; Django has none.</param>
    public static byte[] Derive(Argon2Parameters parameters, byte[] password, byte[] salt, int length, byte[]? secret = null, byte[]? associated = null)
    {
        var argon = new Argon2(parameters);
        argon.FillFirstColumns(Blake2b.Hash(
            [
                .. Word(parameters.Lanes), .. Word(length), .. Word(parameters.Memory), .. Word(parameters.Passes), .. Word(parameters.Version), .. Word(parameters.IsMixed ? 2 : 1),
                .. Word(password.Length), .. password, .. Word(salt.Length), .. salt,
                .. Word(secret?.Length ?? 0), .. secret ?? [], .. Word(associated?.Length ?? 0), .. associated ?? [],
            ],
            64));
        for (var pass = 0; pass < parameters.Passes; pass++)
            for (var slice = 0; slice < Slices; slice++)
                for (var lane = 0; lane < parameters.Lanes; lane++)
                    argon.FillSegment(pass, slice, lane);
        return argon.Tag(length);
    }

    private void FillFirstColumns(byte[] seed)
    {
        for (var lane = 0; lane < parameters.Lanes; lane++)
        {
            for (var column = 0; column < 2; column++)
            {
                var bytes = Blake2b.LongHash([.. seed, .. Word(column), .. Word(lane)], Words * 8);
                var block = Block(lane, column);
                for (var i = 0; i < Words; i++) block[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8 * i));
            }
        }
    }

    private void FillSegment(int pass, int slice, int lane)
    {
        // Where to look is told by a counter (nobody can watch the password through it), or by the data itself.
        var byCounter = !parameters.IsMixed || (pass == 0 && slice < 2);
        Span<ulong> addresses = stackalloc ulong[Words];
        Span<ulong> input = stackalloc ulong[Words];
        Span<ulong> zero = stackalloc ulong[Words];
        input.Clear();
        zero.Clear();
        (input[0], input[1], input[2]) = ((ulong)pass, (ulong)lane, (ulong)slice);
        (input[3], input[4], input[5]) = ((ulong)(laneLength * parameters.Lanes), (ulong)parameters.Passes, parameters.IsMixed ? 2UL : 1UL);

        var first = pass == 0 && slice == 0 ? 2 : 0;
        for (var index = first; index < segmentLength; index++)
        {
            var column = (slice * segmentLength) + index;
            var previous = Block(lane, column == 0 ? laneLength - 1 : column - 1);
            if (byCounter && (index == first || index % Words == 0))
            {
                input[6]++;
                Mix(zero, input, addresses, keep: false);
                Mix(zero, addresses, addresses, keep: false);
            }
            var random = byCounter ? addresses[index % Words] : previous[0];
            var otherLane = pass == 0 && slice == 0 ? lane : (int)((random >> 32) % (ulong)parameters.Lanes);
            var other = Block(otherLane, Reference(pass, slice, index, (uint)random, otherLane == lane));
            Mix(previous, other, Block(lane, column), keep: pass > 0 && parameters.Version == 0x13);
        }
    }

    // Section 3.4.1.2: blocks written lately come up more often.
    private int Reference(int pass, int slice, int index, uint random, bool isSameLane)
    {
        var finished = pass == 0 ? slice * segmentLength : laneLength - segmentLength;
        var area = (uint)(finished + (isSameLane ? index - 1 : index == 0 ? -1 : 0));
        var squared = ((ulong)random * random) >> 32;
        var relative = area - 1 - (uint)((area * squared) >> 32);
        var start = pass == 0 || slice == Slices - 1 ? 0 : (slice + 1) * segmentLength;
        return (int)((start + relative) % (uint)laneLength);
    }

    private byte[] Tag(int length)
    {
        var last = Block(0, laneLength - 1).ToArray();
        for (var lane = 1; lane < parameters.Lanes; lane++)
        {
            var block = Block(lane, laneLength - 1);
            for (var i = 0; i < Words; i++) last[i] ^= block[i];
        }
        var bytes = new byte[Words * 8];
        for (var i = 0; i < Words; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), last[i]);
        return Blake2b.LongHash(bytes, length);
    }

    private Span<ulong> Block(int lane, int column) => memory.AsSpan(((lane * laneLength) + column) * Words, Words);

    /// <summary>The compression function G; <paramref name="to"/> may be one of the others.</summary>
    private static void Mix(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y, Span<ulong> to, bool keep)
    {
        Span<ulong> r = stackalloc ulong[Words];
        Span<ulong> z = stackalloc ulong[Words];
        for (var i = 0; i < Words; i++) r[i] = x[i] ^ y[i];
        r.CopyTo(z);
        ref var v = ref MemoryMarshal.GetReference(z);
        for (var i = 0; i < Words; i += 16) Permute(ref v, i, i + 2, i + 4, i + 6, i + 8, i + 10, i + 12, i + 14);
        for (var i = 0; i < 16; i += 2) Permute(ref v, i, i + 16, i + 32, i + 48, i + 64, i + 80, i + 96, i + 112);
        for (var i = 0; i < Words; i++) to[i] = keep ? to[i] ^ z[i] ^ r[i] : z[i] ^ r[i];
    }

    // The permutation P over eight pairs of words.
    private static void Permute(ref ulong v, int a, int b, int c, int d, int e, int f, int g, int h)
    {
        Quarter(ref At(ref v, a), ref At(ref v, c), ref At(ref v, e), ref At(ref v, g));
        Quarter(ref At(ref v, a + 1), ref At(ref v, c + 1), ref At(ref v, e + 1), ref At(ref v, g + 1));
        Quarter(ref At(ref v, b), ref At(ref v, d), ref At(ref v, f), ref At(ref v, h));
        Quarter(ref At(ref v, b + 1), ref At(ref v, d + 1), ref At(ref v, f + 1), ref At(ref v, h + 1));
        Quarter(ref At(ref v, a), ref At(ref v, c + 1), ref At(ref v, f), ref At(ref v, h + 1));
        Quarter(ref At(ref v, a + 1), ref At(ref v, d), ref At(ref v, f + 1), ref At(ref v, g));
        Quarter(ref At(ref v, b), ref At(ref v, d + 1), ref At(ref v, e), ref At(ref v, g + 1));
        Quarter(ref At(ref v, b + 1), ref At(ref v, c), ref At(ref v, e + 1), ref At(ref v, h));
    }

    private static ref ulong At(ref ulong v, int index) => ref System.Runtime.CompilerServices.Unsafe.Add(ref v, index);

    private static void Quarter(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a += b + (2 * (ulong)(uint)a * (uint)b);
        d = BitOperations.RotateRight(d ^ a, 32);
        c += d + (2 * (ulong)(uint)c * (uint)d);
        b = BitOperations.RotateRight(b ^ c, 24);
        a += b + (2 * (ulong)(uint)a * (uint)b);
        d = BitOperations.RotateRight(d ^ a, 16);
        c += d + (2 * (ulong)(uint)c * (uint)d);
        b = BitOperations.RotateRight(b ^ c, 63);
    }

    private static byte[] Word(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
