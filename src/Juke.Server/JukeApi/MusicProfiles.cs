using System.Globalization;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Onboarding;
using Juke.Server.Plumbing;
using Juke.Server.Profiles;

namespace Juke.Server.JukeApi;

/// <summary>The music profile as shipped apps call it: <c>/api/v1/music-profiles/…</c> (legacy-wire.md A.7).</summary>
internal static class MusicProfiles
{
    private const string Tag = "Names this state of the profile, for If-Match and If-None-Match.";
    private const string SaveTag = "The ETag of what was read: saves only if nobody saved since. Absent or `*`: saves in any case.";
    private const string NamePath = "The name as it is written, percent-encoded; case counts.";
    private const string ReadTag = "The ETag of what was read: 304 without a body if it is still the same.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/music-profiles/me/", async (HttpContext http, ReadMusicProfile read, CancellationToken cancellation) =>
            Answer(http, await read.OwnAsync(CurrentUser.Of(http).Id, cancellation)))
        .WithName("getMyMusicProfile").WithSummary("The caller's music profile")
        .Gives(JukeJson.Plain.MusicProfile)
        .Header("If-None-Match", Value.Text(), ReadTag).GivesHeader("ETag", Tag);

        // POST and PUT act exactly as PATCH (contract §7): shipped clients and the seed use all three.
        Save("saveMyMusicProfile", routes.MapPatch);
        Save("postMyMusicProfile", routes.MapPost);
        Save("putMyMusicProfile", routes.MapPut);

        routes.MapGet("/api/v1/music-profiles/{username}/", async (string username, HttpContext http, ReadMusicProfile read, CancellationToken cancellation) =>
        {
            var outcome = await FindAsync(username, http, read, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answer(http, outcome.Value);
        })
        .WithName("getMusicProfile").WithSummary("Somebody's music profile, by username")
        .Gives(JukeJson.Plain.MusicProfile)
        .Path("username", Value.Text(), NamePath)
        .Header("If-None-Match", Value.Text(), ReadTag).GivesHeader("ETag", Tag)
        .Problems(ProblemCode.NotFound);

        routes.MapPatch("/api/v1/music-profiles/{username}/", async (string username, HttpContext http, ReadMusicProfile read, SaveAnswers save, CancellationToken cancellation) =>
        {
            var found = await FindAsync(username, http, read, cancellation);
            if (found.Failed) return found.Problem.Answer();
            if (found.Value.UserId != CurrentUser.Of(http).Id) return new Problem(ProblemCode.Forbidden, OldTexts.NotAllowed).Answer();
            return await SaveAsync(http, save, cancellation);
        })
        .WithMetadata(JsonBody.WholeProfile)
        .WithName("saveMusicProfile").WithSummary("Save answers under one's own name, as at `me/`")
        .Takes(JukeJson.Plain.MusicProfileSave)
        .Gives(JukeJson.Plain.MusicProfile)
        .Path("username", Value.Text(), NamePath)
        .Header("If-Match", Value.Text(), SaveTag).GivesHeader("ETag", Tag)
        .Problems(ProblemCode.PreconditionFailed, ProblemCode.NotFound, ProblemCode.Forbidden);

        routes.MapPost("/api/v1/music-profiles/", async (HttpContext http, CreateMusicProfile create, CancellationToken cancellation) =>
        {
            var body = await RequestBody.ReadAsync(http, cancellation);
            if (body.Failed) return body.Problem.Answer();
            var outcome = await create.RunAsync(CurrentUser.Of(http).Account, body.Value, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answer(http, outcome.Value, StatusCodes.Status201Created);
        })
        .WithMetadata(JsonBody.WholeProfile)
        .WithName("createMusicProfile").WithSummary("The first save of a profile; later ones are refused here")
        .Takes(JukeJson.Plain.MusicProfileSave)
        .Gives(JukeJson.Plain.MusicProfile, StatusCodes.Status201Created).GivesHeader("ETag", Tag)
        .Problems(ProblemCode.ProfileExists);
    }

    // Routing leaves %2F as it is, so that it cannot be told from a name that holds these three characters: that one first.
    private static async Task<Outcome<MusicProfileRow>> FindAsync(string username, HttpContext http, ReadMusicProfile read, CancellationToken cancellation)
    {
        var reader = CurrentUser.Of(http).Id;
        var outcome = await read.ByUsernameAsync(username, reader, cancellation);
        return outcome.Failed && username.Contains("%2F", StringComparison.OrdinalIgnoreCase)
            ? await read.ByUsernameAsync(username.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), reader, cancellation)
            : outcome;
    }

    private static async Task<IResult> SaveAsync(HttpContext http, SaveAnswers save, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(http, cancellation);
        if (body.Failed) return body.Problem.Answer();
        var outcome = await save.RunAsync(CurrentUser.Of(http).Account, body.Value, IfMatch(http), cancellation);
        return outcome.Failed ? outcome.Problem.Answer() : Answer(http, outcome.Value);
    }

    private static void Save(string name, Func<string, Delegate, RouteHandlerBuilder> map) =>
        map("/api/v1/music-profiles/me/", (HttpContext http, SaveAnswers save, CancellationToken cancellation) => SaveAsync(http, save, cancellation))
        .WithMetadata(JsonBody.WholeProfile)
        .WithName(name).WithSummary("Save answers: absent keys stay, custom_data is merged")
        .Takes(JukeJson.Plain.MusicProfileSave)
        .Gives(JukeJson.Plain.MusicProfile)
        .Header("If-Match", Value.Text(), SaveTag).GivesHeader("ETag", Tag)
        .Problems(ProblemCode.PreconditionFailed);

    private static IResult Answer(HttpContext http, MusicProfileRow row, int status = StatusCodes.Status200OK)
    {
        var isOwner = row.UserId == CurrentUser.Of(http).Id;
        // Another reader sees another text, so the tag differs too.
        var tag = isOwner ? $"\"{row.Revision}\"" : $"\"{row.Revision}-public\"";
        http.Response.Headers.ETag = tag;
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.IfNoneMatch.ToString() == tag) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return Answers.Json(row.ToWire(isOwner), JukeJson.Plain.MusicProfile, status);
    }

    /// <summary>The revision that the caller has read; null without <c>If-Match</c> or with <c>*</c>; -1 for a tag that was never ours.</summary>
    private static int? IfMatch(HttpContext http)
    {
        var text = http.Request.Headers.IfMatch.ToString().Trim();
        if (text.Length == 0 || text == "*") return null;
        if (text.StartsWith("W/", StringComparison.Ordinal)) text = text[2..];
        return int.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : -1;
    }
}
