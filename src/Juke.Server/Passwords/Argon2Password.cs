using System.Text;

namespace Juke.Server.Passwords;

/// <summary>argon2i and argon2id as Django writes them: the PHC text, of version 19 or, without a version, of 16.</summary>
internal sealed record Argon2Password(Argon2Parameters Parameters, byte[] Salt, byte[] Hash) : DjangoPassword
{
    /// <summary>Most memory in KiB: 2.5 times Django's 100 MiB.</summary>
    private const int MostMemory = 256 * 1024;

    /// <summary>Most work, in KiB times passes: five times Django's.</summary>
    private const long MostWork = 1024 * 1024;

    protected override byte[] Expected => Hash;

    public static Argon2Password? Read(string kind, string[] parts)
    {
        var (version, rest) = parts switch
        {
            ["v=19", .. var more] => (0x13, more),
            ["v=16", .. var more] => (0x10, more),
            _ => (0x10, parts),
        };
        if (rest is not [var costs, var salt, var hash]) return null;
        if (costs.Split(',') is not [['m', '=', .. var m], ['t', '=', .. var t], ['p', '=', .. var p]]) return null;
        if (Number(m, MostMemory) is not { } memory || Number(t, 1000) is not { } passes || Number(p, 64) is not { } lanes) return null;
        if (memory < 8 * lanes || (long)memory * passes > MostWork) return null;
        return Bytes(salt, 8, 256) is { } saltBytes && Bytes(hash, 4, 128) is { } hashBytes
            ? new(new Argon2Parameters(kind == "argon2id", version, memory, passes, lanes), saltBytes, hashBytes)
            : null;
    }

    protected override byte[] Compute(byte[] password) => Argon2.Derive(Parameters, password, Salt, Hash.Length);
}

/// <param name="IsMixed">argon2id; else argon2i.</param>
/// <param name="Version">0x13, or 0x10 where later passes overwrite instead of mixing in.</param>
/// <param name="Memory">KiB.</param>
/// <param name="Passes">Over the memory.</param>
/// <param name="Lanes">Independent columns; computed one after the other here.</param>
internal readonly record struct Argon2Parameters(bool IsMixed, int Version, int Memory, int Passes, int Lanes);
