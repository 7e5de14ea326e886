using System.Net;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>The risk that the second seed names: onboarding is finished on one device while Spotify is connected on another.</summary>
public sealed class CompleteAndConnectTests(Doors doors) : IClassFixture<Doors>
{
    [Fact]
    public async Task Finishing_onboarding_and_connecting_Spotify_at_the_same_moment_lose_neither()
    {
        await using var second = await doors.AnotherServerAsync(doors.Server.ConnectionString);
        var order = new Random(Soak.Seed);
        for (var round = 0; round < Soak.Count(100, 1000); round++)
        {
            var email = TestClient.NewEmail();
            using var browser = await new Browser(doors.Server).RegisterAsync(email);
            using var phone = second.NewClient();
            (await phone.LoginAsync(email)).EnsureOk();
            var listener = doors.Listener();
            var back = await browser.AnswerAsync((await browser.GetAsync("/settings/connect/spotify?next=%2Fonboarding%2Fconnect")).Location!, listener.Key);

            var (name, genres, how) = (TestClient.NewName(), new[] { "jazz", "soul" }, order.Next(4));
            var (finishing, connecting) = (order.Next(3), order.Next(3));
            var finished = Task.Run(async () =>
            {
                for (var i = 0; i < finishing; i++) await Task.Yield();
                return how switch
                {
                    0 => await phone.CompleteAsync(name),
                    1 => await phone.PostAsync("/auth/onboarding/complete", new { username = name, profile = new { favorite_genres = genres } }),
                    2 => await phone.PatchAsync("/api/v1/music-profiles/me/", new { favorite_genres = genres, onboarding_completed_at = "2026-01-01T00:00:00Z" }),
                    _ => await phone.PatchAsync("/api/v1/music-profiles/me/", new { custom_data = new { onboarding_completed_at = "2026-01-01T00:00:00Z" }, favorite_genres = genres }),
                };
            });
            var connected = Task.Run(async () =>
            {
                for (var i = 0; i < connecting; i++) await Task.Yield();
                return await browser.GetAsync(back);
            });

            var note = $"JUKE_SEED={Soak.Seed}, round {round}, way {how}";
            (await finished).Status.ShouldBe(HttpStatusCode.OK, note);
            // Whose onboarding is done is led past the wizard by the page itself; the connection is made either way.
            (await connected).Location.ShouldBe("/onboarding/connect", note);
            var me = (await phone.GetAsync("/auth/me")).EnsureOk().Json;
            me["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse(note);
            if (how < 2) me.Text("username").ShouldBe(name, note);
            var profile = (await phone.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json;
            profile["onboarding_completed_at"].ShouldNotBeNull(note);
            if (how > 0) profile["favorite_genres"]!.AsArray().Select(g => (string)g!).ShouldBe(genres, note);
            var status = (await phone.GetAsync("/api/v1/auth/spotify/status/")).EnsureOk().Json;
            (status["connected"]!.GetValue<bool>(), status["has_refresh_token"]!.GetValue<bool>(), status.Text("spotify_user_id")).ShouldBe((true, true, listener.Id), note);
            (await doors.Server.AskAsync<long>("select count(*) from identities where user_id = $1 and subject = $2", phone.UserId, listener.AccountId!)).ShouldBe(1, note);
        }
    }
}
