using System.Net;
using Juke.Client.Tests.Faults;
using Juke.Contract.Wire;

namespace Juke.Client.Tests;

/// <summary>Signing in and out against a real server, with tokens and with the cookies that the session keeps itself.</summary>
public sealed class SignInTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signing_in_over_a_living_session_ends_that_one_on_the_server_too(bool cookies)
    {
        await using var server = await JukeServer.StartAsync(clock: ManualClock.Tomorrow());
        await using var session = new Session(new SessionOptions { Server = server.Url, UseCookies = cookies, Timeout = Patience.Long });
        await RegisterAsync(session);
        var second = await RegisterAsync(session);
        (await LivingAsync(server)).ShouldBe([second.Id]);
        server.Clock.Advance(TimeSpan.FromMinutes(16)); // The new one is whole: it refreshes.
        (await session.Juke.ListSessionsAsync()).Sessions.Count.ShouldBe(1);
        session.State.User!.Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task With_cookies_signing_out_without_a_network_leaves_none_behind()
    {
        await using var server = await JukeServer.StartAsync(clock: ManualClock.Tomorrow());
        await using var network = await FaultyNetwork.OpenAsync();
        network.Server = server.Url;
        await using var session = new Session(new SessionOptions { Server = network.Url, UseCookies = true, Timeout = Patience.Long });
        await RegisterAsync(session);
        network.Server = null;
        await session.SignOutAsync();
        session.State.Status.ShouldBe(SessionStatus.Guest);
        network.Server = server.Url;
        var refused = await Should.ThrowAsync<ProblemException>(() => session.Juke.RefreshAsync(new RefreshRequest()));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, "no cookie came");
    }

    [Fact]
    public async Task With_cookies_signing_out_ends_the_session_on_the_server()
    {
        await using var server = await JukeServer.StartAsync(clock: ManualClock.Tomorrow());
        await using var session = new Session(new SessionOptions { Server = server.Url, UseCookies = true, Timeout = Patience.Long });
        await RegisterAsync(session);
        await session.SignOutAsync();
        (await LivingAsync(server)).ShouldBeEmpty();
    }

    private static Task<User> RegisterAsync(Session session) =>
        session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(TestClient.NewEmail(), TestClient.Password), stop));

    private static async Task<List<long>> LivingAsync(JukeServer server)
    {
        await using var command = server.Database.CreateCommand("select user_id from sessions where ended_at is null");
        await using var rows = await command.ExecuteReaderAsync();
        var users = new List<long>();
        while (await rows.ReadAsync()) users.Add(rows.GetInt64(0));
        return users;
    }
}
