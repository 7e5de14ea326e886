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
            var outcome = await read.ByUsernameAsync(username, cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answer(http, outcome.Value);
        })
        .WithName("getMusicProfile").WithSummary("Somebody's music profile, by username")
        .Gives(JukeJson.Plain.MusicProfile)
        .Path("username", Value.Text(), "The name, in any case.")
        .Header("If-None-Match", Value.Text(), ReadTag).GivesHeader("ETag", Tag)
        .Problems(ProblemCode.NotFound);
    }

    private static void Save(string name, Func<string, Delegate, RouteHandlerBuilder> map) =>
        map("/api/v1/music-profiles/me/", async (HttpContext http, SaveAnswers save, CancellationToken cancellation) =>
        {
            var body = await RequestBody.ReadAsync(http, cancellation);
            if (body.Failed) return body.Problem.Answer();
            var outcome = await save.RunAsync(CurrentUser.Of(http).Account, body.Value, IfMatch(http), cancellation);
            return outcome.Failed ? outcome.Problem.Answer() : Answer(http, outcome.Value);
        })
        .WithMetadata(JsonBody.WholeProfile)
        .WithName(name).WithSummary("Save answers: absent keys stay, custom_data is merged")
        .Takes(JukeJson.Plain.MusicProfileSave)
        .Gives(JukeJson.Plain.MusicProfile)
        .Header("If-Match", Value.Text(), "The ETag of what was read: saves only if nobody saved since. Absent or `*`: saves in any case.").GivesHeader("ETag", Tag)
        .Problems(ProblemCode.PreconditionFailed);

    private static IResult Answer(HttpContext http, MusicProfileRow row)
    {
        var isOwner = row.UserId == CurrentUser.Of(http).Id;
        // Another reader sees another text, so the tag differs too.
        var tag = isOwner ? $"\"{row.Revision}\"" : $"\"{row.Revision}-public\"";
        http.Response.Headers.ETag = tag;
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.IfNoneMatch.ToString() == tag) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return Answers.Json(row.ToWire(isOwner), JukeJson.Plain.MusicProfile);
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
