using System.Text.Json;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;

namespace Juke.Server.Published;

/// <summary>
/// One body of each type, as the document shows it. <c>./dev contract</c> writes them to <c>contract/samples</c>; those of a
/// frozen version stay, and every later build must read them.
/// </summary>
internal static class Samples
{
    private const string AccessToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMDAwMDAwMDAwIn0.c2lnbmF0dXJl";
    private const string RefreshToken = "AAAAAQAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string JukeToken = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b";
    private const string Password = "a long and quiet evening";
    private const string LinkToken = "the-text-after-token=-in-the-link";

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly User Newcomer = new(1_000_000_000, "ada@example.com", null, "Ada", null, "user", OnboardingRequired: true, HasPassword: true);

    private static readonly User Ada = Newcomer with { Username = "ada", Image = "https://images.example/ada.jpg", OnboardingRequired = false };

    // All 13 keys, within the definition's limits.
    private static readonly ProfileAnswers Answers = new(
        "Ada", "Ada Lovelace", "Poetical science", "Numbers, and what they can sing.", "Paris", "https://images.example/ada.jpg", ["jazz", "soul"],
        ["spotify:artist:7G1GBhoKtEPnP86X2PvEYO"], ["spotify:album:1weenld61qoidwYuZ1GESA"], ["So What"], 48.85, 2.35,
        new CustomAnswers(["metal"], "jazz", "rock", "60s", "album", "25-34") { Others = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["theme"] = JsonElement.Parse("\"dark\"") } });

    private static readonly MusicProfile AdasProfile = new(
        Ada.Id, "ada", Answers.Name, Answers.DisplayName!, Answers.Tagline!, Answers.Bio!, Answers.Location!, Answers.AvatarUrl!, Answers.FavoriteGenres!, Answers.FavoriteArtists!,
        Answers.FavoriteAlbums!, Answers.FavoriteTracks!, Noon, Answers.CityLat, Answers.CityLng, JsonElement.Parse("""{"age_range":"25-34","theme":"dark"}"""), 1.5, "jazz",
        Noon.AddDays(-2), Noon.AddMilliseconds(250), IsOwner: true);

    /// <summary>The sample of each type.</summary>
    public static IReadOnlyDictionary<Type, object> All { get; } = new object[]
    {
        new RegisterRequest("ada@example.com", Password),
        new LoginRequest("ada@example.com", Password),
        new AuthResult(Newcomer, AccessToken, RefreshToken, 900, IsNewUser: true),
        new SpotifySignInRequest("AQD2the-code-that-came-to-the-redirect-uri", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "http://127.0.0.1:5080/auth/spotify/callback"),
        new GoogleSignInRequest("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMDc2OSJ9.c2lnbmF0dXJl", "n-0S6_WzA2Mj"),
        new SocialLoginRequest("AQD2the-code-that-came-to-the-redirect-uri", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "http://127.0.0.1:5080/auth/spotify/callback"),
        new SocialLoginResult("https://juke.example/api/v1/users/1000000000/", "", "", [], IsActive: true, "0123456789abcdef0123456789abcdef01234567", OnboardingRequired: true, IsNewUser: true),
        new RefreshRequest(RefreshToken, "b1946ac92492d2347c6235b4d2611184"),
        new TokenPair(AccessToken, RefreshToken, 900),
        new LogoutRequest(RefreshToken),
        LogoutResult.Success,
        Ada,
        new ForgotPasswordRequest("ada@example.com"),
        new ResetPasswordRequest(LinkToken, Password),
        new ChangePasswordRequest("the one so far", Password),
        new AddEmailRequest("ada@example.org", Password),
        new EmailTokenRequest(LinkToken),
        new Done(true, "Your e-mail address is confirmed."),
        new UsernameAvailability(true),
        new CompleteRequest("ada", JsonSerializer.SerializeToElement(Answers, CoreJson.Default.ProfileAnswers)),
        new SkipRequest("artist"),
        new OnboardingState(
            OnboardingDefinition.Default,
            new OnboardingValues { FavoriteGenres = ["jazz", "soul"], Location = "Paris", CityLat = 48.86, CityLng = 2.35, CustomData = new KnownAnswers { AgeRange = "25-34" } },
            ["genres", "age", "city"], ["artist"], ["username"], "username", "ada_lovelace", ContractVersion.Current),
        new CompleteResult(true, Ada),
        new SessionList([
            new SessionInfo("AAECAwQFBgcICQoLDA0ODw", "app", "Juke/4.2 (iPhone)", "203.0.113.7", Noon, Noon.AddHours(3), Noon.AddDays(30), Current: true),
            new SessionInfo("EBESExQVFhcYGRobHB0eHw", "web", null, null, Noon.AddDays(-2).AddMilliseconds(250), Noon, Noon.AddDays(28), Current: false),
        ]),
        Revoked.Yes,
        new MusicProfileSave
        {
            Name = Answers.Name, DisplayName = Answers.DisplayName, Tagline = Answers.Tagline, Bio = Answers.Bio, Location = Answers.Location, AvatarUrl = Answers.AvatarUrl,
            FavoriteGenres = Answers.FavoriteGenres, FavoriteArtists = Answers.FavoriteArtists, FavoriteAlbums = Answers.FavoriteAlbums, FavoriteTracks = Answers.FavoriteTracks,
            CityLat = Answers.CityLat, CityLng = Answers.CityLng, CustomData = Answers.CustomData,
        },
        AdasProfile,
        new CityResults([new City("Paris", "France", "FR", "\u00cele-de-France", 48.85, 2.35, 2_138_551), new City("Singapore", "Singapore", "SG", null, 1.29, 103.85, 5_638_700)]),
        new ArtistResults(
            "https://juke.example/api/v1/artists/?external=true&q=nina",
            [
                new Artist(
                    "https://juke.example/api/v1/artists/7/", 7, new Guid("6f9619ff-8b86-4d11-b42d-00c04fc964ff"), "7G1GBhoKtEPnP86X2PvEYO", Noon, Noon,
                    new ArtistSpotifyData("artist", "spotify:artist:7G1GBhoKtEPnP86X2PvEYO", 62, 2_000_000, ["https://images.example/nina.jpg"], ["jazz", "soul"]),
                    new Dictionary<string, string>(StringComparer.Ordinal), "Nina Simone", null, ["jazz", "soul"]),
            ],
            10, 1, 0, null),
        new SpotifyStatus(true, "spotify", "31l77y2345", ["streaming", "user-read-email"], Noon.ToUnixTimeSeconds(), 3600, HasRefreshToken: true),
        new StreamingToken("spotify", "Bearer", "BQDopaqueaccesstokenofspotify", Noon.ToUnixTimeSeconds(), 3600),
        new RegistrationRequest("ada", "ada@example.com", Password, Password),
        new Registration(Ada.Id, "ada", "", "", "ada@example.com"),
        new VerificationRequest(JsonElement.Parse("1000000000"), 1_795_262_400, LinkToken),
        new Verification("Account verified.", JukeToken, "ada"),
        new ResendRequest("ada@example.com"),
        new Said("Verification email sent. Please check your inbox."),
        new TokenRequest("ada", Password),
        new TokenResult(JukeToken),
        new UserProfile(
            new ProfileUser(Ada.Id, Ada.Email, Ada.Username, Ada.Name, Ada.Image, Ada.Role),
            new ProfileExtras(1, 0, null, null, 8, OnboardingDone: true)),
        new UpdateProfileRequest(Name: new Optional<string>("Ada"), Image: new Optional<string?>(null)),
        new UpcomingFixtures(
            "success",
            [
                new Fixture(19_100_001, "Home vs Away", Noon, Noon.ToUnixTimeSeconds(), "NS", "Regular Season", "12", null)
                {
                    League = new League(8, "Premier League", null),
                    HomeTeam = new Team(1, "Home", "HOM", "https://images.example/home.png"),
                    AwayTeam = new Team(2, "Away", "AWY", null),
                    Country = new Optional<Country?>(new Country(462, "England", null, "GB")),
                    Odds = [new Odd(1, "Fulltime Result", "Home", 1.85m)],
                },
                new Fixture(19_100_002, "North vs South", Noon.AddHours(2), Noon.AddHours(2).ToUnixTimeSeconds(), "NS", null, null, "1/2") { Country = new Optional<Country?>(null) },
            ],
            new Pagination(1, 20, 2, 1),
            "Upcoming fixtures fetched successfully"),
        new FoundProfiles([new FoundProfile("ada", "Ada Lovelace", "Poetical science", "https://images.example/ada.jpg")]),
        new MusicProfilePage(21, "https://juke.example/api/v1/music-profiles/?online=true&limit=20&offset=20", null, [AdasProfile]),
        new ListedUser("https://juke.example/api/v1/users/1000000000/", "ada", "ada@example.com", [], IsActive: true),
        new UserPage(21, null, "https://juke.example/api/v1/users/?limit=20", [new ListedUser("https://juke.example/api/v1/users/1000000001/", "bea", "", [], IsActive: true)]),
    }.Append(new GlobePoint[] { new(Ada.Id, "ada", 48.86, 2.35, 1.5, "jazz", "Ada Lovelace", "Paris") })
        .Append(new FeaturedGenre[] { new("jazz", "Jazz", "jazz", [new GenreArtist("7G1GBhoKtEPnP86X2PvEYO", "Nina Simone", null)]), new("soul", "Soul", "soul", []) })
        .ToDictionary(s => s is Array list ? typeof(IReadOnlyList<>).MakeGenericType(list.GetType().GetElementType()!) : s.GetType());
}
