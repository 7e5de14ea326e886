using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Catalogue;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Juke.Server.JukeApi;

/// <summary>Other people, as shipped apps look for them: search, globe, who is there now, everybody (legacy-wire A.7, A.8).</summary>
internal static class PeopleRoutes
{
    private const int SearchLimit = 10;

    private const int MostOnGlobe = 10_000;

    /// <summary>How long somebody counts as there: a session in use is marked about once an hour.</summary>
    private static readonly TimeSpan Presence = TimeSpan.FromMinutes(75);

    private static readonly Problem NotListed = new(ProblemCode.MethodNotAllowed, "Music profiles cannot be listed. Use the search endpoint instead.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/music-profiles/search/", async (HttpContext http, NpgsqlDataSource database, CancellationToken cancellation) =>
            (await SearchAsync(http.Request.Query["q"] is [.., var q] ? q ?? "" : "", database, cancellation)).Answer(JukeJson.Plain.FoundProfiles))
        .WithName("searchMusicProfiles").WithSummary("People by a part of their name")
        .Gives(JukeJson.Plain.FoundProfiles)
        .Query("q", Value.Text(max: CitySearch.MaxLength), "A part of the username or of the display name, in any case; nothing finds nobody.")
        .Problems(ProblemCode.ValidationFailed);

        routes.MapGet("/api/v1/music-profiles/globe/", async (HttpContext http, NpgsqlDataSource database, CancellationToken cancellation) =>
            (await GlobeAsync(http.Request.Query, database, cancellation)).Answer(JukeJson.Plain.IReadOnlyListGlobePoint))
        .WithName("getGlobe").WithSummary("People with a place, by clout")
        .Gives(JukeJson.Plain.IReadOnlyListGlobePoint)
        .Query("min_lat", Value.Number(-90, 90, -90), "Degrees north.").Query("max_lat", Value.Number(-90, 90, 90), "Degrees north.")
        .Query("min_lng", Value.Number(-180, 180, -180), "Degrees east.").Query("max_lng", Value.Number(-180, 180, 180), "Degrees east.")
        .Query("zoom", Value.Integer(0, int.MaxValue, 1), "Up to 4 shows a clout from 0.5, up to 8 from 0.2, up to 12 from 0.05, then everybody.")
        .Query("limit", Value.Integer(1, MostOnGlobe, 5000), "How many at most.")
        .Problems(ProblemCode.ValidationFailed);

        routes.MapGet("/api/v1/music-profiles/", async (HttpContext http, NpgsqlDataSource database, Settings settings, TimeProvider time, CancellationToken cancellation) =>
        {
            if ((http.Request.Query["online"] is [.., var online] ? online : null)?.ToLowerInvariant() is not ("1" or "true" or "yes"))
            {
                http.Response.Headers.Allow = "GET, POST";
                return NotListed.Answer();
            }
            var page = PageQuery.Of(http.Request);
            var (rows, count) = await MusicProfileRows.ListSeenAsync(database, time.GetUtcNow() - Presence, page.Limit, page.Offset, cancellation);
            var (next, previous) = page.Links(http.Request, settings, count);
            var reader = CurrentUser.Of(http).Id;
            return Answers.Json(new MusicProfilePage(count, next, previous, [.. rows.Select(r => r.ToWire(r.UserId == reader))]), JukeJson.Plain.MusicProfilePage);
        })
        .WithName("listOnlineMusicProfiles").WithSummary("Who is there now")
        .WithDescription("Only with `online=true`: music profiles as such cannot be listed.")
        .Gives(JukeJson.Plain.MusicProfilePage)
        .Query("online", Value.Choice("true", "yes", "1"), "In any case.", required: true)
        .Query("limit", PageQuery.LimitValue, "How many at most.").Query("offset", PageQuery.OffsetValue, "How many to pass over.")
        .Problems(ProblemCode.MethodNotAllowed);

