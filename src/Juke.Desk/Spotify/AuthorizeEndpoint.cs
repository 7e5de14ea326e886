using Juke.Desk.StandIns;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.Spotify;

/// <summary><c>/authorize</c>: checks the request as Spotify does (reference A1, A2), then asks who somebody is and whether they agree.</summary>
internal sealed class AuthorizeEndpoint(SpotifyStandIn spotify)
{
    private const string Service = "Spotify";

    // Cookies know no ports: the name keeps Google's stand-in apart.
    private const string Cookie = "standin_spotify_person";

    // Reference A10; one that does not exist is refused, so that a slip of the pen shows.
    private static readonly HashSet<string> Scopes = new(StringComparer.Ordinal)
    {
        "ugc-image-upload", "user-read-playback-state", "user-modify-playback-state", "user-read-currently-playing", "app-remote-control", "streaming",
        "playlist-read-private", "playlist-read-collaborative", "playlist-modify-private", "playlist-modify-public", "user-follow-modify", "user-follow-read",
        "user-read-playback-position", "user-top-read", "user-read-recently-played", "user-library-modify", "user-library-read", "user-read-email", "user-read-private",
    };

    /// <summary>Adds its routes.</summary>
    public void Map(Listener listener)
    {
        listener.Endpoint("authorize", HttpMethods.Get, "/authorize", AskAsync);
        listener.Plain(HttpMethods.Post, "/authorize", AnswerAsync);
        listener.Plain(HttpMethods.Post, "/desk/sign-out", context =>
        {
            context.Response.Cookies.Delete(Cookie);
            context.Response.Redirect("/desk/");
            return Task.CompletedTask;
        });
    }

    private async Task AskAsync(HttpContext context)
    {
        if (await CheckedAsync(context) is not { } asked) return;
        var known = spotify.Find(context.Request.Cookies[Cookie]);
        if (known is not null && !asked.ShowDialog && spotify.Approved(known, asked.Scope))
        {
            Approve(context, asked, known);
            return;
        }
        var action = "/authorize" + context.Request.QueryString;
        var scopes = SpotifyStandIn.Split(asked.Scope) is { Length: > 0 } some ? string.Join(", ", some) : "only what everybody can see";
        await Page.WriteAsync(context, Service, "Who are you at Spotify?", $"""
            <p>Juke asks for: {Page.E(scopes)}. The app is in {(spotify.Mode == SpotifyMode.Extended ? "extended" : "development")} mode.</p>
            {(known is null ? "" : $"<p>This browser was last here as {Page.E(known.Choice.Label)}.</p>")}
            {Picker.Html(action, [.. spotify.People.Select(person => person.Choice), Picker.SaysNo])}
            <p class="soft">Switches, faults and more people: <a href="/desk/">the control page</a>.</p>
            """);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (await CheckedAsync(context) is not { } asked) return;
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var key = form[Picker.Person].ToString();
        if (key == Picker.Deny)
        {
            context.Response.Redirect(RedirectUris.With(asked.RedirectUri, ("error", "access_denied"), ("state", asked.State)));
            return;
        }
        var name = form[Picker.Name].ToString().Trim();
        var person = key == Picker.New
            ? spotify.Add(new() { DisplayName = name.Length == 0 ? null : name, Label = name.Length == 0 ? "Somebody without a name" : name, Shows = "Came as a brand-new person." })
            : spotify.Find(key);
        if (person is null)
        {
            await Page.RefuseAsync(context, Service, "Nobody of that name", "Go back and choose somebody from the list.");
            return;
        }
        context.Response.Cookies.Append(Cookie, person.Key, new() { HttpOnly = true, SameSite = SameSiteMode.Lax });
        Approve(context, asked, person);
    }

    private void Approve(HttpContext context, Asked asked, SpotifyPerson person) =>
        context.Response.Redirect(RedirectUris.With(asked.RedirectUri, ("code", spotify.IssueCode(person, asked.RedirectUri, asked.Challenge, asked.Scope)), ("state", asked.State)));

    /// <summary>The request, or null when it was refused, which is then answered already: by a page, because the address to return to is not to be trusted.</summary>
    private async Task<Asked?> CheckedAsync(HttpContext context)
    {
        var query = context.Request.Query;
        string? One(string name) => query[name] is [{ Length: > 0 } value] ? value : null;

        if (One("client_id") != SpotifyStandIn.ClientId) return await RefusedAsync("INVALID_CLIENT: Invalid client", "client_id is not the one that is registered here.");
        if (One("redirect_uri") is not { } uri) return await RefusedAsync("INVALID_CLIENT: Invalid redirect URI", "redirect_uri is missing.");
        if (RedirectUris.Insecure(uri)) return await RefusedAsync("INVALID_CLIENT: Insecure redirect URI", "It must be https, or http on the literal 127.0.0.1 or [::1]; localhost is refused.");
        if (!RedirectUris.Registered(uri, spotify.RedirectUris)) return await RefusedAsync("INVALID_CLIENT: Invalid redirect URI", $"{uri} is not registered, letter for letter.");
        if (One("response_type") != "code") return await RefusedAsync("response_type must be code", "The implicit grant ended in November 2025.");
        var (challenge, method) = (One("code_challenge"), One("code_challenge_method"));
        if ((challenge is not null || method is not null) && (method != "S256" || challenge is null || !Pkce.IsChallenge(challenge)))
            return await RefusedAsync("code_challenge_method must be S256", "code_challenge must be the base64url of a SHA-256, and code_challenge_method S256.");
        var (scope, state) = (One("scope") ?? "", One("state"));
        if (!Scopes.IsSupersetOf(SpotifyStandIn.Split(scope)))
        {
            context.Response.Redirect(RedirectUris.With(uri, ("error", "invalid_scope"), ("state", state)));
            return null;
        }
        return new(uri, scope, state, challenge, string.Equals(One("show_dialog"), "true", StringComparison.OrdinalIgnoreCase));

        async Task<Asked?> RefusedAsync(string text, string why)
        {
            await Page.RefuseAsync(context, Service, text, why);
            return null;
        }
    }

    private sealed record Asked(string RedirectUri, string Scope, string? State, string? Challenge, bool ShowDialog);
}
