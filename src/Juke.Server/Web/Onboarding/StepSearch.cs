using System.Globalization;
using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Server.Catalogue;

namespace Juke.Server.Web.Onboarding;

/// <summary>One entry to choose: what the form sends, and what the person reads.</summary>
/// <param name="Value">Value of the input.</param>
/// <param name="Title">Name.</param>
/// <param name="Detail">What tells it from others of that name, or null.</param>
public sealed record Found(string Value, string Title, string? Detail);

/// <summary>What the type-ahead steps offer: matches, what was typed as it stands, and what is chosen already.</summary>
internal sealed class StepSearch(IArtistSearch artists)
{
    private const int Most = 8;
    private const string SpotifyArtist = "spotify:artist:";

    public async Task<IReadOnlyList<Found>> FindAsync(string kind, string query, CanonicalProfile profile, CancellationToken cancellation)
    {
        if (kind is not (StepKind.Artist or StepKind.City)) return [];
        var text = Text.IsWellFormed(query) ? query.Trim() : "";
        if (text.Length > CitySearch.MaxLength) text = "";
        var found = new List<Found>();
        if (text.Length > 0)
        {
            found.AddRange(kind == StepKind.City
                ? CitySearch.Find(text, Most).Select(c => new Found(
                    StepAnswer.CityValue(c.Name, c.Lat, c.Lng), c.Name, string.Join(", ", new[] { c.Region, c.Country }.Where(p => !string.IsNullOrEmpty(p)))))
                : (await artists.FindAsync(text, Most, cancellation)).Select(a => new Found(SpotifyArtist + a.SpotifyId, a.Name, null)));
            // Nobody is left without an answer because a list does not know it.
            if (!found.Exists(f => f.Detail is null && f.Title == text))
                found.Add(new Found(kind == StepKind.City ? StepAnswer.CityValue(text, null, null) : text, string.Format(CultureInfo.InvariantCulture, Texts.Search_AsTyped, text), null));
        }
        if (StoredValue(kind, profile) is { } chosen && !found.Exists(f => f.Value == chosen))
            found.Insert(0, new Found(chosen, kind == StepKind.City ? profile.Location : await NameAsync(chosen, cancellation), Texts.Search_Chosen));
        return found;
    }

    private static string? StoredValue(string kind, CanonicalProfile profile) => kind == StepKind.City
        ? profile.Location.Length == 0 ? null : StepAnswer.CityValue(profile.Location, profile.City?.Latitude, profile.City?.Longitude)
        : profile.FavoriteArtists is [var artist, ..] ? artist : null;

    // A URI says nothing to a person. Where Spotify does not answer, at least it is clear that something is chosen.
    private async Task<string> NameAsync(string artist, CancellationToken cancellation) =>
        artist.StartsWith(SpotifyArtist, StringComparison.Ordinal) ? await artists.NameAsync(artist[SpotifyArtist.Length..], cancellation) ?? Texts.Search_Artist_Unnamed : artist;
}
