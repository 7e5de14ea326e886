using System.Globalization;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Catalogue;
using Juke.Server.Plumbing;

namespace Juke.Server.JukeApi;

/// <summary>What the wizard asks about, as shipped clients call it (legacy-wire A.8): genres, cities, artists.</summary>
internal static class CatalogueRoutes
{
    private const int ArtistLimit = 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/genres/featured/", (TopArtists artists) => Answers.Json(artists.Now, JukeJson.Plain.IReadOnlyListFeaturedGenre))
            .WithName("featuredGenres").WithSummary("The genres that onboarding offers")
            .Gives(JukeJson.Plain.IReadOnlyListFeaturedGenre);

        routes.MapGet("/api/v1/cities/", (HttpContext http) => Cities(http.Request.Query).Answer(JukeJson.Plain.CityResults))
            .WithName("searchCities").WithSummary("Cities by what a person types, best match first")
            .Gives(JukeJson.Plain.CityResults)
            .Query("q", Value.Text(max: CitySearch.MaxLength), "What was typed; nothing finds nothing.")
            .Query("limit", Value.Integer(1, CitySearch.MaxLimit, CitySearch.DefaultLimit), "How many at most.")
            .Problems(ProblemCode.ValidationFailed);

        routes.MapGet("/api/v1/artists/", async (HttpContext http, IArtistSearch search, Settings settings, TimeProvider time, CancellationToken cancellation) =>
            (await ArtistsAsync(http.Request.Query, search, settings.PublicUrl, time.GetUtcNow(), cancellation)).Answer(JukeJson.Plain.ArtistResults))
            .WithName("searchArtists").WithSummary("Artists by name, in the shape of the old catalogue")
            .Gives(JukeJson.Plain.ArtistResults)
            .Query("q", Value.Text(max: CitySearch.MaxLength), "A name or the beginning of one; not blank.", required: true)
            .Problems(ProblemCode.BadRequest, ProblemCode.ValidationFailed);
    }

    /// <summary>An artist of the provider as the old catalogue showed it. <c>url</c> keeps its old form; nothing is served there.</summary>
    public static Artist Show(FoundArtist found, Uri publicUrl, DateTimeOffset now)
    {
        var pk = CatalogueIds.Pk(found.SpotifyId);
        return new Artist(
            new Uri(publicUrl, string.Create(CultureInfo.InvariantCulture, $"/api/v1/artists/{pk}/")).AbsoluteUri,
            pk, CatalogueIds.JukeId(found.SpotifyId), found.SpotifyId, now, now,
            new ArtistSpotifyData("artist", "spotify:artist:" + found.SpotifyId, found.Popularity, found.Followers, found.Images, found.Genres),
            new Dictionary<string, string>(StringComparer.Ordinal), found.Name, Mbid: null, found.Genres);
    }

    private static Outcome<CityResults> Cities(IQueryCollection query)
    {
        var limit = CitySearch.DefaultLimit;
        if (Last(query, "limit") is { Length: > 0 } asked
            && !(int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= CitySearch.MaxLimit))
            return Problem.Fields(("limit", $"'limit' must be a whole number from 1 to {CitySearch.MaxLimit}."));
        var q = Last(query, "q") ?? "";
        return Unreadable(q) ?? (Outcome<CityResults>)new CityResults(CitySearch.Find(q, limit));
    }

    private static async Task<Outcome<ArtistResults>> ArtistsAsync(
        IQueryCollection query, IArtistSearch search, Uri publicUrl, DateTimeOffset now, CancellationToken cancellation)
    {
        var q = Last(query, "q")?.Trim() ?? "";
        if (q.Length == 0) return new Problem(ProblemCode.BadRequest, "Missing search parameter 'q'.");
        if (Unreadable(q) is { } problem) return problem;
        var found = await search.FindAsync(q, ArtistLimit, cancellation);
        var href = new Uri(publicUrl, "/api/v1/artists/?external=true&q=" + Uri.EscapeDataString(q)).AbsoluteUri;
        return new ArtistResults(href, [.. found.Select(f => Show(f, publicUrl, now))], ArtistLimit, found.Count, Offset: 0, Previous: null);
    }

    // A parameter that is there twice means its last value, as it did in Django.
    private static string? Last(IQueryCollection query, string name) => query[name] is [.., var last] ? last : null;

    private static Problem? Unreadable(string q)
    {
        if (q.Length > CitySearch.MaxLength) return Problem.Fields(("q", $"'q' must be at most {CitySearch.MaxLength} characters."));
        return Text.IsWellFormed(q) ? null : Problem.Fields(("q", "'q' contains characters that cannot be read."));
    }
}
