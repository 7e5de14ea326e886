using System.Security.Cryptography;
using System.Text;

namespace Juke.Testing;

/// <summary>A user of the old Juke as a test wants it, and what a test expects of it.</summary>
internal sealed record OldPerson
{
    public required long Id { get; init; }
    public required string Username { get; init; }
    public string Email { get; init; } = "";

    /// <summary>The stored text.</summary>
    public string Password { get; init; } = "!";

    /// <summary>What a person would type for it; null when nothing matches.</summary>
    public string? Typed { get; init; }

    public string FirstName { get; init; } = "";
    public string LastName { get; init; } = "";
    public bool IsActive { get; init; } = true;
    public bool IsStaff { get; init; }
    public string Joined { get; init; } = "2025-11-01T10:00:00.123456Z";
    public string? LastLogin { get; init; }
    public string? Token { get; init; }

    /// <summary>Columns of the music profile as SQL texts; null for no profile.</summary>
    public Dictionary<string, string?>? Profile { get; init; }

    /// <summary>Provider, uid and extra_data as JSON text, oldest first.</summary>
    public IReadOnlyList<(string Provider, string Uid, string? ExtraData)> Links { get; init; } = [];

    /// <summary>Django's own format, with few iterations.</summary>
    public static string Pbkdf2(string password, string salt = "abcdefghij12", int iterations = 10) =>
        $"pbkdf2_sha256${iterations}${salt}${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Encoding.ASCII.GetBytes(salt), iterations, HashAlgorithmName.SHA256, 32))}";

    /// <summary>40 hex digits, the same for the same id.</summary>
    public static string TokenOf(long id) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(id ^ 0x5eed)))[..40];

    /// <summary>A verified user with a password, a token and a profile that counts as onboarded.</summary>
    public static OldPerson Typical(long id, string? username = null) => new()
    {
        Id = id,
        Username = username ?? $"user{id}",
        Email = $"user{id}@example.com",
        Password = Pbkdf2($"the password of {id}"),
        Typed = $"the password of {id}",
        LastLogin = "2026-03-01T08:30:00Z",
        Token = TokenOf(id),
        Profile = new(StringComparer.Ordinal) { ["favorite_genres"] = """["rock"]""", ["onboarding_completed_at"] = "2026-03-01T08:30:00.5Z" },
    };
}
