using System.Net;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Testing;
using Shouldly;
using Xunit;
using Reply = Juke.Testing.Reply;

namespace Juke.Server.Tests.SignUp;

/// <summary>
/// The risk that the second seed names: onboarding is finished on one device while Spotify is connected on another. Each way to
/// finish meets each order: finishing first, connecting first, finishing while Spotify is asked, and as it comes.
/// </summary>
public sealed class CompleteAndConnectTests(Doors doors) : IClassFixture<Doors>
{
    private static readonly string[] Genres = ["jazz", "soul"];

    [Fact]
    public async Task Finishing_onboarding_and_connecting_Spotify_at_the_same_moment_lose_neither()
    {
        await using var second = await doors.AnotherServerAsync(doors.Server.ConnectionString);
        for (var round = 0; round < Soak.Count(100, 1000); round++)
        {
            var (way, order) = (round % 4, round / 4 % 4);
            var email = TestClient.NewEmail();
            using var browser = await new Browser(doors.Server).RegisterAsync(email);
            using var phone = second.NewClient();
            (await phone.LoginAsync(email)).EnsureOk();
            var (listener, name) = (doors.Listener(), TestClient.NewName());
            var back = await browser.AnswerAsync((await browser.GetAsync("/settings/connect/spotify?next=%2Fonboarding%2Fconnect")).Location!, listener.Key);

            var (finished, connected) = await MeetAsync(order, phone.UserId, listener, () => FinishAsync(phone, way, name), () => browser.GetAsync(back));

            var note = $"round {round}, way {way}, order {order}";
            finished.Status.ShouldBe(HttpStatusCode.OK, note);
            // Whose onboarding is done is led past the wizard by the page itself; the connection is made either way.
            connected.Location.ShouldBe("/onboarding/connect", note);
            var me = (await phone.GetAsync("/auth/me")).EnsureOk().Json;
            me["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse(note);
            if (way < 2) me.Text("username").ShouldBe(name, note);
            var profile = (await phone.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json;
            profile["onboarding_completed_at"].ShouldNotBeNull(note);
            if (way > 0) profile["favorite_genres"]!.AsArray().Select(g => (string)g!).ShouldBe(Genres, note);
            var status = (await phone.GetAsync("/api/v1/auth/spotify/status/")).EnsureOk().Json;
            (status["connected"]!.GetValue<bool>(), status["has_refresh_token"]!.GetValue<bool>(), status.Text("spotify_user_id")).ShouldBe((true, true, listener.Id), note);
            (await doors.Server.AskAsync<long>("select count(*) from identities where user_id = $1 and subject = $2", phone.UserId, listener.AccountId!)).ShouldBe(1, note);
        }
    }

    private static Task<Reply> FinishAsync(TestClient phone, int way, string name) => way switch
    {
        0 => phone.CompleteAsync(name),
        1 => phone.PostAsync("/auth/onboarding/complete", new { username = name, profile = new { favorite_genres = Genres } }),
        2 => phone.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = Genres, onboarding_completed_at = "2026-01-01T00:00:00Z" }),
        _ => phone.PatchAsync("/api/v1/music-profiles/me/", new { custom_data = new { onboarding_completed_at = "2026-01-01T00:00:00Z" }, favorite_genres = Genres }),
    };

    private Task<(Reply Finished, BrowserReply Connected)> MeetAsync(int order, long userId, SpotifyPerson listener, Func<Task<Reply>> finish, Func<Task<BrowserReply>> connect) => order switch
    {
        0 => QueueAsync(userId, finish, connect),
        1 => SwappedAsync(() => QueueAsync(userId, connect, finish)),
        2 => WhileSpotifyIsAskedAsync(listener, finish, connect),
        _ => BothAsync(finish, connect),
    };

    /// <summary>Both want the account's row and wait for it inside the database, this one before that one.</summary>
    private async Task<(T, TNext)> QueueAsync<T, TNext>(long userId, Func<Task<T>> first, Func<Task<TNext>> next)
    {
        await using var row = await HeldRow.HoldAsync(doors.Server, "select from users where id = $1 for no key update", userId);
        var before = first();
        await row.UntilQueuedAsync(before);
        var after = next();
        await row.UntilQueuedAsync(after);
        await row.LetGoAsync();
        return (await before, await after);
    }

    /// <summary>Connecting has begun, as somebody who is not done; when Spotify answers, they are.</summary>
    private async Task<(Reply, BrowserReply)> WhileSpotifyIsAskedAsync(SpotifyPerson listener, Func<Task<Reply>> finish, Func<Task<BrowserReply>> connect)
    {
        var (asked, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        doors.Spotify.Faults.Next("token", new Fault("waits", async context =>
        {
            asked.SetResult();
            await gate.Task;
            await Fault.Status(200, """{"access_token":"a-token-of-the-test","token_type":"Bearer","expires_in":3600,"refresh_token":"a-refresh-token-of-the-test","scope":"streaming"}""").AnswerAsync(context);
        }));
        doors.Spotify.Faults.Next("me", Fault.Status(200, $$"""{"account_id":"{{listener.AccountId}}","id":"{{listener.Id}}"}"""));
        var connected = connect();
        await asked.Task;
        var finished = await finish();
        connected.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        return (finished, await connected);
    }

    private static async Task<(Reply, BrowserReply)> SwappedAsync(Func<Task<(BrowserReply, Reply)>> meet)
    {
        var (connected, finished) = await meet();
        return (finished, connected);
    }

    private static async Task<(Reply, BrowserReply)> BothAsync(Func<Task<Reply>> finish, Func<Task<BrowserReply>> connect)
    {
        var (finished, connected) = (Task.Run(finish), Task.Run(connect));
        return (await finished, await connected);
    }
}
