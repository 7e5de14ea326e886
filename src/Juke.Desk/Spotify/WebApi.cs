using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.Spotify;

/// <summary><c>/v1/me</c>, <c>/v1/search</c> and <c>/v1/artists/{id}</c> (reference A5 to A7): nested errors, and plain text where Spotify sends plain text.</summary>
internal sealed class WebApi(SpotifyStandIn spotify)
{
    /// <summary>Adds its routes.</summary>
    public void Map(Listener listener)
    {
        listener.Endpoint("me", HttpMethods.Get, "/v1/me", MeAsync);
        listener.Endpoint("search", HttpMethods.Get, "/v1/search", SearchAsync);
        listener.Endpoint("artist", HttpMethods.Get, "/v1/artists/{id}", ArtistAsync);
    }

    private async Task ArtistAsync(HttpContext context)
    {
        if (await BearerAsync(context) is null) return;
        if (Artists.ById(context.Request.RouteValues["id"] as string, spotify.Mode == SpotifyMode.Extended) is { } artist) await Reply.JsonAsync(context, artist);
        else await Reply.NestedErrorAsync(context, StatusCodes.Status404NotFound, "Resource not found");
    }

    private async Task MeAsync(HttpContext context)
    {
        if (await BearerAsync(context) is not { } grant) return;
        if (grant.Person is not { } person)
        {
            // Which of 401 and 403 the real one gives is not confirmed (reference F).
            await Reply.NestedErrorAsync(context, StatusCodes.Status401Unauthorized, "Invalid access token");
            return;
        }
        if (person.AtMe is { } fault) await fault.AnswerAsync(context);
        else await Reply.JsonAsync(context, Profile(person, SpotifyStandIn.Split(grant.Scope)));
    }

    private JsonObject Profile(SpotifyPerson person, string[] scopes)
    {
        var profile = new JsonObject
        {
            ["display_name"] = person.DisplayName,
            ["external_urls"] = new JsonObject { ["spotify"] = $"https://open.spotify.com/user/{person.Id}" },
            ["href"] = $"https://api.spotify.com/v1/users/{person.Id}",
            ["id"] = person.Id,
            ["images"] = person.ImageUrl is { } url ? new JsonArray(Image(url, 300), Image(url, 64)) : new JsonArray(),
            ["type"] = "user",
            ["uri"] = $"spotify:user:{person.Id}",
        };
        if (spotify.GiveAccountId && person.AccountId is not null) profile["account_id"] = person.AccountId;
        // Gone for small apps since 2026; else by scope, absent and not null where the scope is missing.
        if (spotify.Mode == SpotifyMode.Development) return profile;
        profile["followers"] = new JsonObject { ["href"] = null, ["total"] = 7 };
        if (scopes.Contains("user-read-email", StringComparer.Ordinal) && person.Email is not null) profile["email"] = person.Email;
        if (!scopes.Contains("user-read-private", StringComparer.Ordinal)) return profile;
        profile["country"] = person.Country;
        profile["product"] = person.Product;
        profile["explicit_content"] = new JsonObject { ["filter_enabled"] = false, ["filter_locked"] = false };
        return profile;
    }

    private async Task SearchAsync(HttpContext context)
    {
        if (await BearerAsync(context) is null) return;
        var query = context.Request.Query;
        var extended = spotify.Mode == SpotifyMode.Extended;
        var (limit, offset) = (Number(query["limit"], extended ? 20 : 5, 1, extended ? 50 : 10), Number(query["offset"], 0, 0, 1000));
        var types = query["type"].ToString().Split(',');
        var wrong = query["q"].ToString().Trim().Length == 0 ? "No search query"
            : query["type"].ToString().Length == 0 ? "Missing parameter type"
            : types.FirstOrDefault(type => type is not ("album" or "artist" or "playlist" or "track" or "show" or "episode" or "audiobook")) is { } type ? $"Bad search type field {type}"
            : limit is null ? "Invalid limit"
            : offset is null ? "Invalid offset" : null;
        if (wrong is not null)
        {
            await Reply.NestedErrorAsync(context, StatusCodes.Status400BadRequest, wrong);
            return;
        }
        var answer = new JsonObject();
        if (types.Contains("artist", StringComparer.Ordinal)) answer["artists"] = Artists.Search(query["q"].ToString(), limit!.Value, offset!.Value, extended);
        await Reply.JsonAsync(context, answer);
    }

    /// <summary>What the token allows; null = refused, and answered already.</summary>
    private async Task<Grant?> BearerAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            await Reply.NestedErrorAsync(context, StatusCodes.Status401Unauthorized, "No token provided");
            return null;
        }
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header["Bearer ".Length..].Trim() is not { Length: > 0 } token || token.Contains(' ', StringComparison.Ordinal))
        {
            await Reply.NestedErrorAsync(context, StatusCodes.Status400BadRequest, "Only valid bearer authentication supported");
            return null;
        }
        var (grant, error) = spotify.Grants.Access(token);
        if (grant is null) await Reply.NestedErrorAsync(context, StatusCodes.Status401Unauthorized, error!);
        else if (!spotify.OwnerHasPremium)
        {
            await Reply.TextAsync(context, StatusCodes.Status403Forbidden, "Your application is blocked from accessing the Web API since you do not have a Spotify Premium subscription.");
            grant = null;
        }
        else if (grant.Person is { NotOnAllowList: true } person)
        {
            await (person.RefusedInJson
                ? Reply.NestedErrorAsync(context, StatusCodes.Status403Forbidden, "The user is not registered for this application")
                : Reply.TextAsync(context, StatusCodes.Status403Forbidden, "User not registered in the Developer Dashboard"));
            grant = null;
        }
        return grant;
    }

    private static JsonObject Image(string url, int side) => new() { ["url"] = url, ["height"] = side, ["width"] = side };

    private static int? Number(string? text, int otherwise, int least, int most) =>
        string.IsNullOrEmpty(text) ? otherwise : int.TryParse(text, out var number) && number >= least && number <= most ? number : null;
}
