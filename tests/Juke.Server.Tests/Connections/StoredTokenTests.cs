using Juke.Desk.Spotify;
using Juke.Server.Plumbing;

namespace Juke.Server.Tests.Connections;

/// <summary>What stands in the table <c>credentials</c>, and what replaces what.</summary>
public sealed class StoredTokenTests
{
    [Fact]
    public async Task The_raw_row_holds_no_token()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.NewcomerAsync();
        var tokens = await world.ConnectAsync(client.UserId, world.StandIn.People[0]);
        var raw = (await world.Server.AskAsync<string>("select row_to_json(c)::text from credentials c where user_id = $1", client.UserId))!;
        foreach (var token in new[] { tokens.AccessToken, tokens.RefreshToken! })
        {
            raw.ShouldNotContain(token);
            raw.ShouldNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(token))[..24]);
        }
        var row = (await world.RowAsync(client.UserId))!;
        (world.Open(row.AccessToken), world.Open(row.RefreshToken)).ShouldBe((tokens.AccessToken, tokens.RefreshToken));
        // Sealed with a key of the ring that is itself sealed with JUKE_SECRETS.
        (await world.Server.AskAsync<string>("select string_agg(element, '') from data_protection_keys"))!.ShouldNotContain("<value>");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_refresh_token_never_replaces_one(bool isConnect)
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        var before = await world.RowAsync(client.UserId);
        await world.StoreAsync(client.UserId, new SpotifyTokens("a bare access token", null, null, []), isConnect);
        (await world.RowAsync(client.UserId)).ShouldBeEquivalentTo(before);
    }

    [Fact]
    public async Task A_sign_in_with_fewer_scopes_leaves_the_connection_alone_and_a_new_connection_replaces_it()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.NewcomerAsync();
        var person = world.StandIn.People[0];
        var connected = await world.ConnectAsync(client.UserId, person);
        var signIn = await world.TokensAsync(person, "user-read-email");
        await world.StoreAsync(client.UserId, signIn, isConnect: false);
        await ShowsAsync(connected);

        await world.StoreAsync(client.UserId, signIn, isConnect: true);
        await ShowsAsync(signIn);
        var wider = await world.TokensAsync(person, "user-read-email streaming app-remote-control");
        await world.StoreAsync(client.UserId, wider, isConnect: false);
        await ShowsAsync(wider);

        async Task ShowsAsync(SpotifyTokens tokens)
        {
            var row = (await world.RowAsync(client.UserId))!;
            (world.Open(row.AccessToken), world.Open(row.RefreshToken)).ShouldBe((tokens.AccessToken, tokens.RefreshToken));
            row.Scopes.ShouldBe(tokens.Scopes);
        }
    }

    [Fact]
    public async Task A_dead_connection_is_replaced_by_whatever_comes()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        await world.Server.ExecuteAsync("update credentials set refresh_token = null");
        await world.StoreAsync(client.UserId, new SpotifyTokens("a bare access token", null, null, []), isConnect: false);
        var row = (await world.RowAsync(client.UserId))!;
        (world.Open(row.AccessToken), row.RefreshToken, row.AccessEndsAt).ShouldBe(("a bare access token", null, null));
    }

    [Fact]
    public async Task Being_connected_answers_the_last_question_of_onboarding_and_only_signing_in_with_Spotify_does_not()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.NewcomerAsync();
        await SaysAsync(false);
        await world.ConnectAsync(client.UserId, world.StandIn.People[0]);
        await SaysAsync(true);

        // It is the only way in, so disconnecting leaves the identity: a way to sign in, and no more.
        await world.Server.ExecuteAsync("update users set password_hash = null where id = $1", client.UserId);
        (await client.PostAsync("/api/v1/auth/spotify/disconnect/")).Status.ShouldBe(System.Net.HttpStatusCode.NoContent);
        (await world.Server.AskAsync<long>("select count(*) from identities where user_id = $1", client.UserId)).ShouldBe(1);
        await SaysAsync(false);

        async Task SaysAsync(bool connected)
        {
            (await client.GetAsync("/api/v1/auth/spotify/status/")).EnsureOk().Json["connected"]!.GetValue<bool>().ShouldBe(connected);
            (await client.GetAsync("/api/onboarding")).Json["answered"]!.AsArray().Any(s => (string?)s == "connect").ShouldBe(connected);
        }
    }
}
