using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Client;
using Juke.Contract;
using Juke.Contract.Wire;

namespace Juke.Cli.Doors;

/// <summary>
/// Google: the code becomes an ID token here, as for every installed app, and the token goes to Juke's server. The client's "secret" is none
/// (https://developers.google.com/identity/protocols/oauth2#installed): what protects the code is PKCE and the loopback address.
/// </summary>
internal static class GoogleDoor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<Func<JukeClient, CancellationToken, Task<AuthResult>>> PassAsync(Run run, BrowserTrip trip)
    {
        var client = ProviderAddress.Required(run, "JUKE_CLI_GOOGLE_CLIENT_ID", "a Google client id for desktop apps that the server accepts (one of its JUKE_GOOGLE_CLIENT_IDS)");
        var secret = run.Terminal.Variable("JUKE_CLI_GOOGLE_CLIENT_SECRET");
        // One address in place of Google's several hosts, as the server has it (JUKE_GOOGLE_URL).
        var authorize = new Uri(ProviderAddress.Of(run, "JUKE_CLI_GOOGLE_URL", "https://accounts.google.com"), "/o/oauth2/v2/auth");
        var exchange = new Uri(ProviderAddress.Of(run, "JUKE_CLI_GOOGLE_URL", "https://oauth2.googleapis.com"), "/token");
        var (code, pkce, redirect) = await trip.TakeAsync(run, (pkce, back) => BrowserTrip.With(
            authorize,
            ("response_type", "code"), ("client_id", client), ("redirect_uri", back.AbsoluteUri), ("scope", "openid email profile"), ("state", pkce.State),
            ("nonce", pkce.Nonce), ("code_challenge_method", "S256"), ("code_challenge", pkce.Challenge)));
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = client,
            ["code"] = code,
            ["code_verifier"] = pkce.Verifier,
            ["redirect_uri"] = redirect.AbsoluteUri,
        };
        if (secret is not null) form["client_secret"] = secret;
        var idToken = await ExchangeAsync(exchange, form, run.Cancellation);
        return (juke, stop) => juke.SignInWithGoogleAsync(new GoogleSignInRequest(idToken, pkce.Nonce), stop);
    }

    private static async Task<string> ExchangeAsync(Uri address, Dictionary<string, string> form, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Patience };
        using var content = new FormUrlEncodedContent(form);
        try
        {
            using var reply = await http.PostAsync(address, content, cancellation);
            if ((int)reply.StatusCode >= 500) throw Unavailable();
            // What Google says is not repeated: it may quote what we sent.
            if (!reply.IsSuccessStatusCode) throw new Refusal(ExitCode.Failed, ProblemCode.ProviderRefused, "Google did not accept the sign-in. Is JUKE_CLI_GOOGLE_CLIENT_ID a client for desktop apps?");
            var answer = await reply.Content.ReadFromJsonAsync<JsonObject>(cancellation);
            return answer?["id_token"] is JsonValue token && token.TryGetValue(out string? text) ? text : throw Unavailable();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Unavailable();
        }
    }

    private static Refusal Unavailable() => new(ExitCode.Unreachable, ProblemCode.ProviderUnavailable, "Google cannot be reached right now. Try again, or sign in with e-mail.");
}
