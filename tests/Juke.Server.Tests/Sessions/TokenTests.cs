using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Sessions;

/// <summary>Nothing but a token of ours opens anything, and nothing that is not one breaks anything (contract §5).</summary>
public sealed class TokenTests
{
    private static readonly byte[] AccessKey = TokenForge.Key(JukeServer.Secret, "AccessToken");

    [Fact]
    public async Task The_access_token_is_a_jwt_that_any_reader_reads_and_lasts_fifteen_minutes()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        var reply = await client.RegisterAsync();
        var parts = client.AccessToken!.Split('.');
        parts.Length.ShouldBe(3);
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])).ShouldBe(TokenForge.Header);
        Base64Url.DecodeFromChars(parts[2]).ShouldBe(HMACSHA256.HashData(AccessKey, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")));

        var payload = TokenForge.Payload(client.AccessToken);
        payload.Select(p => p.Key).ShouldBe(["sub", "sid", "gen", "iat", "exp"]);
        payload["sub"]!.GetValue<string>().ShouldBe(client.UserId.ToString());
        payload["gen"]!.GetValue<int>().ShouldBe(1);
        Base64Url.DecodeFromChars(payload["sid"]!.GetValue<string>()).ShouldBe(TokenForge.Sid(client.RefreshToken!));
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        payload["iat"]!.GetValue<long>().ShouldBe(now);
        payload["exp"]!.GetValue<long>().ShouldBe(now + 900);
        reply.Json["expiresIn"]!.GetValue<int>().ShouldBe(900);
    }

    [Fact]
    public async Task Forged_access_tokens_are_401_and_never_500()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = await server.NewClient().OnboardedAsync();
        using var other = await server.NewClient().OnboardedAsync();
        var good = client.AccessToken!;
        (await TryAsync(client, good)).Status.ShouldBe(HttpStatusCode.OK);

        var forgeries = Forgeries(good, client.UserId, other.UserId, client.RefreshToken!, server.Clock.GetUtcNow().ToUnixTimeSeconds()).ToList();
        forgeries.Count.ShouldBeGreaterThan(60);
        foreach (var (name, token) in forgeries)
        {
            var reply = await TryAsync(client, token);
            reply.Status.ShouldBe(HttpStatusCode.Unauthorized, name);
            reply.Code.ShouldBe("UNAUTHORIZED", name);
        }
        (await TryAsync(client, good)).Status.ShouldBe(HttpStatusCode.OK, "and the session is as it was");
    }

    private static IEnumerable<(string Name, string Token)> Forgeries(string good, long userId, long otherId, string refreshToken, long now)
    {
        var parts = good.Split('.');
        var sid = TokenForge.Payload(good)["sid"]!.GetValue<string>();
        var fine = TokenForge.Payload(userId, sid, 1, now, now + 900);
        string Signed(string payload) => TokenForge.Jwt(TokenForge.Header, payload, AccessKey);

        yield return ("alg none, no signature", Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8) + $".{parts[1]}.");
        yield return ("alg none, our signature", Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8) + $".{parts[1]}.{parts[2]}");
        foreach (var header in (string[])[
            """{"alg":"none","typ":"JWT"}""", """{"alg":"HS512","typ":"JWT"}""", """{"alg":"hs256","typ":"JWT"}""", """{"typ":"JWT","alg":"HS256"}""",
            """{"alg":"HS256"}""", """{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}""", """{"alg":"HS256","typ":"JWT" }""", "{}", ""])
            yield return ("another header with a good MAC: " + header, TokenForge.Jwt(header, fine, AccessKey));

        yield return ("changed payload", $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(fine.Replace("\"gen\":1", "\"gen\":0", StringComparison.Ordinal)))}.{parts[2]}");
        yield return ("another user's id, old MAC", $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(TokenForge.Payload(otherId, sid, 1, now, now + 900)))}.{parts[2]}");
        for (var length = 0; length < good.Length; length += 7) yield return ($"cut to {length}", good[..length]);
        yield return ("one character short", good[..^1]);
        yield return ("one character more", good + "A");
        yield return ("padded", good + "=");
        yield return ("a fourth part", good + ".AAAA");
        yield return ("no dots", good.Replace(".", "", StringComparison.Ordinal));
        yield return ("only dots", "..");
        yield return ("a dot", ".");
        yield return ("header only", parts[0] + ".");
        yield return ("empty payload, good MAC", TokenForge.Jwt(TokenForge.Header, "", AccessKey));
        yield return ("empty payload and MAC", parts[0] + "..");
        yield return ("empty MAC", $"{parts[0]}.{parts[1]}.");
        yield return ("MAC of zeros", $"{parts[0]}.{parts[1]}.{new string('A', 43)}");
        yield return ("MAC with characters that base64url has not", $"{parts[0]}.{parts[1]}.{new string('!', 43)}");
        yield return ("MAC in base64", $"{parts[0]}.{parts[1]}.{new string('+', 21)}{new string('/', 22)}");
        yield return ("payload with characters that base64url has not", $"{parts[0]}.{new string('*', 40)}.{parts[2]}");
        yield return ("a blank inside", good.Insert(60, " "));

        yield return ("signed with a wrong key", TokenForge.Jwt(TokenForge.Header, fine, RandomNumberGenerator.GetBytes(32)));
        yield return ("signed with the secret itself", TokenForge.Jwt(TokenForge.Header, fine, JukeServer.Secret));
        foreach (var purpose in (string[])["RefreshToken", "EmailLink", "KeyRing", "KeyId", "accesstoken"])
            yield return ("signed with the key of " + purpose, TokenForge.Jwt(TokenForge.Header, fine, TokenForge.Key(JukeServer.Secret, purpose)));

        yield return ("expired at this second", Signed(TokenForge.Payload(userId, sid, 1, now - 900, now)));
        yield return ("expired long ago", Signed(TokenForge.Payload(userId, sid, 1, 0, 1)));
        yield return ("a generation above the row", Signed(TokenForge.Payload(userId, sid, 2, now, now + 900)));
        yield return ("the highest generation", Signed(TokenForge.Payload(userId, sid, int.MaxValue, now, now + 900)));
        yield return ("the session of another user", Signed(TokenForge.Payload(otherId, sid, 1, now, now + 900)));
        yield return ("a session that is not", Signed(TokenForge.Payload(userId, Base64Url.EncodeToString(new byte[16]), 1, now, now + 900)));
        yield return ("a sid too short", Signed(TokenForge.Payload(userId, "AAAA", 1, now, now + 900)));
        yield return ("no sid", Signed($$"""{"sub":"{{userId}}","gen":1,"iat":{{now}},"exp":{{now + 900}}}"""));
        yield return ("no exp", Signed($$"""{"sub":"{{userId}}","sid":"{{sid}}","gen":1,"iat":{{now}}}"""));
        yield return ("nothing in it", Signed("{}"));
        foreach (var payload in (string[])["null", "[]", "[1", "not json", "{\"sub\":1}", "{\"sub\":\"x\"}", "{\"gen\":99999999999}", "{\"exp\":\"1\"}", "{\"sid\":\"!\"}", "{\"exp\":9223372036854775807,\"sid\":\"AAAAAAAAAAAAAAAAAAAAAA\"}"])
            yield return ("our MAC over " + payload, Signed(payload));

        yield return ("the refresh token", refreshToken);
        yield return ("oversize", new string('A', 7000));
        yield return ("oversize with our header", $"{parts[0]}.{new string('A', 6000)}.{parts[2]}");
        yield return ("as long as allowed, of dots", $"{parts[0]}." + new string('.', 300));
        yield return ("empty", "");
    }

    [Fact]
    public async Task Authorization_headers_that_are_no_bearer_token_are_401_and_never_500()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = await server.NewClient().OnboardedAsync();
        var token = client.AccessToken!;
        (await RawAsync(server.Url, $"Authorization: bearer {token}")).ShouldBe(200, "the scheme's case does not matter (RFC 9110 §11.1)");
        foreach (var headers in (string[])[
            "X: y", "Authorization:", "Authorization: Bearer", "Authorization: Bearer ", $"Authorization: {token}", $"Authorization: Token {token}",
            $"Authorization: Basic {token}", $"Authorization: Bearer{token}", $"Authorization: Bearer {token}, Bearer {token}",
            $"Authorization: Bearer {token}\r\nAuthorization: Bearer {token}", $"Authorization: Bearer {token[..^1]}é", $"Authorization: Bearer ＡＢＣ{token}",
            $"Authorization: Bearer {token[..80]}\u4E00{token[81..]}", "Authorization: Bearer \u0001", $"Cookie: Authorization=Bearer {token}"])
            (await RawAsync(server.Url, headers)).ShouldBeOneOf([400, 401], headers);
        // The query is no place for a token either: it ends up in logs.
        client.AccessToken = null;
        (await client.GetAsync("/auth/me?access_token=" + token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_is_good_until_its_last_second_and_never_beyond_the_absolute_end()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromTicks(1));
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        // Keep it alive to ten minutes before its ninetieth day.
        for (var day = 0; day < 3; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(29));
            (await client.RefreshAsync()).EnsureOk();
        }
        server.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(25));
        var last = (await client.RefreshAsync()).EnsureOk();
        last.Json["expiresIn"]!.GetValue<int>().ShouldBe(600);
        server.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromTicks(1));
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var refused = await client.RefreshAsync();
        refused.Code.ShouldBe("SESSION_EXPIRED");

        // A longer exp, signed with our key, does not outlive the row.
        var payload = TokenForge.Payload(client.AccessToken!);
        payload["exp"] = server.Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds();
        (await TryAsync(client, TokenForge.Jwt(TokenForge.Header, payload.ToJsonString(), AccessKey))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_token_with_any_bit_changed_is_refused_and_harms_nothing()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var good = client.RefreshToken!;
        var bytes = Base64Url.DecodeFromChars(good);
        bytes.Length.ShouldBe(56);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            (await client.RefreshAsync(Base64Url.EncodeToString(bytes))).Code.ShouldBe("INVALID_REFRESH_TOKEN", $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        (await client.RefreshAsync(good)).EnsureOk();
    }

    [Fact]
    public async Task Texts_that_are_no_refresh_token_are_refused_on_refresh_and_swallowed_on_logout()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        var good = client.RefreshToken!;
        string[] texts =
        [
            "a", good[..^1], good + "A", good + "=", good[..74] + "!", new('!', 75), new(' ', 75), good[..74] + " ", new('é', 75), new('\u4E00', 75),
            new('A', 75), good.Insert(30, "\n")[..75], good.ToUpperInvariant(), client.AccessToken!, new('A', 5000), "ＡＢＣ" + good[3..],
        ];
        foreach (var text in texts)
        {
            (await client.RefreshAsync(text)).Code.ShouldBe("INVALID_REFRESH_TOKEN", text);
            (await LogoutAsync(server, text)).Status.ShouldBe(HttpStatusCode.OK, text);
        }
        (await client.RefreshAsync("")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await client.RefreshAsync(good)).EnsureOk();
    }

    [Fact]
    public async Task Neither_the_key_nor_the_database_alone_makes_a_refresh_token()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        using var other = server.NewClient();
        await other.RegisterAsync();
        var sid = TokenForge.Sid(client.RefreshToken!);
        await using var connection = await server.Database.OpenConnectionAsync();
        var salt = await connection.ExecuteScalarAsync<byte[]>("select salt from sessions where sid = @sid", new { sid });
        var otherSalt = await connection.ExecuteScalarAsync<byte[]>("select salt from sessions where sid <> @sid", new { sid });

        TokenForge.Refresh(JukeServer.Secret, sid, 1, salt!).ShouldBe(client.RefreshToken, "this is how it is made");
        (string Name, string Token)[] forgeries =
        [
            ("the key, without the salt", TokenForge.Refresh(JukeServer.Secret, sid, 1, [])),
            ("the key and a guessed salt", TokenForge.Refresh(JukeServer.Secret, sid, 1, new byte[16])),
            ("the key and another row's salt", TokenForge.Refresh(JukeServer.Secret, sid, 1, otherSalt!)),
            ("the row, without the key", TokenForge.Refresh(RandomNumberGenerator.GetBytes(32), sid, 1, salt!)),
            ("the row and the right key id, with a wrong key", WithKeyIdOf(client.RefreshToken!, TokenForge.Refresh(RandomNumberGenerator.GetBytes(32), sid, 1, salt!))),
            ("the key of access tokens", TokenForge.Refresh(JukeServer.Secret, sid, 1, salt!, "AccessToken")),
            ("the key of mailed links", TokenForge.Refresh(JukeServer.Secret, sid, 1, salt!, "EmailLink")),
        ];
        foreach (var (name, token) in forgeries) (await client.RefreshAsync(token)).Code.ShouldBe("INVALID_REFRESH_TOKEN", name);

        // Nothing in any row, in any of the usual spellings, is a credential.
        foreach (var column in await connection.QueryAsync<byte[]>("select unnest(array[sid, salt, secret_hash, attempt_hash]) from sessions"))
        {
            if (column is null) continue;
            foreach (var text in (string[])[Base64Url.EncodeToString(column), Convert.ToHexString(column), Convert.ToBase64String(column)])
            {
                (await client.RefreshAsync(text)).Code.ShouldBe("INVALID_REFRESH_TOKEN");
                (await TryAsync(client, text)).Status.ShouldBe(HttpStatusCode.Unauthorized);
            }
        }
        (await client.RefreshAsync()).EnsureOk();
    }

    [Fact]
    public async Task A_genuine_token_of_a_generation_that_was_never_made_ends_the_session()
    {
        // Only somebody with key and row could make it; a database restored from a backup shows the same picture.
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        await client.RegisterAsync();
        await client.RefreshAsync();
        await using (var connection = await server.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update sessions set gen = 1");
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized, "the row does not know this generation");
        (await client.RefreshAsync()).Code.ShouldBe("INVALID_REFRESH_TOKEN");
        await using (var connection = await server.Database.OpenConnectionAsync())
            (await connection.ExecuteScalarAsync<string>("select end_reason from sessions")).ShouldBe("unknown generation");
    }

    [Fact]
    public async Task Keys_change_under_live_sessions()
    {
        byte[] older = RandomNumberGenerator.GetBytes(32), newer = RandomNumberGenerator.GetBytes(32);
        var connectionString = await TestCluster.NewDatabaseAsync();
        var clock = new ManualClock();
        string access, refresh, lateRefresh;
        await using (var server = await JukeServer.StartAsync(s => s with { Secrets = [older] }, connectionString, clock))
        {
            using var client = await server.NewClient().OnboardedAsync();
            using var late = server.NewClient();
            await late.RegisterAsync();
            (access, refresh, lateRefresh) = (client.AccessToken!, client.RefreshToken!, late.RefreshToken!);
        }
        await using (var server = await JukeServer.StartAsync(s => s with { Secrets = [newer, older] }, connectionString, clock))
        {
            using var client = server.NewClient();
            client.AccessToken = access;
            (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
            (await client.RefreshAsync(refresh)).EnsureOk();
            client.AccessToken!.Split('.')[2].ShouldBe(Sign(client.AccessToken, newer), "the newest key signs");
            (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
            var again = client.RefreshToken;
            (await client.RefreshAsync(refresh)).EnsureOk();
            client.RefreshToken.ShouldBe(again, "the parent, signed with the old key, still has its grace");
            (access, refresh) = (client.AccessToken, client.RefreshToken!);
        }
        await using (var server = await JukeServer.StartAsync(s => s with { Secrets = [newer] }, connectionString, clock))
        {
            using var client = server.NewClient();
            (await client.RefreshAsync(lateRefresh)).Code.ShouldBe("INVALID_REFRESH_TOKEN", "signed with a key that is gone");
            client.AccessToken = access;
            (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
            (await client.RefreshAsync(refresh)).EnsureOk();
        }
        await using (var server = await JukeServer.StartAsync(s => s with { Secrets = [older] }, connectionString, clock))
        {
            using var client = server.NewClient();
            client.AccessToken = access;
            (await client.GetAsync("/fixtures/upcoming")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    private static string Sign(string jwt, byte[] secret) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(TokenForge.Key(secret, "AccessToken"), Encoding.ASCII.GetBytes(jwt[..jwt.LastIndexOf('.')])));

    private static string WithKeyIdOf(string genuine, string forged) =>
        Base64Url.EncodeToString([.. Base64Url.DecodeFromChars(genuine)[..4], .. Base64Url.DecodeFromChars(forged)[4..]]);

    private static Task<Reply> TryAsync(TestClient client, string token) =>
        client.SendAsync(HttpMethod.Get, "/auth/me", null, request =>
        {
            request.Headers.Authorization = null;
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        });

    private static async Task<Reply> LogoutAsync(JukeServer server, string refreshToken)
    {
        using var client = server.NewClient();
        return await client.PostAsync("/auth/logout", new { refreshToken });
    }

    /// <summary>A request as bytes: HttpClient would refuse to send most of these.</summary>
    private static async Task<int> RawAsync(Uri url, string headers)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET /auth/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var status = await reader.ReadLineAsync();
        return int.Parse(status!.Split(' ')[1]);
    }
}
