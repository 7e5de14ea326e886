using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.Google;

/// <summary>The keys, and the document that says where everything is (reference B1).</summary>
internal sealed class PublishedKeys(GoogleStandIn google)
{
    /// <summary>Adds its routes.</summary>
    public void Map(Listener listener)
    {
        listener.Endpoint("certs", HttpMethods.Get, "/oauth2/v3/certs", context =>
        {
            context.Response.Headers.CacheControl = "public, max-age=21600, must-revalidate, no-transform";
            return Reply.JsonAsync(context, google.Keys.Jwks());
        });
        listener.Plain(HttpMethods.Get, "/.well-known/openid-configuration", context => Reply.JsonAsync(context, Discovery()));
    }

    private JsonObject Discovery()
    {
        JsonNode At(string path) => JsonValue.Create(new Uri(google.Address, path).AbsoluteUri)!;
        static JsonArray Some(params string[] words) => [.. words.Select(word => JsonValue.Create(word))];
        return new()
        {
            ["issuer"] = GoogleStandIn.Issuer,
            ["authorization_endpoint"] = At("/o/oauth2/v2/auth"),
            ["token_endpoint"] = At("/token"),
            ["jwks_uri"] = At("/oauth2/v3/certs"),
            ["response_types_supported"] = Some("code"),
            ["subject_types_supported"] = Some("public"),
            ["id_token_signing_alg_values_supported"] = Some("RS256"),
            ["scopes_supported"] = Some("openid", "email", "profile"),
            ["token_endpoint_auth_methods_supported"] = Some("client_secret_post", "client_secret_basic"),
            ["claims_supported"] = Some("aud", "email", "email_verified", "exp", "given_name", "iat", "iss", "name", "picture", "sub"),
            ["code_challenge_methods_supported"] = Some("S256"),
            ["authorization_response_iss_parameter_supported"] = true,
            ["grant_types_supported"] = Some("authorization_code"),
        };
    }
}
