using System.Text.Json;
using Juke.Contract;
using Juke.Server.Plumbing;

namespace Juke.Server.Spotify;

/// <summary>An artist of Spotify's search.</summary>
internal sealed record SpotifyArtist(string Id, string Name, int Popularity, int Followers, IReadOnlyList<string> Images, IReadOnlyList<string> Genres);

/// <summary>Reads Spotify's bodies. Fields come and go with the app's mode and the month (changes/february-2026, may-2026): all are optional.</summary>
internal static class SpotifyJson
{
    /// <summary>Tokens are opaque, but have to fit a header.</summary>
    public static bool IsToken(string text) => text.Length is > 0 and <= 4096 && text.All(c => c is > ' ' and < '\u007f');

    /// <summary>Null when there is no access token in it.</summary>
    public static SpotifyTokens? Tokens(ProviderReply reply)
    {
        if (reply.Json() is not { } json || json.Text("access_token", 4096) is not { } access || !IsToken(access)) return null;
        var seconds = json.Whole("expires_in");
        return new SpotifyTokens(
            access, seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds.Value) : null, json.Text("refresh_token", 4096),
            json.Text("scope", 4096)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
    }

    /// <summary>Null when there is no id in it at all.</summary>
    public static ProviderPerson? Person(ProviderReply reply)
    {
        if (reply.Json() is not { } json) return null;
        // account_id is the only id that never changes (changes/may-2026); before that there was only id.
        var (subject, id) = (json.Text("account_id", 255), json.Text("id", 255));
        if (subject is null && id is null) return null;
        return new ProviderPerson(ProviderPerson.Spotify, subject, id)
        {
            // "This email address is unverified; there is no proof that it actually belongs to the user."
            Email = json.Text("email", 1000) is { } email && EmailAddress.Check(email, out var address) is null ? address : null,
            EmailWord = EmailWord.Hint,
            Name = json.Text("display_name", 200)?.Trim() is { Length: > 0 } name ? name : null,
            Image = json.List("images").Select(i => i.Https("url")).FirstOrDefault(url => url is not null),
        };
    }

    /// <summary>Null when it is no page of artists. Artists without a usable id or name are left out.</summary>
    public static SpotifyArtist[]? Artists(ProviderReply reply) =>
        reply.Json()?.Member("artists") is { } page && page.Member("items") is not null
            ? [.. page.List("items").Select(Artist).OfType<SpotifyArtist>()]
            : null;

    /// <summary>Null when it is no artist.</summary>
    public static SpotifyArtist? Artist(ProviderReply reply) => reply.Json() is { } json ? Artist(json) : null;

    private static SpotifyArtist? Artist(JsonElement a) =>
        a.Text("id", 22) is { } id && IsId(id) && a.Text("name", 200) is { } name
            ? new SpotifyArtist(
                id, name,
                (int)Math.Clamp(a.Whole("popularity") ?? 0, 0, 100),
                (int)Math.Clamp(a.Member("followers")?.Whole("total") ?? 0, 0, int.MaxValue),
                [.. a.List("images").Select(i => i.Https("url")).OfType<string>()],
                [.. a.List("genres").Select(g => g.Text(100)).OfType<string>()])
            : null;

    private static bool IsId(string text) => text.Length == 22 && text.All(char.IsAsciiLetterOrDigit);
}
