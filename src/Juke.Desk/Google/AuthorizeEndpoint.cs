using Juke.Desk.StandIns;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.Google;

/// <summary><c>/o/oauth2/v2/auth</c>: checks the request, then asks which account it shall be.</summary>
internal sealed class AuthorizeEndpoint(GoogleStandIn google)
{
    private const string Service = "Google";
    private const string Path = "/o/oauth2/v2/auth";

    // Cookies know no ports: the name keeps Spotify's stand-in apart.
    private const string Cookie = "standin_google_person";

    /// <summary>Adds its routes.</summary>
    public void Map(Listener listener)
    {
        listener.Endpoint("authorize", HttpMethods.Get, Path, AskAsync);
        listener.Plain(HttpMethods.Post, Path, AnswerAsync);
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
        // Whoever chose an account in this browser agreed by that: asked again only where the app says so, or means somebody else.
        var known = google.Find(context.Request.Cookies[Cookie]);
        if (known is not null && asked.Hint is { } hint && !Hinted(known, hint)) known = null;
        if (asked.Prompt.Contains("none", StringComparer.Ordinal))
        {
            if (known is null) Return(context, asked, ("error", "login_required"), ("state", asked.State));
            else Approve(context, asked, known);
            return;
        }
        if (known is not null && asked.Prompt.Length == 0)
        {
            Approve(context, asked, known);
            return;
        }
        var choices = google.People.OrderByDescending(person => asked.Hint is { } wanted && Hinted(person, wanted)).Select(person => person.Choice);
        await Page.WriteAsync(context, Service, "Choose an account", $"""
            <p>Juke asks for: {Page.E(asked.Scope.Replace(" ", ", ", StringComparison.Ordinal))}.</p>
            {(asked.Hint is null ? "" : $"<p>It suggests {Page.E(asked.Hint)}.</p>")}
            {Picker.Html(Path + context.Request.QueryString, [.. choices, Picker.SaysNo])}
            <p class="soft">Faults, keys and more people: <a href="/desk/">the control page</a>.</p>
            """);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (await CheckedAsync(context) is not { } asked) return;
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var key = form[Picker.Person].ToString();
        if (key == Picker.Deny)
        {
            Return(context, asked, ("error", "access_denied"), ("state", asked.State));
            return;
        }
        var name = form[Picker.Name].ToString().Trim();
        var person = key == Picker.New ? google.Add(Somebody(name)) : google.Find(key);
        if (person is null)
        {
            await Page.RefuseAsync(context, Service, "Nobody of that name", "Go back and choose somebody from the list.");
            return;
        }
        context.Response.Cookies.Append(Cookie, person.Key, new() { HttpOnly = true, SameSite = SameSiteMode.Lax });
        Approve(context, asked, person);
    }

    private static GooglePerson Somebody(string name)
    {
        var person = new GooglePerson { Name = name.Length == 0 ? null : name, Label = name.Length == 0 ? "Somebody without a name" : name, Shows = "Came as a brand-new person." };
        person.Email = $"{person.Key.ToLowerInvariant()}@gmail.com";
        return person;
    }

    private static bool Hinted(GooglePerson person, string hint) => person.Subject == hint || string.Equals(person.Email, hint, StringComparison.OrdinalIgnoreCase);

    private void Approve(HttpContext context, Asked asked, GooglePerson person) =>
        Return(context, asked, ("code", google.IssueCode(person, asked.RedirectUri, asked.Challenge, asked.Nonce, asked.Scope)), ("state", asked.State), ("scope", asked.Scope), ("iss", GoogleStandIn.Issuer));

    private static void Return(HttpContext context, Asked asked, params (string, string?)[] members) => context.Response.Redirect(RedirectUris.With(asked.RedirectUri, members));

    /// <summary>The request, or null when it was refused, which is then answered already.</summary>
    private async Task<Asked?> CheckedAsync(HttpContext context)
    {
        var query = context.Request.Query;
        string? One(string name) => query[name] is [{ Length: > 0 } value] ? value : null;

        if (One("client_id") != GoogleStandIn.WebClientId) return await RefusedAsync("Error 401: invalid_client", "The OAuth client was not found.", StatusCodes.Status401Unauthorized);
        if (One("redirect_uri") is not { } uri) return await RefusedAsync("Error 400: invalid_request", "redirect_uri is missing.");
        if (RedirectUris.Insecure(uri) || !RedirectUris.Registered(uri, google.RedirectUris)) return await RefusedAsync("Error 400: redirect_uri_mismatch", $"{uri} is not registered, letter for letter, or is plain http elsewhere than on a loopback IP.");
        if (One("response_type") != "code") return await RefusedAsync("Error 400: unsupported_response_type", "Only response_type=code is answered here.");
        if (One("scope") is not { } scope || !scope.Split(' ').Contains("openid", StringComparer.Ordinal)) return await RefusedAsync("Error 400: invalid_scope", "scope must have openid in it.");
        var (challenge, method) = (One("code_challenge"), One("code_challenge_method"));
        if ((challenge is not null || method is not null) && (method != "S256" || challenge is null || !Pkce.IsChallenge(challenge)))
            return await RefusedAsync("Error 400: invalid_request", "code_challenge must be the base64url of a SHA-256, and code_challenge_method S256.");
        return new(uri, scope, One("state"), One("nonce"), challenge, One("login_hint"), One("prompt")?.Split(' ') ?? []);

        async Task<Asked?> RefusedAsync(string text, string why, int status = StatusCodes.Status400BadRequest)
        {
            await Page.RefuseAsync(context, Service, text, why, status);
            return null;
        }
    }

    private sealed record Asked(string RedirectUri, string Scope, string? State, string? Nonce, string? Challenge, string? Hint, string[] Prompt);
}
