using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.Spotify;

/// <summary><c>POST /api/token</c> (reference A3, A4, A7): flat errors, with the texts that were seen.</summary>
internal sealed class TokenEndpoint(SpotifyStandIn spotify)
{
    /// <summary>Adds its route.</summary>
    public void Map(Listener listener) => listener.Endpoint("token", HttpMethods.Post, "/api/token", ExchangeAsync);

    private async Task ExchangeAsync(HttpContext context)
    {
        Reply.NoStore(context);
        if (!context.Request.HasFormContentType)
        {
            await Reply.FlatErrorAsync(context, StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Content-Type must be application/x-www-form-urlencoded");
            return;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var client = ClientCredentials.Read(context.Request, form);
        if (client.Id != SpotifyStandIn.ClientId)
        {
            await RefuseAsync(context, "invalid_client", "Invalid client");
            return;
        }
        if (client.Secret is not null && client.Secret != SpotifyStandIn.ClientSecret)
        {
            await RefuseAsync(context, "invalid_client", "Invalid client secret");
            return;
        }
        var proved = client.Secret is not null;
        await (form["grant_type"].ToString() switch
        {
            "authorization_code" => CodeAsync(context, form, proved),
            "refresh_token" => RefreshAsync(context, form, proved),
            "client_credentials" => proved ? GiveAsync(context, new(null, "", spotify.Now, Public: false)) : RefuseAsync(context, "invalid_client", "Invalid client secret"),
            _ => RefuseAsync(context, "unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token"),
        });
    }

    private async Task CodeAsync(HttpContext context, IFormCollection form, bool proved)
    {
        var verifier = form["code_verifier"].FirstOrDefault();
        // Neither secret nor proof of possession: nobody in particular.
        if (!proved && verifier is null)
        {
            await RefuseAsync(context, "invalid_client", "Invalid client secret");
            return;
        }
        if (spotify.Grants.Codes.Redeem(form["code"].ToString()) is not { } code)
        {
            await RefuseAsync(context, "invalid_grant", "Invalid authorization code");
            return;
        }
        if (form["redirect_uri"] != code.RedirectUri)
        {
            await RefuseAsync(context, "invalid_grant", "Invalid redirect URI");
            return;
        }
        // With the secret too. A verifier without a challenge is refused as well: somebody took the challenge out (RFC 9700, 2.1.1).
        if (code.Challenge is null ? verifier is not null : verifier is null || !Pkce.Fits(verifier, code.Challenge))
        {
            await RefuseAsync(context, "invalid_grant", "code_verifier was incorrect");
            return;
        }
        if (code.Person.AtToken is { } fault)
        {
            await fault.AnswerAsync(context);
            return;
        }
        var grant = new Grant(code.Person, code.Scope, spotify.Now, Public: !proved);
        await GiveAsync(context, grant, spotify.Grants.IssueRefresh(grant));
    }

    private async Task RefreshAsync(HttpContext context, IFormCollection form, bool proved)
    {
        var token = form["refresh_token"].ToString();
        if (token.Length == 0)
        {
            await RefuseAsync(context, "invalid_request", "refresh_token must be supplied");
            return;
        }
        var (grant, error) = spotify.Grants.Refresh(token);
        if (!proved && grant is not { Public: true })
        {
            await RefuseAsync(context, "invalid_client", "Invalid client secret");
            return;
        }
        if (grant is null)
        {
            await RefuseAsync(context, "invalid_grant", error!);
            return;
        }
        if (!spotify.RotateRefreshTokens)
        {
            await GiveAsync(context, grant);
            return;
        }
        spotify.Grants.Revoke(token);
        await GiveAsync(context, grant, spotify.Grants.IssueRefresh(grant));
    }

    private Task GiveAsync(HttpContext context, Grant grant, string? refresh = null)
    {
        var answer = new JsonObject
        {
            ["access_token"] = spotify.Grants.IssueAccess(grant),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)SpotifyGrants.AccessLifetime.TotalSeconds,
        };
        if (refresh is not null) answer["refresh_token"] = refresh;
        if (grant.Person is not null) answer["scope"] = grant.Scope;
        return Reply.JsonAsync(context, answer);
    }

    private static Task RefuseAsync(HttpContext context, string error, string description) => Reply.FlatErrorAsync(context, StatusCodes.Status400BadRequest, error, description);
}
