using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Juke.Desk.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

/// <summary>Meters are the process's: whoever counts them runs alone.</summary>
[CollectionDefinition(nameof(DoorMetrics), DisableParallelization = true)]
public sealed class DoorMetrics;

/// <summary><c>juke.sign_ins</c> at the browsers' doors (docs/migration.md): a refused sign-in counts, a refused connection is none.</summary>
[Collection(nameof(DoorMetrics))]
public sealed class DoorMetricsTests(Doors doors) : IClassFixture<Doors>
{
    [Theory]
    [InlineData("spotify", "token")]
    [InlineData("spotify", "me")]
    [InlineData("google", "token")]
    public async Task A_sign_in_that_the_provider_spoils_counts_once_as_refused(string provider, string endpoint)
    {
        using var browser = new Browser(doors.Server);
        var faults = provider == "google" ? doors.Google.Faults : doors.Spotify.Faults;
        faults.Always(endpoint, Fault.ServerErrorHtml);
        try
        {
            (await CountAsync(() => browser.TravelAsync($"/auth/{provider}/start", Person(provider)))).ShouldBe([provider + " refused"]);
        }
        finally
        {
            faults.Clear();
        }
        (await CountAsync(() => browser.GetAsync($"/auth/{provider}/callback?code=c&state=s"))).ShouldBe([provider + " refused"]);
        (await CountAsync(() => browser.TravelAsync($"/auth/{provider}/start", Person(provider)))).ShouldBe([provider + " success"]);
    }

    [Fact]
    public async Task A_bare_token_that_Spotify_does_not_know_counts_as_refused()
    {
        using var client = doors.Server.NewClient();
        (await CountAsync(() => client.PostAsync("/api/v1/auth/social-login/", new { access_token = "nobody's" }))).ShouldBe(["spotify refused"]);
        (await CountAsync(() => doors.WithAccessTokenAsync(client, doors.Listener()))).ShouldBe(["spotify success"]);
    }

    [Fact]
    public async Task An_id_token_that_is_not_good_counts_as_refused()
    {
        using var client = doors.Server.NewClient();
        foreach (var idToken in (string[])["", "x.y.z", new string('x', 10_001)])
            (await CountAsync(() => client.PostAsync("/auth/google", new { idToken }))).ShouldBe(["google refused"]);
    }

    [Fact]
    public async Task A_connection_that_is_refused_is_no_sign_in()
    {
        var taken = doors.Listener();
        (await doors.WithSpotifyAsync(doors.Server.NewClient(), taken)).EnsureOk();
        await doors.Server.ExecuteAsync("update users set username = 'holds ' || id where id = (select user_id from identities where subject = $1)", taken.AccountId!);
        using var browser = await new Browser(doors.Server).RegisterAsync();
        foreach (var person in (string[])[taken.Key, "outage-token", "outage-me", "not-listed", Picker.Deny])
            (await CountAsync(() => browser.TravelAsync("/settings/connect/spotify", person))).ShouldBeEmpty(person);

        using var another = await new Browser(doors.Server).RegisterAsync();
        var back = await browser.AnswerAsync((await browser.GetAsync("/settings/connect/spotify")).Location!, taken.Key);
        (await CountAsync(() => browser.GetAsync(back.Replace("/auth/spotify/", "/auth/google/", StringComparison.Ordinal)))).ShouldBeEmpty("the trip is known, and was to connect");
        (await CountAsync(() => another.SubmitAsync("/settings", "/connect/spotify", ("state", "x"), ("answer", "yes")))).ShouldBeEmpty();
    }

    private string Person(string provider) => provider == "google" ? doors.Gmail().Key : doors.Listener().Key;

    /// <summary>What <c>juke.sign_ins</c> counted meanwhile: door and outcome.</summary>
    private static async Task<IReadOnlyCollection<string>> CountAsync(Func<Task> action)
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, me) => { if (instrument.Name == "juke.sign_ins") me.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => seen.Enqueue(string.Join(' ', tags.ToArray().Select(t => t.Value))));
        listener.Start();
        await action();
        return seen;
    }
}
