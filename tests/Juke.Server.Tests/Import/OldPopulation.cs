using System.Globalization;
using System.Text.Json.Nodes;
using Juke.Server.Passwords;
using Juke.Testing;

namespace Juke.Server.Tests.Import;

/// <summary>What an old user must be here, said by whoever made the user and not by the import.</summary>
internal sealed record Fact(
    OldPerson Person, string State, bool HasName, bool HoldsName, bool OwnsAddress, bool IsProved, bool CountsAsOnboarded, JsonNode? ProfileCase)
{
    public bool TokenSignsIn => State == "active" && Person.Token is not null;

    /// <summary>A blank one is none.</summary>
    public string? Email => Person.Email.Trim().Length == 0 ? null : Person.Email;

    public string? Name => $"{Person.FirstName.Trim()} {Person.LastName.Trim()}".Trim() is { Length: > 0 } name ? name : null;

    /// <summary>When onboarding was done; null when it was not. A profile without a date counts from its last change, which is <see cref="OldJuke"/>'s default.</summary>
    public DateTimeOffset? CompletedAt =>
        !HasName || !CountsAsOnboarded ? null
        : DateTimeOffset.Parse((string?)ProfileCase?["completedAt"] ?? (string?)ProfileCase?["row"]?["modified_at"] ?? "2026-02-03T04:05:06.789Z", CultureInfo.InvariantCulture);

    public bool PasswordSignsIn => State == "active" && Person.Typed is not null;
}

/// <summary>
/// An old Juke's people over every shape of legacy-drift.md: accounts of every kind in turn, each with a profile out of
/// contract/vectors/legacy-rows.json, which says beside each row what must become of it.
/// </summary>
internal sealed class OldPopulation(int seed)
{
    private static readonly (string Stored, string Typed)[] Algorithms =
    [
        ("pbkdf2_sha256$1000$seasalt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=", "lètmein"),
        (Argon2Text(isMixed: true, 0x13), "the argon2 password"),
        (Argon2Text(isMixed: false, 0x13), "the argon2 password"),
        (Argon2Text(isMixed: false, 0x10), "the argon2 password"),
        ("bcrypt$$2b$04$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG", "lètmein"),
        ("bcrypt_sha256$$2b$05$abcdefghijklmnopqrstuuaQz6CVhbgRiZmnmiNLc9bv5cauhFkti", "lètmein"),
        ("scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==", "lètmein"),
        ("sha1$seasalt$cff36ea83f5706ce9aa7454e63e431fc726b2dc8", "lètmein"),
        ("md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3", "lètmein"),
        ("ef0e18d9bbf542ce9f4a38355dc5d631", "the unsalted password"),
    ];

    /// <summary>Shapes of what the old server kept of a link (legacy-drift.md §10).</summary>
    public static readonly IReadOnlyList<string?> ExtraData =
    [
        """{"auth_time": 1767600000, "token_type": "Bearer", "access_token": "a", "refresh_token": "r"}""",
        """{"auth_time": 1767600000, "token_type": null, "access_token": "a", "refresh_token": null}""",
        """{"access_token": "a", "expires_at": 1767603600.5, "scope": "user-read-private,user-library-read streaming"}""",
        """{"access_token": "a", "expires": "3600", "auth_time": 1767600000, "scopes": ["streaming"]}""",
        "{}", "null", null, "\"{\\\"access_token\\\": \\\"inner\\\"}\"", "[1, 2]", """{"access_token": 5, "expires_at": "NaN", "auth_time": -1}""",
    ];

    private readonly Random random = new(seed);
    private readonly List<JsonNode> profiles =
        [.. JsonNode.Parse(Repository.Read("contract/vectors/legacy-rows.json"))!["cases"]!.AsArray().Select(c => c!).Where(c => c["row"] is JsonObject row && IsStorable(row))];
    private readonly List<Fact> facts = [];
    private long nextId;

    /// <summary>Makes at least so many.</summary>
    public IReadOnlyList<Fact> Make(int count)
    {
        var kinds = new Action[]
        {
            () => Add(p => p),
            () => Add(p => p with { Profile = null }, profile: false),
            () => Add(p => p with { Password = "!" + new string('x', 40), Typed = null, Token = null, LastLogin = null }, proved: false),
            () => Add(p => p with { IsActive = false, LastLogin = null }, state: "pending", proved: false),
            () => Add(p => p with { IsActive = false }, state: "disabled", proved: false),
            () => Add(p => p with { IsActive = false, LastLogin = null, Password = "!", Typed = null }, state: "disabled", proved: false),
            () => Add(p => p with { IsActive = false, LastLogin = null, Links = Link(p) }, state: "disabled", proved: false),
            () => Add(p => p with { Links = Link(p) }),
            () => Add(p => p with { Links = [.. Link(p), .. Link(p with { Id = -p.Id })] }),
            () => Add(p => p with { Username = $"{p.Username}.with@odd+chars and spaces" }),
            () => Add(p => p with { Username = $"{p.Username}{new string('ä', 100)}שלום" }),
            () => Add(p => p with { Username = new string("\u3000 \t\u2003\u00A0"[(int)(p.Id % 5)], (int)(p.Id % 140) + 1) + (p.Id > 140 * 5 ? "x" + p.Id : "") }),
            () => Add(p => p with { Email = $"no address {p.Id}" }, owns: false, proved: false),
            () => Add(p => p with { Email = new string(' ', facts.Count(f => f.Email is null)) }, owns: false, proved: false),
            () => Add(p => p with { Email = $"Upper.Case{p.Id}@Example.COM" }),
            () => Add(p => p with { Password = "broken$" + p.Id, Typed = null }, proved: false),
            () => Add(p => p with { Password = Algorithms[p.Id % Algorithms.Length].Stored, Typed = Algorithms[p.Id % Algorithms.Length].Typed }),
            () => Add(p => p with { FirstName = " Zoë ", LastName = "O'Hara", IsStaff = true }),
            AddTwins,
        };
        while (facts.Count < count) kinds[facts.Count % 3 == 0 ? random.Next(kinds.Length) : facts.Count % kinds.Length]();
        return facts;
    }

