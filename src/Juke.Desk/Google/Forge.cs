using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Juke.Desk.StandIns;

namespace Juke.Desk.Google;

/// <summary>An ID token that is not what it should be, or that looks so and is good.</summary>
/// <param name="Name">What is odd about it.</param>
/// <param name="Token">Makes one.</param>
/// <param name="ShouldPass">Whether a careful server takes it.</param>
internal sealed record Forgery(string Name, Func<GoogleStandIn, GooglePerson, string> Token, bool ShouldPass = false)
{
    /// <summary>The nonce that the poster claims to have asked for; null = none.</summary>
    public string? Nonce { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>
/// The forgeries. Many of them carry a good signature: Google's keys sign tokens for every app of the world, so whatever another app can
/// have signed must be refused here by what it says. Reference B5 lists which of them the usual library lets through.
/// </summary>
internal static class Forge
{
    private static readonly Lazy<SigningKey> Stranger = new(() => new());

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Forgery> All { get; } =
    [
        // What is good, however it looks.
        new("a good one", (google, person) => google.IdToken(person), true),
        new("issuer without https, as old ones say", (google, person) => google.IdToken(person, issuer: GoogleStandIn.LegacyIssuer), true),
        new("of the iPhone app", (google, person) => google.IdToken(person, audience: GoogleStandIn.IosClientId), true),
        new("of the Android app: aud is the server's, azp its own", (google, person) => google.IdToken(person, azp: GoogleStandIn.AndroidClientId), true),
        new("no azp", Claims(claims => claims.Remove("azp")), true),
        new("claims that nobody knows", Claims(claims => (claims["at_hash"], claims["locale"], claims["shoe_size"]) = ("x", "en", new JsonObject { ["eu"] = 43 })), true),
        new("email_verified as text", Claims(claims => claims["email_verified"] = "true"), true),
        new("issued twenty seconds ago", Claims((claims, now) => claims["iat"] = now - 20), true),
        new("a minute before its end", Claims((claims, now) => (claims["iat"], claims["exp"]) = (now - 3540, now + 60)), true),
        new("nbf in the past", Claims((claims, now) => claims["nbf"] = now - 60), true),
        new("signed by the other published key", (google, person) => Jwt.Make(Jwt.Header(google.Keys.Keys[1].Id), google.Claims(person).ToJsonString(Reply.Json), google.Keys.Keys[1].Sign), true),
        new("the nonce that was asked for", (google, person) => google.IdToken(person, nonce: "asked-for"), true) { Nonce = "asked-for" },

        // Signature and algorithm.
        new("alg none, no signature", (google, person) => Jwt.Make(Jwt.Header(google.Keys.Keys[0].Id, "none"), google.Claims(person).ToJsonString(), _ => [])),
        new("alg None, signed all the same", (google, person) => Jwt.Make(Jwt.Header(google.Keys.Keys[0].Id, "None"), google.Claims(person).ToJsonString(), google.Keys.Keys[0].Sign)),
        new("alg HS256 with the public key as secret", (google, person) => Hmac(google, person, Encoding.ASCII.GetBytes(google.Keys.Keys[0].PublicPem))),
        new("alg HS256 with the modulus as secret", (google, person) => Hmac(google, person, google.Keys.Keys[0].Public.Modulus!)),
        new("alg HS256 with an empty secret", (google, person) => Hmac(google, person, [])),
        new("alg ES256 with a key of its own", (google, person) => Jwt.Make(Jwt.Header(google.Keys.Keys[0].Id, "ES256"), google.Claims(person).ToJsonString(), SignOnCurve)),
        new("alg RS512 in the header only", (google, person) => Jwt.Make(Jwt.Header(google.Keys.Keys[0].Id, "RS512"), google.Claims(person).ToJsonString(), google.Keys.Keys[0].Sign)),
        new("no alg", Header(header => header.Remove("alg"))),
        new("a stranger's key under Google's kid", (google, person) => Jwt.Make(Jwt.Header(google.Keys.Keys[0].Id), google.Claims(person).ToJsonString(), Stranger.Value.Sign)),
        new("a stranger's key under its own kid", (google, person) => Jwt.Make(Jwt.Header(Stranger.Value.Id), google.Claims(person).ToJsonString(), Stranger.Value.Sign)),
        new("a stranger's key in the header (jwk)", Own(header => header["jwk"] = Stranger.Value.Jwk())),
        new("a stranger's keys by address in the header (jku)", Own(header => header["jku"] = "https://keys.attacker.example/certs")),
        new("a stranger's certificate by address in the header (x5u)", Own(header => header["x5u"] = "https://keys.attacker.example/cert")),
        new("a kid that is a path", Own(header => header["kid"] = "../../../../dev/null")),
        // A good signature by a key that is not the one it names: the usual library does not look, a careful server does.
        new("Google's key under a kid that nobody published", Header(header => header["kid"] = "unheard-of")),
        new("Google's key under the kid of its other key", (google, person) => Jwt.Make(Jwt.Header(google.Keys.Keys[1].Id), google.Claims(person).ToJsonString(Reply.Json), google.Keys.Keys[0].Sign)),
        new("no kid", Header(header => header.Remove("kid"))),
        new("a critical header that nobody knows", Header(header => (header["crit"], header["must"]) = (new JsonArray("must"), true))),
        new("signature of another token", (google, person) => Splice(google.IdToken(person), google.IdToken(google.People[0], nonce: "another"))),
        new("payload changed after signing", (google, person) => Splice(Claims(claims => claims["sub"] = "1")(google, person), google.IdToken(person))),
        new("signature cut short", (google, person) => google.IdToken(person)[..^20]),
        new("no signature", (google, person) => Part(google.IdToken(person), 2, "")),

        // Audience, party, subject, issuer.
        new("aud of another app", (google, person) => google.IdToken(person, audience: "999-other.apps.googleusercontent.com")),
        new("aud of the Android app", (google, person) => google.IdToken(person, audience: GoogleStandIn.AndroidClientId)),
        new("aud of ours with something after it", (google, person) => google.IdToken(person, audience: GoogleStandIn.WebClientId + ".attacker.example", azp: GoogleStandIn.WebClientId)),
        new("aud of ours in capitals", (google, person) => google.IdToken(person, audience: GoogleStandIn.WebClientId.ToUpperInvariant(), azp: GoogleStandIn.WebClientId)),
        new("aud missing", Claims(claims => claims.Remove("aud"))),
        new("aud null", Claims(claims => claims["aud"] = null)),
        new("aud empty", Claims(claims => claims["aud"] = "")),
        new("aud an empty list", Claims(claims => claims["aud"] = new JsonArray())),
        new("aud a list of others", Claims(claims => claims["aud"] = new JsonArray("999-other.apps.googleusercontent.com"))),
        new("aud a list with ours and another", Claims(claims => claims["aud"] = new JsonArray(GoogleStandIn.WebClientId, "999-other.apps.googleusercontent.com"))),
        new("aud a number", Claims(claims => claims["aud"] = 104729000001)),
        new("azp of an app that nobody knows", (google, person) => google.IdToken(person, azp: "999-other.apps.googleusercontent.com")),
        new("azp an object", Claims(claims => claims["azp"] = new JsonObject { ["id"] = GoogleStandIn.WebClientId })),
        new("sub missing", Claims(claims => claims.Remove("sub"))),
        new("sub null", Claims(claims => claims["sub"] = null)),
        new("sub empty", Claims(claims => claims["sub"] = "")),
        new("sub blank", Claims(claims => claims["sub"] = "   ")),
        new("sub of 256 letters", Claims(claims => claims["sub"] = new string('1', 256))),
        new("sub a list", Claims(claims => claims["sub"] = new JsonArray("1", "2"))),
        new("sub with a NUL in it", Claims(claims => claims["sub"] = "11\u000022")),
        new("iss missing", Claims(claims => claims.Remove("iss"))),
        new("iss of somebody else", (google, person) => google.IdToken(person, issuer: "https://accounts.attacker.example")),
        new("iss with http", (google, person) => google.IdToken(person, issuer: "http://accounts.google.com")),
        new("iss with a stroke at its end", (google, person) => google.IdToken(person, issuer: "https://accounts.google.com/")),
        new("iss with something after it", (google, person) => google.IdToken(person, issuer: "https://accounts.google.com.attacker.example")),
        new("iss in capitals", (google, person) => google.IdToken(person, issuer: "https://ACCOUNTS.GOOGLE.COM")),
        new("iss a list", Claims(claims => claims["iss"] = new JsonArray(GoogleStandIn.Issuer))),

        // Time.
        new("expired a second ago", Claims((claims, now) => (claims["iat"], claims["exp"]) = (now - 3601, now - 1))),
        new("expired a year ago", Claims((claims, now) => (claims["iat"], claims["exp"]) = (now - 31_536_000, now - 31_532_400))),
        new("iat five minutes ahead", Claims((claims, now) => (claims["iat"], claims["exp"]) = (now + 300, now + 3900))),
        new("nbf five minutes ahead", Claims((claims, now) => claims["nbf"] = now + 300)),
        new("exp missing", Claims(claims => claims.Remove("exp"))),
        new("iat missing", Claims(claims => claims.Remove("iat"))),
        new("exp a word", Claims(claims => claims["exp"] = "tomorrow")),
        new("exp beyond any number", (google, person) => Payload(google, claims => claims.Replace("\"exp\":", "\"exp\":1e400,\"was\":", StringComparison.Ordinal), person)),
        new("exp negative", Claims(claims => claims["exp"] = -1)),

        // What the app asked for.
        new("another nonce than was asked for", (google, person) => google.IdToken(person, nonce: "another")) { Nonce = "asked-for" },
        new("no nonce though one was asked for", (google, person) => google.IdToken(person)) { Nonce = "asked-for" },

        // Shape.
        new("empty", (_, _) => ""),
        new("blank", (_, _) => "   "),
        new("one part", (_, _) => "abc"),
        new("two parts", (google, person) => Part(google.IdToken(person), 2, "").TrimEnd('.')),
        new("four parts", (google, person) => google.IdToken(person) + ".abc"),
        new("dots only", (_, _) => ".."),
        new("header not base64url", (google, person) => "!!!!" + google.IdToken(person)),
        new("payload not base64url", (google, person) => Part(google.IdToken(person), 1, "%%%")),
        new("signature not base64url", (google, person) => Part(google.IdToken(person), 2, "***")),
        new("payload not JSON", (google, person) => Payload(google, _ => "not json", person)),
        new("payload a list", (google, person) => Payload(google, claims => $"[{claims}]", person)),
        new("payload null", (google, person) => Payload(google, _ => "null", person)),
        new("payload nested a thousand deep", (google, person) => Payload(google, claims => $"{{\"deep\":{new string('[', 1000)}{new string(']', 1000)},{claims[1..]}", person)),
        new("header not JSON", (google, person) => Part(google.IdToken(person), 0, Base64Url.EncodeToString("not json"u8))),
        // Half a surrogate pair, escaped: JSON by its grammar, and no text.
        new("header with half a character for a name", (google, person) => Part(google.IdToken(person), 0, Base64Url.EncodeToString("{\"\\ud800\":1,\"alg\":\"RS256\",\"kid\":\"x\"}"u8))),
        new("payload with half a character for a name", (google, person) => Payload(google, claims => $"{{\"\\ud800\":1,{claims[1..]}", person)),
        new("two subs", (google, person) => Payload(google, claims => $"{claims[..^1]},\"sub\":\"999\"}}", person)),
        new("two auds", (google, person) => Payload(google, claims => $"{{\"aud\":\"999-other.apps.googleusercontent.com\",{claims[1..]}", person)),
        new("more than 10 kB", Claims(claims => claims["padding"] = new string('x', 10_000))),
    ];

    /// <summary>A token with a good signature over claims that were changed.</summary>
    public static Func<GoogleStandIn, GooglePerson, string> Claims(Action<JsonObject> change) => Claims((claims, _) => change(claims));

    /// <summary>The same; the change is told what time it is, in seconds.</summary>
    public static Func<GoogleStandIn, GooglePerson, string> Claims(Action<JsonObject, long> change) => (google, person) =>
    {
        var claims = google.Claims(person);
        change(claims, google.Now.ToUnixTimeSeconds());
        return google.Signed(claims);
    };

    /// <summary>A token with a good signature and a header that was changed.</summary>
    public static Func<GoogleStandIn, GooglePerson, string> Header(Action<JsonObject> change) => (google, person) => WithHeader(google, person, google.Keys.Keys[0], change);

    /// <summary>A token signed by a stranger, whose header was changed to have it believed.</summary>
    public static Func<GoogleStandIn, GooglePerson, string> Own(Action<JsonObject> change) => (google, person) => WithHeader(google, person, Stranger.Value, change);

    private static string WithHeader(GoogleStandIn google, GooglePerson person, SigningKey key, Action<JsonObject> change)
    {
        var header = Jwt.Header(key.Id);
        change(header);
        return Jwt.Make(header, google.Claims(person).ToJsonString(), key.Sign);
    }

    private static string Payload(GoogleStandIn google, Func<string, string> change, GooglePerson person) =>
        Jwt.Make(Jwt.Header(google.Keys.Keys[0].Id), change(google.Claims(person).ToJsonString(Reply.Json)), google.Keys.Keys[0].Sign);

    private static string Hmac(GoogleStandIn google, GooglePerson person, byte[] secret) =>
        Jwt.Make(Jwt.Header(google.Keys.Keys[0].Id, "HS256"), google.Claims(person).ToJsonString(), data => HMACSHA256.HashData(secret, data));

    private static byte[] SignOnCurve(byte[] data)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.SignData(data, HashAlgorithmName.SHA256);
    }

    /// <summary>Header and payload of one, signature of the other.</summary>
    private static string Splice(string token, string other) => Part(token, 2, other.Split('.')[2]);

    private static string Part(string token, int index, string part)
    {
        var parts = token.Split('.');
        parts[index] = part;
        return string.Join('.', parts);
    }
}
