using System.Globalization;
using System.Text;
using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Plumbing;
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

    /// <summary>For a person who has not chosen yet: the same on every device, as long as nobody takes it.</summary>
    public Task<string> ForAsync(Account account, CancellationToken cancellation)
    {
        // A generator of the account's own, so that asking again suggests the same. It guards nothing, so it may be guessed.
        var choices = new Random((int)(account.Id % int.MaxValue));
        var name = FromDisplayName(account.Name);
        return name is null ? FreeAsync(n => Words(n, choices), cancellation) : FreeAsync(n => n == 0 ? name : Numbered(name, choices), cancellation);
    }

    /// <summary>For a person whose choice is taken: the refusal, with a free name like it.</summary>
    public async Task<Problem> TakenAsync(string taken, CancellationToken cancellation) =>
        new(ProblemCode.UsernameTaken, "Username already taken") { Suggestion = await FreeAsync(_ => Numbered(taken, Random.Shared), cancellation) };

    /// <summary>The letters, digits, <c>_</c> and <c>-</c> of a display name, spaces as <c>_</c>; null when too little is left.</summary>
    public static string? FromDisplayName(string? displayName)
    {
        if (displayName is null || !Text.IsWellFormed(displayName)) return null;
        var name = new StringBuilder();
        var afterLetter = false;
        foreach (var rune in Text.Normalize(displayName, NormalizationForm.FormC).EnumerateRunes())
        {
            // Marks are the vowels of Hindi, Thai and others: without them another name would be left.
            afterLetter = Rune.IsLetter(rune) || (afterLetter && IsMark(rune));
            if (afterLetter || Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-') name.Append(rune.ToString());
            else if (Rune.IsWhiteSpace(rune) && name.Length > 0 && name[^1] != '_') name.Append('_');
            if (name.Length >= 30) break;
        }
        return Username.Check(name.ToString().Trim('_', '-'), out var canonical) is null ? canonical : null;
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private async Task<string> FreeAsync(Func<int, string> candidate, CancellationToken cancellation)
    {
        for (var round = 0; ; round++)
        {
            var names = Enumerable.Range(0, 12).Select(candidate).Distinct(StringComparer.Ordinal)
                .Where(n => Username.Check(n, out _) is null).ToArray();
            var free = await Users.FirstFreeUsernameAsync(database, names, [.. names.Select(Username.Key)], cancellation);
            if (free is not null) return free;
            // Two rounds of a dozen all taken: a very common name. Words with a long number always end the search.
            if (round >= 1) candidate = _ => Words(0, Random.Shared) + Random.Shared.Next(100_000, 10_000_000);
        }
    }

    private static string Words(int n, Random choices) =>
        $"{First[choices.Next(First.Length)]}_{Second[choices.Next(Second.Length)]}" + (n < 3 ? "" : choices.Next(2, 1000).ToString());

    private static string Numbered(string name, Random choices)
    {
        var number = choices.Next(2, 10_000).ToString();
        var room = Username.MaxLength - number.Length;
        return string.Concat(name.EnumerateRunes().Take(room).Select(r => r.ToString())) + number;
    }
}
