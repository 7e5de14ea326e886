using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.Google;

/// <summary><c>POST /token</c>: a code, with the secret and the verifier, becomes an ID token. Google asks web apps for the secret even with PKCE.</summary>
internal sealed class TokenEndpoint(GoogleStandIn google)
{
    /// <summary>Adds its route.</summary>
    public void Map(Listener listener) => listener.Endpoint("token", HttpMethods.Post, "/token", ExchangeAsync);

    private async Task ExchangeAsync(HttpContext context)
    {
        Reply.NoStore(context);
        if (!context.Request.HasFormContentType)
        {
            await RefuseAsync(context, "invalid_request", "Content-Type must be application/x-www-form-urlencoded");
            return;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var client = ClientCredentials.Read(context.Request, form);
        if (client.Id != GoogleStandIn.WebClientId)
        {
            await Reply.FlatErrorAsync(context, StatusCodes.Status401Unauthorized, "invalid_client", "The OAuth client was not found.");
            return;
        }
        if (client.Secret != GoogleStandIn.ClientSecret)
        {
            if (client.Secret is null) await RefuseAsync(context, "invalid_request", "client_secret is missing.");
            else await Reply.FlatErrorAsync(context, StatusCodes.Status401Unauthorized, "invalid_client", "Unauthorized");
            return;
        }
        if (form["grant_type"] != "authorization_code")
        {
            await RefuseAsync(context, "unsupported_grant_type", "Invalid grant_type: " + form["grant_type"]);
            return;
        }
        if (google.Codes.Redeem(form["code"].ToString()) is not { } code)
        {
            await RefuseAsync(context, "invalid_grant", "Bad Request");
            return;
        }
        if (form["redirect_uri"] != code.RedirectUri)
        {
            await RefuseAsync(context, "redirect_uri_mismatch", "Bad Request");
            return;
        }
        var verifier = form["code_verifier"].FirstOrDefault();
        if (code.Challenge is null ? verifier is not null : verifier is null || !Pkce.Fits(verifier, code.Challenge))
        {
            await RefuseAsync(context, "invalid_grant", verifier is null ? "Missing code verifier." : "Invalid code verifier.");
            return;
        }
        await (code.Person.AtToken?.AnswerAsync(context) ?? GiveAsync(context, code));
    }

    private Task GiveAsync(HttpContext context, GoogleCode code)
    {
        var access = Secret.Make(180, "ya29.");
        var claims = google.Claims(code.Person, code.Nonce, scope: code.Scope);
        claims["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(access)).AsSpan(0, 16));
        return Reply.JsonAsync(context, new JsonObject
        {
            ["access_token"] = access,
            ["expires_in"] = 3599,
            ["scope"] = code.Scope,
            ["token_type"] = "Bearer",
            ["id_token"] = google.Signed(claims),
        });
    }

    private static Task RefuseAsync(HttpContext context, string error, string description) => Reply.FlatErrorAsync(context, StatusCodes.Status400BadRequest, error, description);
}