        routes.MapGet("/api/v1/users/", async (HttpContext http, NpgsqlDataSource database, Settings settings, CancellationToken cancellation) =>
        {
            var page = PageQuery.Of(http.Request);
            var (rows, count) = await People.ListAsync(database, page.Limit, page.Offset, cancellation);
            var (next, previous) = page.Links(http.Request, settings, count);
            return Answers.Json(new UserPage(count, next, previous, [.. rows.Select(r => Show(http, settings, r.Id, r.Username))]), JukeJson.Plain.UserPage);
        })
        .WithName("listUsers").WithSummary("Everybody, page by page")
        .Gives(JukeJson.Plain.UserPage)
        .Query("limit", PageQuery.LimitValue, "How many at most.").Query("offset", PageQuery.OffsetValue, "How many to pass over.");

        routes.MapGet("/api/v1/users/{user_id}/", async ([FromRoute(Name = "user_id")] string userId, HttpContext http, NpgsqlDataSource database, Settings settings, CancellationToken cancellation) =>
            long.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && await People.FindNameAsync(database, id, cancellation) is { } name
                ? Answers.Json(Show(http, settings, id, name), JukeJson.Plain.ListedUser)
                : new Problem(ProblemCode.NotFound, OldTexts.NotFound).Answer())
        .WithName("getUser").WithSummary("One user")
        .Path("user_id", Value.Id, "The id.")
        .Gives(JukeJson.Plain.ListedUser)
        .Problems(ProblemCode.NotFound);
    }

    private static async Task<Outcome<FoundProfiles>> SearchAsync(string q, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (q.Length > CitySearch.MaxLength) return Problem.Fields(("q", $"Ensure this field has no more than {CitySearch.MaxLength} characters."));
        if (!Contract.Text.IsWellFormed(q)) return Problem.Fields(("q", "Null characters are not allowed."));
        var text = Contract.Text.Normalize(q.Trim(), NormalizationForm.FormC);
        return new FoundProfiles(text.Length == 0 ? [] : await People.SearchAsync(database, text, Username.Key(text), SearchLimit, cancellation));
    }

    private static async Task<Outcome<IReadOnlyList<GlobePoint>>> GlobeAsync(IQueryCollection query, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        var lat = (Degrees("min_lat", -90), Degrees("max_lat", 90));
        var lng = (Degrees("min_lng", -180), Degrees("max_lng", 180));
        var zoom = Whole("zoom", 1, least: int.MinValue);
        var limit = Math.Min(Whole("limit", 5000, least: 1), MostOnGlobe);
        if (wrong.Count > 0)
        {
            const string text = "Invalid query parameters.";
            return new Problem(ProblemCode.ValidationFailed, text) { Errors = wrong.ToImmutableSortedDictionary(name => name, _ => new[] { text }, StringComparer.Ordinal) };
        }
        var clout = zoom switch { <= 4 => 0.5, <= 8 => 0.2, <= 12 => 0.05, _ => 0 };
        return Outcome<IReadOnlyList<GlobePoint>>.Of(await People.OnGlobeAsync(database, lat, lng, clout, limit, cancellation));

        double Degrees(string name, double otherwise)
        {
            if (query[name] is not [.., var text]) return otherwise;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees)) return degrees;
            wrong.Add(name);
            return 0;
        }

        int Whole(string name, int otherwise, int least)
        {
            if (query[name] is not [.., var text]) return otherwise;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least) return (int)Math.Min(number, int.MaxValue);
            wrong.Add(name);
            return 0;
        }
    }

    // Nobody's token, and nobody's address but one's own: the old list gave both of everybody to everybody.
    private static ListedUser Show(HttpContext http, Settings settings, long id, string username)
    {
        var reader = CurrentUser.Of(http).Account;
        var url = new Uri(settings.PublicUrl, string.Create(CultureInfo.InvariantCulture, $"/api/v1/users/{id}/")).AbsoluteUri;
        return new ListedUser(url, username, id == reader.Id ? reader.Email ?? "" : "", [], IsActive: true);
    }
}
