using System.Text.RegularExpressions;

namespace Juke.Contract.Profiles;

/// <summary>
/// An entry of <c>favorite_artists</c>, <c>_albums</c> or <c>_tracks</c>: five vocabularies of old clients become two, a
/// Spotify URI where the text names one, else a free-text name (contract §7; legacy-drift.md §4).
/// </summary>
public static partial class SpotifyReference
{
    /// <summary>Canonical form of an entry.</summary>
    /// <param name="kind"><c>artist</c>, <c>album</c> or <c>track</c>; what the list holds.</param>
    /// <param name="text">A bare 22-character id, a URI, an open.spotify.com address of this kind, or a name.</param>
    /// <returns><c>spotify:&lt;kind&gt;:&lt;id&gt;</c>, or the trimmed name.</returns>
    public static string Canonical(string kind, string text)
    {
        var trimmed = text.Trim();
        if (BareId.IsMatch(trimmed)) return $"spotify:{kind}:{trimmed}";
        var address = Address.Match(trimmed);
        return address.Success && address.Groups["kind"].ValueSpan.SequenceEqual(kind) ? $"spotify:{kind}:{address.Groups["id"].ValueSpan}" : trimmed;
    }

    // Ids are base 62 and 22 long: https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids
    [GeneratedRegex(@"\A[0-9A-Za-z]{22}\z")]
    private static partial Regex BareId { get; }

    // Shared links carry a language (intl-de) and a share id (?si=…).
    [GeneratedRegex(@"\A(?:https?://)?open\.spotify\.com/(?:intl-[a-z-]{2,10}/)?(?<kind>[a-z]+)/(?<id>[0-9A-Za-z]{22})/?(?:[?#].*)?\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Address { get; }
}
