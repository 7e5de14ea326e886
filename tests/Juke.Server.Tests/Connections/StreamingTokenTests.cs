using System.Net;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Server.Connections;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Testing;
using Reply = Juke.Testing.Reply;

namespace Juke.Server.Tests.Connections;

public sealed class StreamingTokenTests
{
    [Fact]
    public async Task The_token_and_the_status_have_the_old_shapes()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var guest = await world.NewcomerAsync();
        (await guest.GetAsync("/api/v1/auth/spotify/status/")).EnsureOk().Body.ShouldBe(
            """{"connected":false,"provider":"spotify","spotify_user_id":null,"scopes":[],"expires_at":null,"expires_in":null,"has_refresh_token":false}""");

        using var client = await world.ConnectedAsync("user-read-email streaming");
        var row = (await world.RowAsync(client.UserId))!;
        var end = world.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        (await client.GetAsync("/api/v1/auth/spotify/status/")).EnsureOk().Body.ShouldBe(
            $$"""{"connected":true,"provider":"spotify","spotify_user_id":"{{row.ExternalId}}","scopes":["streaming","user-read-email"],"expires_at":{{end}},"expires_in":3600,"has_refresh_token":true}""");

        var reply = (await ConnectedWorld.TokenAsync(client)).EnsureOk();
        reply.Body.ShouldBe($$"""{"provider":"spotify","token_type":"Bearer","access_token":"{{world.Open(row.AccessToken)}}","expires_at":{{end}},"expires_in":3600}""");
        reply.Headers.CacheControl!.NoStore.ShouldBeTrue();
        world.Refreshes.ShouldBe(0);
    }

    [Fact]
    public async Task Who_is_not_connected_is_told_so_in_the_old_words()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.NewcomerAsync();
        var reply = await ConnectedWorld.TokenAsync(client);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        (reply.Json.Text("error"), reply.Json.Text("detail")).ShouldBe(("spotify_not_connected", "Connect Spotify before requesting a streaming token."));
    }

    [Fact]
    public async Task It_is_refreshed_forty_five_seconds_before_its_end()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        var first = (await ConnectedWorld.TokenAsync(client)).Json.Text("access_token");
        var refresh = (await world.RowAsync(client.UserId))!.RefreshToken;
        world.Clock.Advance(TimeSpan.FromHours(1) - GiveStreamingToken.Margin - TimeSpan.FromTicks(1));
        (await client.RefreshAsync()).EnsureOk();
        (await ConnectedWorld.TokenAsync(client)).Json.Text("access_token").ShouldBe(first);
        world.Clock.Advance(TimeSpan.FromTicks(1));
        var second = (await ConnectedWorld.TokenAsync(client)).EnsureOk();
        second.Json.Text("access_token").ShouldNotBe(first);
        second.Json["expires_in"]!.GetValue<long>().ShouldBe(3600);
        world.Refreshes.ShouldBe(1);
        // Spotify gave no new refresh token, and named no reason to forget the one that we have.
        var row = (await world.RowAsync(client.UserId))!;
        row.RefreshToken.ShouldBe(refresh);
        row.Scopes.ShouldBe(["streaming", "user-read-email"]);
    }

    [Fact]
    public async Task A_rotated_refresh_token_replaces_the_one_before()
    {
        await using var world = await ConnectedWorld.StartAsync();
        world.StandIn.RotateRefreshTokens = true;
        using var client = await world.ConnectedAsync();
        var seen = new HashSet<string?> { world.Open((await world.RowAsync(client.UserId))!.RefreshToken) };
        for (var hour = 1; hour <= 5; hour++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            world.Clock.Advance(TimeSpan.FromHours(1));
            (await RefreshedAccessAsync(world, client)).EnsureOk();
            var refresh = world.Open((await world.RowAsync(client.UserId))!.RefreshToken).ShouldNotBeNull();
            SecretWatch.Remember(refresh);
            seen.Add(refresh).ShouldBeTrue();
        }
        world.Refreshes.ShouldBe(5);
    }

    [Fact]
    public async Task Fifty_requests_at_two_servers_make_one_refresh()
    {
        await using var world = await ConnectedWorld.StartAsync(2);
        world.StandIn.RotateRefreshTokens = true; // A second refresh would end the first one's token.
        for (var round = 0; round < Soak.Count(3, 30); round++)
        {
            using var client = await world.ConnectedAsync();
            world.Clock.Advance(TimeSpan.FromMinutes(59.5));
            (await client.RefreshAsync()).EnsureOk();
            var before = world.Refreshes;
            var clients = Enumerable.Range(0, 50).Select(i => world.At(i, client)).ToArray();
            var replies = await Task.WhenAll(clients.Select(ConnectedWorld.TokenAsync));
            replies.Select(r => r.Status).Distinct().ShouldBe([HttpStatusCode.OK]);
            replies.Select(r => r.Json.Text("access_token")).Distinct().Count().ShouldBe(1);
            (world.Refreshes - before).ShouldBe(1);
            foreach (var one in clients) one.Dispose();
        }
    }

    [Fact]
    public async Task A_dead_refresh_token_is_forgotten_and_the_connection_stays_to_be_made_again()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        world.Clock.Advance(world.Clock.GetUtcNow().AddMonths(6) - world.Clock.GetUtcNow());
        using var later = await SignInAgainAsync(world, client);
        var reply = await ConnectedWorld.TokenAsync(later);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        (reply.Json.Text("error"), reply.Json.Text("detail")).ShouldBe(("spotify_refresh_failed", "Spotify authentication expired. Please reconnect your account."));

        var status = (await later.GetAsync("/api/v1/auth/spotify/status/")).EnsureOk().Json;
        (status.Flag("connected"), status.Flag("has_refresh_token")).ShouldBe((true, false));
        (await world.Server.AskAsync<long>("select count(*) from identities where user_id = $1", client.UserId)).ShouldBe(1);
        // Spotify is not asked again about a token that it refused.
        (await ConnectedWorld.TokenAsync(later)).Json.Text("error").ShouldBe("spotify_refresh_failed");
        world.Refreshes.ShouldBe(1);
    }

    public static TheoryData<string> Passing() => new("429", "500", "drop", "broken", "huge", "redirect", "invalid_client", "403");

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_fault_that_passes_takes_nothing_away(string fault)
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        var before = await world.RowAsync(client.UserId);
        world.Clock.Advance(TimeSpan.FromMinutes(59.5));
        world.StandIn.Faults.Always("token", fault switch
        {
            "429" => Fault.TooManyRequests("7"),
            "500" => Fault.Status(500),
            "drop" => Fault.Drop,
            "broken" => Fault.BrokenJson,
            "huge" => Fault.HugeBody,
            "redirect" => Fault.Redirect("https://elsewhere.example/"),
            "403" => Fault.Status(403, "no", "text/plain"),
            _ => Fault.Status(401, """{"error":"invalid_client"}"""),
        });
        (await client.RefreshAsync()).EnsureOk();
        var reply = await ConnectedWorld.TokenAsync(client);
        reply.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        reply.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        reply.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(fault == "429" ? 7 : 2));
        (await world.RowAsync(client.UserId)).ShouldBeEquivalentTo(before);

        world.StandIn.Faults.Clear();
        (await ConnectedWorld.TokenAsync(client)).EnsureOk();
    }

    [Fact]
    public async Task A_Spotify_that_hangs_is_given_up_after_five_seconds_and_nobody_else_waits()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        using var other = await world.NewcomerAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(59.5));
        (await client.RefreshAsync()).EnsureOk();
        (await other.RefreshAsync()).EnsureOk();
        world.StandIn.Faults.Always("token", Fault.Hang);
        var running = ConnectedWorld.TokenAsync(client);
        await Until.TrueAsync(() => world.Refreshes > 0);
        (await other.GetAsync("/auth/me")).EnsureOk();
        world.Clock.Advance(ProviderHttp.Patience);
        (await running).Code.ShouldBe("PROVIDER_UNAVAILABLE");
    }

    [Fact]
    public async Task However_many_people_wait_for_a_slow_Spotify_twenty_connections_are_held_and_no_more()
    {
        await using var world = await ConnectedWorld.StartAsync();
        var clients = new List<TestClient>();
        for (var i = 0; i < 25; i++) clients.Add(await world.ConnectedAsync());
        await world.Server.ExecuteAsync("update credentials set access_expires_at = $1", world.Clock.GetUtcNow());
        world.StandIn.Faults.Always("token", Fault.Hang);
        var running = clients.Select(ConnectedWorld.TokenAsync).ToList();
        for (var i = 0; i < 5; i++)
        {
            var refused = await Task.WhenAny(running);
            running.Remove(refused);
            (await refused).Code.ShouldBe("PROVIDER_UNAVAILABLE");
        }
        await Until.TrueAsync(() => world.Refreshes == 20);
        running.ShouldAllBe(r => !r.IsCompleted);
        (await clients[0].GetAsync("/auth/me")).EnsureOk();
        world.Clock.Advance(ProviderHttp.Patience);
        foreach (var reply in await Task.WhenAll(running)) reply.Code.ShouldBe("PROVIDER_UNAVAILABLE");
        world.Refreshes.ShouldBe(20);
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task Who_waits_five_seconds_for_another_server_is_told_to_come_back()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        await world.Server.ExecuteAsync("update credentials set access_expires_at = $1", world.Clock.GetUtcNow());
        await using var connection = await world.Server.Database.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // The lock's time is PostgreSQL's, the one clock that no test moves.
            await ProviderCredentials.HoldAsync(transaction, client.UserId, "spotify", default);
            var reply = await ConnectedWorld.TokenAsync(client);
            reply.Code.ShouldBe("PROVIDER_UNAVAILABLE");
            reply.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        }
        world.Refreshes.ShouldBe(0);
        (await ConnectedWorld.TokenAsync(client)).EnsureOk();
    }

    [Fact]
    public async Task A_token_whose_end_was_not_said_is_given_out_for_the_usual_hour()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        await world.Server.ExecuteAsync("update credentials set access_expires_at = null, refresh_token = null");
        var reply = (await ConnectedWorld.TokenAsync(client)).EnsureOk();
        reply.Json["expires_at"].ShouldBeNull();
        reply.Json["expires_in"].ShouldBeNull();
        world.Clock.Advance(TimeSpan.FromHours(1));
        (await client.RefreshAsync()).EnsureOk();
        (await ConnectedWorld.TokenAsync(client)).Json.Text("error").ShouldBe("spotify_refresh_failed");
    }

    [Fact]
    public async Task Tokens_that_no_key_opens_are_unavailable_and_the_person_reconnects()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        await world.Server.ExecuteAsync("update credentials set access_token = 'CfDJ8nonsense', refresh_token = 'CfDJ8nonsense'");
        var reply = await ConnectedWorld.TokenAsync(client);
        (reply.Json.Text("error"), reply.Json.Text("detail")).ShouldBe(("spotify_access_token_unavailable", "Spotify authentication expired. Please reconnect your account."));
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Thirty_a_minute_for_each_user_and_then_the_old_words()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        using var other = await world.ConnectedAsync();
        for (var i = 0; i < 30; i++) (await ConnectedWorld.TokenAsync(client)).EnsureOk();
        var reply = await ConnectedWorld.TokenAsync(client);
        reply.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        reply.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        reply.Json.Text("detail").ShouldBe("Request was throttled. Expected available in 2 seconds.");
        (await ConnectedWorld.TokenAsync(other)).EnsureOk();
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        (await ConnectedWorld.TokenAsync(client)).EnsureOk();
    }

    // The session's own access token has long ended; whoever comes back signs in.
    private static async Task<TestClient> SignInAgainAsync(ConnectedWorld world, TestClient client)
    {
        var again = world.Server.NewClient();
        (await again.LoginAsync((await world.Server.AskAsync<string>("select email from users where id = $1", client.UserId))!)).EnsureOk();
        return again;
    }

    private static async Task<Reply> RefreshedAccessAsync(ConnectedWorld world, TestClient client)
    {
        using var again = await SignInAgainAsync(world, client);
        return await ConnectedWorld.TokenAsync(again);
    }
}
