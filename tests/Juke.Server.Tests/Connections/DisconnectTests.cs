using System.Net;
using Juke.Server.Data;
using Juke.Testing;

namespace Juke.Server.Tests.Connections;

public sealed class DisconnectTests
{
    [Fact]
    public async Task It_always_answers_204_with_nothing()
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.NewcomerAsync();
        for (var i = 0; i < 2; i++)
        {
            var reply = await client.PostAsync("/api/v1/auth/spotify/disconnect/");
            (reply.Status, reply.Body).ShouldBe((HttpStatusCode.NoContent, ""));
        }
    }

    [Theory]
    [InlineData("password and address", null, true)]
    [InlineData("password and username", "update users set email = null, email_key = null, email_proved_at = null, username = 'nia', username_key = 'nia' where id = $1", true)]
    [InlineData("password and Google", "insert into identities (user_id, provider, subject, created_at, seen_at) values ($1, 'google', 'g1', now(), now())", true)]
    [InlineData("Google, no password", "with i as (insert into identities (user_id, provider, subject, created_at, seen_at) values ($1, 'google', 'g2', now(), now())) update users set password_hash = null where id = $1", true)]
    [InlineData("no password", "update users set password_hash = null where id = $1", false)]
    [InlineData("a password and nothing to type beside it", "update users set email = null, email_key = null, email_proved_at = null where id = $1", false)]
    [InlineData("a password and an address that an imported twin holds", "update users set email_key = null, email_proved_at = null where id = $1", false)]
    public async Task The_identity_goes_only_if_another_way_in_remains(string ways, string? sql, bool goes)
    {
        await using var world = await ConnectedWorld.StartAsync();
        using var client = await world.ConnectedAsync();
        if (sql is not null) await world.Server.ExecuteAsync(sql, client.UserId);
        // The settings page asks the same before, to say what will become of it.
        (await world.Server.AskAsync<bool>($"select {Accounts.PasswordSignsIn} from accounts a where a.id = $1", client.UserId)).ShouldBe(goes && ways.StartsWith("password", StringComparison.Ordinal), ways);
        (await client.PostAsync("/api/v1/auth/spotify/disconnect/")).Status.ShouldBe(HttpStatusCode.NoContent, ways);
        (await world.Server.AskAsync<long>("select count(*) from credentials where user_id = $1", client.UserId)).ShouldBe(0);
        (await world.Server.AskAsync<long>("select count(*) from identities where user_id = $1 and provider = 'spotify'", client.UserId)).ShouldBe(goes ? 0 : 1);
        (await client.GetAsync("/api/v1/auth/spotify/status/")).Json.Flag("connected").ShouldBeFalse();
        (await ConnectedWorld.TokenAsync(client)).Json.Text("error").ShouldBe("spotify_not_connected");
    }

    [Fact]
    public async Task Taking_away_both_ways_at_the_same_moment_leaves_one()
    {
        await using var world = await ConnectedWorld.StartAsync();
        for (var round = 0; round < Soak.Count(20, 500); round++)
        {
            using var client = await world.ConnectedAsync();
            await world.Server.ExecuteAsync("insert into identities (user_id, provider, subject, created_at, seen_at) values ($1, 'google', $2, now(), now())", client.UserId, "g" + client.UserId);
            await world.Server.ExecuteAsync("update users set password_hash = null where id = $1", client.UserId);
            await Task.WhenAll(
                Task.Run(() => ProviderCredentials.DisconnectAsync(world.Server.Database, client.UserId, "spotify", default)),
                Task.Run(() => ProviderCredentials.DisconnectAsync(world.Server.Database, client.UserId, "google", default)));
            (await world.Server.AskAsync<long>("select count(*) from identities where user_id = $1", client.UserId)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_refresh_under_way_brings_nothing_back()
    {
        await using var world = await ConnectedWorld.StartAsync();
        for (var round = 0; round < Soak.Count(10, 200); round++)
        {
            using var client = await world.ConnectedAsync();
            world.Clock.Advance(TimeSpan.FromMinutes(59.5));
            (await client.RefreshAsync()).EnsureOk();
            using var other = world.At(0, client);
            var token = ConnectedWorld.TokenAsync(client);
            (await other.PostAsync("/api/v1/auth/spotify/disconnect/")).Status.ShouldBe(HttpStatusCode.NoContent);
            (await token).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
            (await world.RowAsync(client.UserId)).ShouldBeNull();
        }
    }
}