    // Names and addresses that differ in case only. The later sign-in holds both keys, unless only the other is proved.
    private void AddTwins()
    {
        var name = $"twin{nextId + 1}";
        var firstIsProved = random.Next(2) == 0;
        var firstHolds = firstIsProved;
        Add(
            p => p with { Username = name, Email = name + "@example.com", LastLogin = "2026-01-01Z", IsActive = firstIsProved },
            state: firstIsProved ? "active" : "disabled", proved: firstIsProved, holds: firstHolds, owns: firstHolds);
        Add(
            p => p with { Username = name.ToUpperInvariant(), Email = name + "@EXAMPLE.com", LastLogin = "2026-02-01Z", IsActive = !firstIsProved },
            state: firstIsProved ? "disabled" : "active", proved: !firstIsProved, holds: !firstHolds, owns: !firstHolds);
    }

    private void Add(Func<OldPerson, OldPerson> change, string state = "active", bool proved = true, bool owns = true, bool holds = true, bool profile = true)
    {
        nextId++;
        var vector = profile ? profiles[(int)(nextId % profiles.Count)] : null;
        var person = change(OldPerson.Typical(nextId) with { Profile = vector is null ? null : Columns(vector["row"]!.AsObject()) });
        var hasName = person.Username.Trim().Length > 0 && person.Username.Any(c => !char.IsWhiteSpace(c));
        if (facts.Any(f => f.Person.Username == person.Username)) person = person with { Username = person.Username + nextId };
        hasName |= person.Username.Any(char.IsAsciiDigit);
        facts.Add(new(person, state, hasName, holds, owns, proved && owns, vector?["countsAsOnboarded"]!.GetValue<bool>() ?? false, vector));
    }

    // Vectors of others are in DjangoPasswordTests; their passwords are words that any log line holds.
    private static string Argon2Text(bool isMixed, int version)
    {
        var tag = Argon2.Derive(new(isMixed, version, 64, 2, 2), "the argon2 password"u8.ToArray(), "somesalt"u8.ToArray(), 32);
        return $"argon2${(isMixed ? "argon2id" : "argon2i")}${(version == 0x10 ? "" : "v=19$")}m=64,t=2,p=2$c29tZXNhbHQ${Convert.ToBase64String(tag).TrimEnd('=')}";
    }

    private IReadOnlyList<(string Provider, string Uid, string? ExtraData)> Link(OldPerson p) => [("spotify", $"Spotify-{p.Id}", ExtraData[random.Next(ExtraData.Count)])];

    private static Dictionary<string, string?> Columns(JsonObject row) => row.ToDictionary(
        c => c.Key,
        c => c.Value is null ? null : c.Key.StartsWith("favorite_", StringComparison.Ordinal) || c.Key == "custom_data" ? c.Value.ToJsonString() : c.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Whether the old table could hold the row at all: its columns have types.</summary>
    private static bool IsStorable(JsonObject row) => row.All(c => c.Key switch
    {
        _ when c.Value is null => !c.Key.StartsWith("favorite_", StringComparison.Ordinal) && c.Key is not ("custom_data" or "location" or "bio" or "tagline" or "display_name" or "avatar_url"),
        "city_lat" or "city_lng" => c.Value.ToString() is "NaN" or "Infinity" or "-Infinity" || c.Value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "onboarding_completed_at" => c.Value.ToString() is ['2', '0', ..],
        "name" or "display_name" or "avatar_url" => c.Value.GetValueKind() == System.Text.Json.JsonValueKind.String && c.Value.ToString().Length <= 200,
        "tagline" => c.Value.GetValueKind() == System.Text.Json.JsonValueKind.String && c.Value.ToString().Length <= 280,
        "location" => c.Value.GetValueKind() == System.Text.Json.JsonValueKind.String && c.Value.ToString().Length <= 120,
        "bio" => c.Value.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "custom_data" => !c.Value.ToJsonString().Contains("\\u0000", StringComparison.Ordinal) && !HasLoneSurrogate(c.Value.ToJsonString()),
        _ => c.Key.StartsWith("favorite_", StringComparison.Ordinal) && !c.Value.ToJsonString().Contains("\\u0000", StringComparison.Ordinal) && !HasLoneSurrogate(c.Value.ToJsonString()),
    });

    private static bool HasLoneSurrogate(string json) => json.Contains("\\uD8", StringComparison.OrdinalIgnoreCase) || json.Contains('\uFFFD', StringComparison.Ordinal);
}
