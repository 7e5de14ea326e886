using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Contract.Wire;

namespace Juke.Client.Tests;

/// <summary>Each method of <see cref="JukeClient"/>, once, against the real server: paths, bodies and answers fit, as strictly as they are read.</summary>
public sealed class JourneyTests : IAsyncLifetime
{
    /// <summary>Need a provider's world: played in tests/Juke.Cli.Tests (BrowserSignInTests) through the same methods.</summary>
    private static readonly string[] Elsewhere = ["signInWithGoogle", "signInWithSpotify"];

    private readonly Recorder recorder = new();
    private JukeServer server = null!;
    private Session ada = null!;
    private string email = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        ada = new Session(new SessionOptions { Server = server.Url, Handler = recorder, Timeout = Patience.Long });
        email = TestClient.NewEmail();
        await ada.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(email, TestClient.Password), stop));
    }

    [Fact]
    public async Task Every_operation_is_called_and_its_answer_understood()
    {
        var name = await OnboardAsync();
        await MeetPeopleAsync(name);
        await ConnectAsync();
        await ProveAddressesAsync();
        await ChangePasswordsAsync();
        await LeaveAsync();
        recorder.Operations().Order(StringComparer.Ordinal).ShouldBe(OperationTests.Served.Except(Elsewhere, StringComparer.Ordinal).Order(StringComparer.Ordinal), "call the new method here");
    }

    public async ValueTask DisposeAsync()
    {
        await ada.DisposeAsync();
        await server.DisposeAsync();
    }

    private async Task<string> OnboardAsync()
    {
        (await ada.Juke.GetOnboardingAsync()).Missing.ShouldBe(["username"]);
        (await ada.Juke.SkipOnboardingStepAsync(new SkipRequest("artist"))).NextStep.ShouldBe("username");
        (await ada.Juke.FeaturedGenresAsync()).ShouldNotBeEmpty();
        (await ada.Juke.SearchCitiesAsync("Oslo")).Results.ShouldContain(c => c.CountryCode == "NO");
        (await ada.Juke.SearchArtistsAsync("Nina")).Results.ShouldNotBeNull();
        var name = TestClient.NewName();
        (await ada.Juke.CheckUsernameAsync(name)).Available.ShouldBeTrue();
        (await ada.Juke.CompleteOnboardingAsync(name, new JsonObject { ["favorite_genres"] = new JsonArray("jazz") })).User.OnboardingRequired.ShouldBeFalse();
        (await ada.Juke.MeAsync()).Username.ShouldBe(name);
        return name;
    }

    private async Task MeetPeopleAsync(string name)
    {
        var answers = new JsonObject { ["location"] = "Oslo", ["city_lat"] = 59.91, ["city_lng"] = 10.75 };
        (await ada.Juke.SaveMyMusicProfileAsync(answers)).Value.Location.ShouldBe("Oslo");
        (await ada.Juke.GetMyMusicProfileAsync())!.Value.CityLat.ShouldBe(59.91);
        (await ada.Juke.GetMusicProfileAsync(name))!.Value.FavoriteGenres.ShouldBe(["jazz"]);
        (await Should.ThrowAsync<ProblemException>(() => ada.Juke.GetMusicProfileAsync("nobody-of-this-name"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ada.Juke.SearchMusicProfilesAsync(name)).Results.ShouldHaveSingleItem().Username.ShouldBe(name);
        (await ada.Juke.GetGlobeAsync(new GlobeQuery { MinLat = 59, MaxLat = 60, MinLng = 10, MaxLng = 11, Zoom = 20, Limit = 5 })).ShouldHaveSingleItem().Username.ShouldBe(name);
        (await ada.Juke.GetGlobeAsync(new GlobeQuery { MinLat = -10, MaxLat = -9, MinLng = 10.5, MaxLng = 11 })).ShouldBeEmpty();
        (await ada.Juke.ListOnlineMusicProfilesAsync(limit: 1, offset: 0)).Results.Count.ShouldBeLessThanOrEqualTo(1);
        (await ada.Juke.GetUserProfileAsync()).User.Username.ShouldBe(name);
        (await ada.Juke.UpdateUserProfileAsync(new UpdateProfileRequest(Name: new("Ada L.")))).User.Name.ShouldBe("Ada L.");
        (await ada.Juke.UpcomingFixturesAsync(new FixtureQuery { PerPage = 1, HasOdds = false })).Pagination.PerPage.ShouldBe(1);
    }

    private async Task ConnectAsync()
    {
        (await ada.Juke.SpotifyStatusAsync()).Connected.ShouldBeFalse();
        (await Should.ThrowAsync<ProblemException>(() => ada.Juke.SpotifyTokenAsync())).Status.ShouldBe(HttpStatusCode.BadRequest);
        await ada.Juke.SpotifyDisconnectAsync();
    }

    private async Task ProveAddressesAsync()
    {
        var wrong = TestClient.NewEmail();
        await ada.Juke.AddEmailAsync(new AddEmailRequest(wrong, TestClient.Password));
        (await ada.Juke.RejectEmailAsync(new EmailTokenRequest(await LinkAsync(wrong, "Confirm")))).Success.ShouldBeTrue();
        await ada.Juke.AddEmailAsync(new AddEmailRequest(email, TestClient.Password));
        (await ada.Juke.VerifyEmailAsync(new EmailTokenRequest(await LinkAsync(email, "Confirm", count: 2)))).Success.ShouldBeTrue();
        (await ada.Juke.MeAsync()).Email.ShouldBe(email);
    }

    private async Task ChangePasswordsAsync()
    {
        const string next = "a longer and quieter morning";
        SecretWatch.Remember(next);
        (await Should.ThrowAsync<ProblemException>(() => ada.Juke.ChangePasswordAsync(new ChangePasswordRequest("not this one", next)))).Code.ShouldBe("INVALID_CREDENTIALS");
        ada.State.Status.ShouldBe(SessionStatus.Authed);
        (await ada.Juke.ChangePasswordAsync(new ChangePasswordRequest(TestClient.Password, next))).Success.ShouldBeTrue();
        (await ada.Juke.ForgotPasswordAsync(new ForgotPasswordRequest(email))).Success.ShouldBeTrue();
        (await ada.Juke.ResetPasswordAsync(new ResetPasswordRequest(await LinkAsync(email, "Set a new password"), TestClient.Password))).Success.ShouldBeTrue();
        await ada.SignInAsync((juke, stop) => juke.LoginAsync(new LoginRequest(email, TestClient.Password), stop));
    }

    private async Task LeaveAsync()
    {
        await using var phone = new Session(new SessionOptions { Server = server.Url, Handler = recorder, Timeout = Patience.Long });
        await phone.SignInAsync((juke, stop) => juke.LoginAsync(new LoginRequest(email, TestClient.Password), stop));
        var there = (await ada.Juke.ListSessionsAsync()).Sessions.Single(s => !s.Current);
        (await ada.Juke.RevokeSessionAsync(there.Id)).IsRevoked.ShouldBeTrue();
        server.Clock.Advance(TimeSpan.FromMinutes(16)); // Only the server's clock: the next call is refused, refreshed and sent again.
        (await ada.Juke.RevokeAllSessionsAsync()).IsRevoked.ShouldBeTrue();
        await ada.SignOutAsync();
    }

    private async Task<string> LinkAsync(string address, string subject, int count = 1) => (await server.Mailbox.WaitForAsync(address, subject, count)).Token!;

    /// <summary>Which operations of contract/openapi.json were called and not answered with "no such route".</summary>
    private sealed class Recorder() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        private readonly HashSet<string> calls = [];

        public IEnumerable<string> Operations() =>
            from path in JsonNode.Parse(Repository.Read("contract/openapi.json"))!["paths"]!.AsObject()
            let route = new Regex("^[A-Z]+ " + Regex.Replace(path.Key, "{[^}]+}", "[^/]+") + "$")
            from operation in path.Value!.AsObject()
            where calls.Any(c => route.IsMatch(c) && c.StartsWith(operation.Key.ToUpperInvariant() + " ", StringComparison.Ordinal) && !IsMoreExact(path.Key, c))
            select (string)operation.Value!["operationId"]!;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            SecretWatch.Remember(request.Headers.Authorization?.Parameter);
            var reply = await base.SendAsync(request, cancellationToken);
            lock (calls) calls.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
            return reply;
        }

        /// <summary>/music-profiles/me/ is no call of /music-profiles/{username}/.</summary>
        private static bool IsMoreExact(string template, string call) =>
            template.Contains('{', StringComparison.Ordinal)
            && JsonNode.Parse(Repository.Read("contract/openapi.json"))!["paths"]!.AsObject().ContainsKey(call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }
}
