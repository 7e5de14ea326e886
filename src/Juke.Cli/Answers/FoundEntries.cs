using System.Text.Json.Nodes;
using Juke.Client;
using Juke.Contract;

namespace Juke.Cli.Answers;

/// <summary>One entry that a search found: what is read, and what is saved.</summary>
internal sealed record Found(string Label, JsonObject Payload);

/// <summary>What the type-ahead steps offer: matches, and the text as it was typed, so that nobody is left without an answer.</summary>
internal sealed class FoundEntries(Run run)
{
    private const int Most = 8;

    public async Task<IReadOnlyList<Found>> ForAsync(string kind, string text) =>
        kind == StepKind.City
            ? [.. (await run.Session.Juke.SearchCitiesAsync(text, Most, run.Cancellation)).Results.Select(c => new Found(
                string.Join(", ", new[] { c.Name, c.Region, c.Country }.Where(p => !string.IsNullOrEmpty(p))),
                new JsonObject { ["location"] = c.Name, ["city_lat"] = c.Lat, ["city_lng"] = c.Lng })), AsTyped("location", text)]
            : [.. await ArtistsAsync(text), AsTyped("favorite_artists", text)];

    private async Task<IEnumerable<Found>> ArtistsAsync(string text)
    {
        try
        {
            return (await run.Session.Juke.SearchArtistsAsync(text, run.Cancellation)).Results.Take(Most)
                .Select(a => new Found(a.Name, new JsonObject { ["favorite_artists"] = new JsonArray("spotify:artist:" + a.SpotifyId) }));
        }
        catch (ProblemException e) when (e.IsTransient)
        {
            return []; // Spotify is away: the text as typed is still an answer.
        }
    }

    private static Found AsTyped(string field, string text) =>
        new($"“{text}”, as I wrote it", new JsonObject { [field] = field == "location" ? text : new JsonArray(text) });
}
