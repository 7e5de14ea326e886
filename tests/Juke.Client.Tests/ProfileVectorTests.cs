using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract.Tests;
using Juke.Contract.Tests.Vectors;
using Juke.Contract.Wire;
using Npgsql;

namespace Juke.Client.Tests;

/// <summary>
/// The golden vectors of the profile through the SDK, against the real server: what an app hands over is what goes out, and what
/// comes back reads as the vector says. One person plays all of them, one after the other.
/// </summary>
public sealed class ProfileVectorTests(ProfileVectorTests.OnePerson ada) : IClassFixture<ProfileVectorTests.OnePerson>
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public static TheoryData<string, string> Sayable()
    {
        var names = new TheoryData<string, string>();
        foreach (var (file, c) in Cases())
            if (Said(c) is not null) names.Add(file, c.GetProperty("name").GetString()!);
        return names;
    }

    [Theory]
    [MemberData(nameof(Sayable))]
    public async Task Case(string file, string name)
    {
        var c = VectorFiles.Case(file, name);
        await ada.BecomeAsync(c);
        if (c.GetProperty("status").GetInt32() == (int)HttpStatusCode.OK) await KeptAsync(c, Said(c)!);
        else await RefusedAsync(c, Said(c)!);
        SameJson.ShouldBe(ada.Sent!, Text(c), "what went out");
    }

    [Fact]
    public void What_an_app_cannot_say_with_the_SDK_is_refused_by_the_server_anyway()
    {
        var unsaid = Cases().Where(c => Said(c.Case) is null).ToList();
        unsaid.ShouldNotBeEmpty();
        unsaid.ShouldAllBe(c => c.Case.GetProperty("status").GetInt32() == 400);
    }

    private async Task KeptAsync(JsonElement c, JsonObject said)
    {
        var expected = VectorFiles.Expected(c.GetProperty("stored"), c.GetProperty("after"));
        var isDone = c.GetProperty("user").GetProperty("onboarded").GetBoolean() || c.GetProperty("completes").GetBoolean();
        string? tag = null;
        if (IsCore(c))
        {
            var result = await CompleteAsync(said);
            (result.Success, result.User.OnboardingRequired, result.User.Username).ShouldBe((true, false, (string?)said["username"]));
            ada.Session.State.OnboardingRequired.ShouldBeFalse();
        }
        else
        {
            var saved = await ada.Session.Juke.SaveMyMusicProfileAsync(said);
            SameJson.ShouldBe(Writable(saved.Value), expected, "the answer");
            tag = saved.ETag.ShouldNotBeNull();
            (await ada.Session.Juke.GetMyMusicProfileAsync(tag)).ShouldBeNull("a save answers with what a read then shows");
        }
        var read = (await ada.Session.Juke.GetMyMusicProfileAsync()).ShouldNotBeNull();
        SameJson.ShouldBe(Writable(read.Value), expected, "read back");
        (tag ?? read.ETag).ShouldBe(read.ETag);
        (read.Value.OnboardingCompletedAt is not null).ShouldBe(isDone);
        (await ada.Session.ReloadUserAsync())!.OnboardingRequired.ShouldBe(!isDone);
        if (isDone) read.Value.Username.ShouldNotBeEmpty();
    }

    private async Task RefusedAsync(JsonElement c, JsonObject said)
    {
        var refused = await Should.ThrowAsync<ProblemException>(() => IsCore(c) ? CompleteAsync(said) : ada.Session.Juke.SaveMyMusicProfileAsync(said));
        ((int)refused.Status, refused.Code).ShouldBe((c.GetProperty("status").GetInt32(), c.GetProperty("code").GetString()));
        if (c.TryGetProperty("errors", out var errors))
            SameJson.ShouldBe(JsonSerializer.Serialize(refused.Problem!.Errors), errors.GetRawText(), "the fields");
        var read = (await ada.Session.Juke.GetMyMusicProfileAsync()).ShouldNotBeNull();
        SameJson.ShouldBe(Writable(read.Value), VectorFiles.Expected(c.GetProperty("stored"), Nothing), "nothing is stored");
        (read.Value.OnboardingCompletedAt is not null).ShouldBe(c.GetProperty("user").GetProperty("onboarded").GetBoolean(), "nothing completes");
    }

    private Task<CompleteResult> CompleteAsync(JsonObject said) => ada.Session.Juke.CompleteOnboardingAsync((string)said["username"]!, said["profile"]!.AsObject());

    private static IEnumerable<(string File, JsonElement Case)> Cases() => VectorFiles.Cases(f => f != "legacy-rows");

    private static bool IsCore(JsonElement c) => c.GetProperty("dialect").GetString() == "core";

    private static string Text(JsonElement c) => c.TryGetProperty("body", out var text) ? text.GetString()! : c.GetProperty("payload").GetRawText();

    /// <summary>
    /// The payload as an app hands it over; null where <see cref="JsonObject"/> cannot hold or write it (broken JSON, a list, a key twice,
    /// half a character). A POST or PUT is said by the one save that the SDK has (docs/decisions/0016-the-sdk.md).
    /// </summary>
    private static JsonObject? Said(JsonElement c)
    {
        try
        {
            var said = JsonNode.Parse(Text(c), null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
            said?.ToJsonString();
            return said;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The writable keys as the SDK read them, in the numbers that it read.</summary>
    private static string Writable(MusicProfile read) => new CanonicalProfile
    {
        Name = read.Name,
        DisplayName = read.DisplayName,
        Tagline = read.Tagline,
        Bio = read.Bio,
        Location = read.Location,
        AvatarUrl = read.AvatarUrl,
        FavoriteGenres = read.FavoriteGenres,
        FavoriteArtists = read.FavoriteArtists,
        FavoriteAlbums = read.FavoriteAlbums,
        FavoriteTracks = read.FavoriteTracks,
        City = read.CityLat is { } latitude ? new(latitude, read.CityLng!.Value) : null,
        CustomData = read.CustomData.GetRawText(),
    }.ToJson();

    /// <summary>One server, and one person who is signed in and becomes whom a case is about.</summary>
    public sealed class OnePerson : IAsyncLifetime
    {
        private readonly Wire wire = new();
        private JukeServer server = null!;
        private NpgsqlConnection database = null!;
        private long id;

        internal Session Session { get; private set; } = null!;

        /// <summary>The last body of a save or completion, as it went out.</summary>
        internal string? Sent => wire.Sent;

        public async ValueTask InitializeAsync()
        {
            server = await JukeServer.StartAsync(quiet: true);
            database = await server.Database.OpenConnectionAsync();
            Session = new Session(new SessionOptions { Server = server.Url, Handler = wire });
            id = (await Session.SignInAsync((juke, stop) => juke.RegisterAsync(new RegisterRequest(TestClient.NewEmail(), TestClient.Password), stop))).Id;
        }

        internal Task BecomeAsync(JsonElement c)
        {
            var user = c.GetProperty("user");
            wire.Sent = null;
            return StoredPerson.StoreAsync(database, id, user.GetProperty("username").GetString(), user.GetProperty("onboarded").GetBoolean(), VectorFiles.Profile(c.GetProperty("stored")));
        }

        public async ValueTask DisposeAsync()
        {
            await Session.DisposeAsync();
            await database.DisposeAsync();
            await server.DisposeAsync();
        }
    }

    private sealed class Wire() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        public string? Sent { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            SecretWatch.Remember(request.Headers.Authorization?.Parameter);
            if (request.RequestUri!.AbsolutePath is "/api/v1/music-profiles/me/" or "/auth/onboarding/complete" && request.Content is { } body)
                Sent = await body.ReadAsStringAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
