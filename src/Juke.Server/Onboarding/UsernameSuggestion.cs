using System.Security.Cryptography;
using System.Text;
using Juke.Contract;
using Juke.Server.Data;
using Npgsql;

namespace Juke.Server.Onboarding;

/// <summary>
/// A free name to start from: out of the display name, else of neutral words. Never out of an address or a provider's id,
/// which would publish what the person told in private (contract §4).
/// </summary>
internal sealed class UsernameSuggestion(NpgsqlDataSource database)
{
    private static readonly string[] First =
        ["amber", "bright", "calm", "clever", "cosmic", "crisp", "dusty", "electric", "golden", "happy", "indigo", "jolly", "lucky", "mellow", "misty", "neon", "quiet", "silver", "sunny", "velvet"];

    private static readonly string[] Second =
        ["bass", "beat", "chord", "chorus", "cymbal", "disco", "echo", "encore", "groove", "harmony", "lyric", "melody", "piano", "rhythm", "riff", "solo", "tempo", "tune", "vinyl", "waltz"];

    /// <summary>For a person who has not chosen yet.</summary>
    public Task<string> ForAsync(string? displayName, CancellationToken cancellation)
    {
        var name = FromDisplayName(displayName);
        return name is null ? FreeAsync(Words, cancellation) : FreeAsync(n => n == 0 ? name : Numbered(name), cancellation);
    }

    /// <summary>For a person whose choice is taken.</summary>
    public Task<string> LikeAsync(string taken, CancellationToken cancellation) => FreeAsync(_ => Numbered(taken), cancellation);

    /// <summary>The letters, digits, <c>_</c> and <c>-</c> of a display name, spaces as <c>_</c>; null when too little is left.</summary>
    public static string? FromDisplayName(string? displayName)
    {
        if (displayName is null || !Text.IsWellFormed(displayName)) return null;
        var name = new StringBuilder();
        foreach (var rune in displayName.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-') name.Append(rune.ToString());
            else if (Rune.IsWhiteSpace(rune) && name.Length > 0 && name[^1] != '_') name.Append('_');
            if (name.Length >= 30) break;
        }
        return Username.Check(name.ToString().Trim('_', '-'), out var canonical) is null ? canonical : null;
    }

    private async Task<string> FreeAsync(Func<int, string> candidate, CancellationToken cancellation)
    {
        for (var round = 0; ; round++)
        {
            var names = Enumerable.Range(0, 12).Select(candidate).Distinct(StringComparer.Ordinal)
                .Where(n => Username.Check(n, out _) is null).ToArray();
            var free = await Users.FirstFreeUsernameAsync(database, names, [.. names.Select(Username.Key)], cancellation);
            if (free is not null) return free;
            // Two rounds of a dozen all taken: a very common name. Words with a long number always end the search.
            if (round >= 1) candidate = _ => Words(0) + RandomNumberGenerator.GetInt32(100_000, 10_000_000);
        }
    }

    private static string Words(int n) =>
        $"{First[RandomNumberGenerator.GetInt32(First.Length)]}_{Second[RandomNumberGenerator.GetInt32(Second.Length)]}"
        + (n < 3 ? "" : RandomNumberGenerator.GetInt32(2, 1000).ToString());

    private static string Numbered(string name)
    {
        var number = RandomNumberGenerator.GetInt32(2, 10_000).ToString();
        var runes = name.EnumerateRunes().ToArray();
        var room = Username.MaxLength - number.Length;
        return string.Concat(runes.Take(room).Select(r => r.ToString())) + number;
    }
}
