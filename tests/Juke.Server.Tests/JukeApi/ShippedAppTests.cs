using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>
/// Shipped apps, call by call, with the bodies that they send (legacy-drift §1), and asserting what they decode of the
/// answers (legacy-wire A.1, A.7) and nothing else.
/// </summary>
public sealed partial class ShippedAppTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Me = "/api/v1/music-profiles/me/";

    // The last page of each app's wizard, as it goes over the wire.
    private const string WebBody =
        """
        {"favorite_genres":["hiphop","rnb"],"favorite_artists":["7G1GBhoKtEPnP86X2PvEYO"],"location":"London","city_lat":51.51,"city_lng":-0.13,
         "custom_data":{"hated_genres":[],"rainy_day_mood":null,"workout_vibe":"edm","favorite_decade":null,"listening_style":"album","age_range":null,
         "onboarding_completed_at":"2026-02-01T10:00:00.123Z"}}
        """;

    private const string IosBody =
        """
        {"favorite_genres":["jazz"],"favorite_artists":[],"location":"","onboarding_completed_at":"2026-03-01T08:30:00Z","custom_data":{"hated_genres":["metal"],"age_range":"25-34"}}
        """;

    private const string AndroidBody =
        """
        {"favorite_genres":["soul","edm","house"],"favorite_artists":[""],"location":"S\u00e3o Paulo","city_lat":-23.55,"city_lng":-46.63,
         "onboarding_completed_at":"2026-03-01T08:30:00.123456789Z","custom_data":{"hated_genres":[],"favorite_decade":"90s"}}
        """;

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task Web_from_registration_to_its_profile()
    {
        using var web = server.NewClient();
        var (name, email) = await RegisterAsync(web, Web);
        var verified = (await SendAsync(web, HttpMethod.Post, "/api/v1/auth/accounts/verify-registration/", await RegistrationLinks.WaitForAsync(server, email), Web)).EnsureOk();
        web.Token = verified.Json.Text("token");
        SecretWatch.Remember(web.Token);
        verified.Json.Text("username").ShouldBe(name);

        (await SendAsync(web, HttpMethod.Get, Me, null, Web)).EnsureOk().Json["onboarding_completed_at"].ShouldBeNull();
        Decodable((await SendAsync(web, HttpMethod.Patch, Me, WebBody, Web)).EnsureOk().Json);
        var profile = (await SendAsync(web, HttpMethod.Get, Me, null, Web)).EnsureOk().Json;
        Decodable(profile);
        profile.Text("username").ShouldBe(name);
        Texts(profile["favorite_genres"]).ShouldBe(["hiphop", "rnb"]);
        profile["onboarding_completed_at"].ShouldNotBeNull();
        profile["custom_data"]!["onboarding_completed_at"].ShouldBeNull();
        profile["custom_data"].Text("workout_vibe").ShouldBe("edm");
        (await web.GetAsync($"/api/v1/music-profiles/{name}/")).EnsureOk();
        (await web.GetAsync("/auth/me")).EnsureOk().Json.Flag("onboardingRequired").ShouldBeFalse();

        // "Connect Spotify" leads back to an empty wizard; finishing it again wipes nothing.
        var replay = """{"favorite_genres":["pop"],"favorite_artists":[],"location":"","city_lat":null,"city_lng":null,"custom_data":{"hated_genres":[],"rainy_day_mood":null,"workout_vibe":null,"favorite_decade":null,"listening_style":null,"age_range":null,"onboarding_completed_at":"2026-02-02T10:00:00.123Z"}}""";
        var again = (await SendAsync(web, HttpMethod.Patch, Me, replay, Web)).EnsureOk().Json;
        again.Text("location").ShouldBe("London");
        again["onboarding_completed_at"]!.ToJsonString().ShouldBe(profile["onboarding_completed_at"]!.ToJsonString());

        (await SendAsync(web, HttpMethod.Post, "/api/v1/auth/session/logout/", null, Web)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(web, HttpMethod.Get, Me, null, Web)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("ios", IosBody, "jazz", "", 1)]
    [InlineData("android", AndroidBody, "soul", "S\u00E3o Paulo", 3)]
    public async Task Phones_sign_in_finish_their_wizard_and_read_the_profile(string app, string body, string genre, string location, int genres)
    {
        using var phone = server.NewClient();
        Action<HttpRequestMessage> headers = app == "ios" ? r => r.Headers.Add("Accept", "application/json") : _ => { };
        var (name, email) = await RegisterAsync(phone, headers);
        (await SendAsync(phone, HttpMethod.Post, "/api/v1/auth/accounts/verify-registration/", await RegistrationLinks.WaitForAsync(server, email), headers)).EnsureOk();
        (await phone.TokenAsync(name)).EnsureOk();

        // After sign-in the phone reads the profile; without a date it opens the wizard, whose lists it reads as well.
        var before = (await SendAsync(phone, HttpMethod.Get, Me, null, headers)).EnsureOk().Json;
        Decodable(before);
        before["onboarding_completed_at"].ShouldBeNull();
        (await SendAsync(phone, HttpMethod.Get, "/api/v1/genres/featured/", null, headers)).EnsureOk().Json.AsArray().Count.ShouldBe(20);

        Decodable((await SendAsync(phone, HttpMethod.Patch, Me, body, headers)).EnsureOk().Json);
        var profile = (await SendAsync(phone, HttpMethod.Get, Me, null, headers)).EnsureOk().Json;
        Decodable(profile);
        profile["onboarding_completed_at"].ShouldNotBeNull();
        profile.Text("top_genre").ShouldBe(genre);
        profile.Text("location").ShouldBe(location);
        profile["favorite_genres"]!.AsArray().Count.ShouldBe(genres);
        profile["favorite_artists"]!.AsArray().ShouldBeEmpty();
        (await SendAsync(phone, HttpMethod.Get, $"/api/v1/music-profiles/search/?q={name}", null, headers)).EnsureOk().Json["results"]!.AsArray().Count.ShouldBe(1);
        (await SendAsync(phone, HttpMethod.Post, "/api/v1/auth/session/logout/", null, headers)).Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_profile_editor_sends_its_nine_fields_and_nothing_else_changes()
    {
        using var web = server.NewClient();
        (await web.RegisterAsync()).EnsureOk();
        (await SendAsync(web, HttpMethod.Patch, Me, WebBody, Web)).EnsureOk();
        var saved = (await SendAsync(web, HttpMethod.Patch, Me,
            """
            {"display_name":"Ada","tagline":"t","bio":"b","location":"London","avatar_url":"","favorite_genres":["future garage","Hip-Hop","pop","rock"],
             "favorite_artists":["Nina Simone","Nina Simone"],"favorite_albums":["Kind of Blue"],"favorite_tracks":["So What"]}
            """, Web)).EnsureOk().Json;
        Decodable(saved);
        Texts(saved["favorite_genres"]).ShouldBe(["future garage", "hiphop", "pop", "rock"]);
        Texts(saved["favorite_artists"]).ShouldBe(["Nina Simone"]);
        saved["city_lat"]!.GetValue<double>().ShouldBe(51.51);
        saved["custom_data"].Text("workout_vibe").ShouldBe("edm");
        saved["onboarding_completed_at"].ShouldNotBeNull();
    }

    // What iOS and Android must be able to decode, or they sign the user out.
    private static void Decodable(JsonNode profile)
    {
        profile["id"]!.GetValue<int>().ShouldBeGreaterThan(0);
        profile["username"]!.GetValue<string>().ShouldNotBeNull();
        foreach (var list in (string[])["favorite_genres", "favorite_artists", "favorite_albums", "favorite_tracks"])
            profile[list]!.AsArray().ShouldAllBe(e => e!.GetValueKind() == System.Text.Json.JsonValueKind.String);
        foreach (var date in (string[])["onboarding_completed_at", "created_at", "modified_at"])
            if (profile[date] is { } value) Date().IsMatch(value.GetValue<string>()).ShouldBeTrue(value.ToJsonString());
    }

    private static IEnumerable<string?> Texts(JsonNode? list) => list!.AsArray().Select(m => (string?)m);

    internal static void Web(HttpRequestMessage request)
    {
        request.Headers.Add("Origin", "https://app.example");
        request.Headers.Add("X-CSRFToken", "none");
        // A type on every request, also where there is no body.
        request.Content ??= new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } };
    }

    private static Task<Reply> SendAsync(TestClient client, HttpMethod method, string path, object? body, Action<HttpRequestMessage> headers) =>
        client.SendAsync(method, path, body is string json ? new StringContent(json, System.Text.Encoding.UTF8, "application/json") : body, headers);

    private static async Task<(string Name, string Email)> RegisterAsync(TestClient client, Action<HttpRequestMessage> headers)
    {
        var (name, email) = (TestClient.NewName(), TestClient.NewEmail());
        var body = new { username = name, email, password = TestClient.Password, password_confirm = TestClient.Password };
        (await SendAsync(client, HttpMethod.Post, "/api/v1/auth/accounts/register/", body, headers)).Status.ShouldBe(HttpStatusCode.Created);
        return (name, email);
    }

    // None, 3 or 6 digits, then Z: more and iOS cannot read the profile.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?Z$")]
    private static partial Regex Date();
}
