using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.JukeApi;

/// <summary>What a body may be in the Juke dialect, and what is said when it is something else (legacy-wire A.1).</summary>
public sealed class BodyTypeTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Me = "/api/v1/music-profiles/me/";

    private readonly JukeServer server = fixture.Server;

    [Fact]
    public async Task Sign_in_comes_as_json_and_as_either_form()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var name = TestClient.NewName();
        (await client.CompleteAsync(name)).EnsureOk();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["username"] = name, ["password"] = TestClient.Password };
        foreach (var body in (HttpContent[])[new FormUrlEncodedContent(fields), Multipart([.. fields.Select(f => (f.Key, f.Value))]), Json($$"""{"username":"{{name}}","password":"{{TestClient.Password}}","more":[1]}""")])
            (await client.PostAsync("/api/v1/auth/api-auth-token/", body)).EnsureOk();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_profile_comes_as_a_form_with_repeated_keys_for_lists(bool multipart)
    {
        using var client = await server.NewClient().OnboardedAsync();
        (string, string)[] fields =
        [
            ("favorite_genres", "jazz"), ("favorite_genres", "Hip-Hop"), ("favorite_artists", """["spotify:artist:7G1GBhoKtEPnP86X2PvEYO"]"""), ("favorite_tracks", "So What"),
            ("display_name", "first"), ("display_name", " Ad\u00E9 & co "), ("city_lat", "51.507"), ("city_lng", "-0.13"), ("location", "London"),
            ("custom_data", """{"age_range":"25-34","mine":{"n":1.50}}"""), ("username", "ignored"),
        ];
        var saved = (await client.SendAsync(HttpMethod.Patch, Me, multipart ? Multipart(fields) : Form(fields))).EnsureOk().Json;
        Texts(saved["favorite_genres"]).ShouldBe(["jazz", "hiphop"]);
        Texts(saved["favorite_artists"]).ShouldBe(["spotify:artist:7G1GBhoKtEPnP86X2PvEYO"]);
        Texts(saved["favorite_tracks"]).ShouldBe(["So What"]);
        saved.Text("display_name").ShouldBe("Ad\u00E9 & co");
        saved["city_lat"]!.GetValue<double>().ShouldBe(51.51);
        saved["custom_data"]!.ToJsonString().ShouldBe("""{"mine":{"n":1.50},"age_range":"25-34"}""");

        // An empty input is null where there is a null, empty text where there is not.
        (string, string)[] cleared = [("city_lat", ""), ("city_lng", ""), ("display_name", ""), ("onboarding_completed_at", "")];
        saved = (await client.SendAsync(HttpMethod.Put, Me, multipart ? Multipart(cleared) : Form(cleared))).EnsureOk().Json;
        saved["city_lat"].ShouldBeNull();
        saved.Text("display_name").ShouldBe("");
        saved.Text("location").ShouldBe("London");
    }

    [Fact]
    public async Task What_is_wrong_in_a_form_is_said_as_in_json()
    {
        using var client = await server.NewClient().OnboardedAsync();
        var reply = await client.SendAsync(HttpMethod.Patch, Me, Form([("custom_data", "{not json"), ("city_lat", "north"), ("city_lng", "NaN"), ("display_name", new string('x', 201))]));
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        Texts(reply.Json["city_lat"]).ShouldBe(["A valid number is required."]);
        Texts(reply.Json["city_lng"]).ShouldBe(["A valid number is required."]);
        Texts(reply.Json["display_name"]).ShouldBe(["Ensure this field has no more than 200 characters."]);
        reply.Json["custom_data"].ShouldNotBeNull();
    }

    [Fact]
    public async Task No_body_is_an_empty_object()
    {
        using var client = await server.NewClient().OnboardedAsync();
        (await client.SendAsync(HttpMethod.Patch, Me)).EnsureOk();
        (await client.PostAsync("/api/v1/auth/api-auth-token/")).Json["non_field_errors"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/merge-patch+json; charset=\"UTF-8\"")]
    [InlineData("application/json; charset=")]
    public async Task However_UTF_8_is_written_JSON_is_read(string type)
    {
        using var client = await server.NewClient().OnboardedAsync();
        (await client.SendAsync(HttpMethod.Patch, Me, Typed("""{"bio":"é"}""", type))).EnsureOk().Json.Text("bio").ShouldBe("é");
        (await client.SendAsync(HttpMethod.Patch, "/api/users/profile", Typed("""{"name":"é"}""", type))).EnsureOk();
    }

    [Theory]
    [InlineData("text/plain", "text/plain")]
    [InlineData("application/xml; charset=utf-8", "application/xml;charset=utf-8")]
    [InlineData("", "")]
    public async Task Another_type_is_415_by_name(string type, string named)
    {
        using var client = await server.NewClient().OnboardedAsync();
        var reply = await client.SendAsync(HttpMethod.Patch, Me, Typed("{}", type));
        reply.Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        reply.Json.Text("detail").ShouldBe($"Unsupported media type \"{named}\" in request.");
    }

    [Theory]
    [InlineData("application/json", "{")]
    [InlineData("application/json", "nonsense")]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=abc", "--abc\r\nnonsense")]
    [InlineData("multipart/form-data; boundary=abc", "nothing of it")]
    [InlineData("application/x-www-form-urlencoded", "bio=a%00b")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "bio=a")]
    [InlineData("multipart/form-data; boundary=abc", "--abc\r\nContent-Disposition: form-data; name=\"bio\"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\na\r\n--abc--\r\n")]
    public async Task A_body_that_cannot_be_read_is_400_and_never_500(string type, string body)
    {
        using var client = await server.NewClient().OnboardedAsync();
        foreach (var path in (string[])[Me, "/api/v1/auth/api-auth-token/"])
        {
            var reply = await client.SendAsync(HttpMethod.Post, path, Typed(body, type));
            reply.Status.ShouldBe(HttpStatusCode.BadRequest);
            reply.Json.Text("detail")!.ShouldContain("parse error");
            reply.Code.ShouldBe("BAD_REQUEST");
        }
    }

    [Theory]
    [InlineData("[1]", "list")]
    [InlineData("\"a\"", "str")]
    [InlineData("1", "int")]
    [InlineData("1.5", "float")]
    [InlineData("true", "bool")]
    public async Task A_body_that_is_no_object_is_named_in_the_old_words(string body, string type)
    {
        using var client = await server.NewClient().OnboardedAsync();
        foreach (var path in (string[])[Me, "/api/v1/auth/api-auth-token/"])
            Texts((await client.PostAsync(path, Json(body))).Json["non_field_errors"]).ShouldBe([$"Invalid data. Expected a dictionary, but got {type}."]);
    }

    [Fact]
    public async Task Forms_have_the_same_limits_as_other_bodies()
    {
        using var client = await server.NewClient().OnboardedAsync();
        var large = new string('x', 600_000);
        foreach (var body in (HttpContent[])[Form([("bio", large)]), Multipart(("bio", large))])
            (await client.SendAsync(HttpMethod.Patch, Me, body)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var many = string.Join('&', Enumerable.Range(0, 5000).Select(i => $"k{i}=v"));
        (await client.SendAsync(HttpMethod.Patch, Me, Typed(many, "application/x-www-form-urlencoded"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static IEnumerable<string?> Texts(JsonNode? list) => list!.AsArray().Select(m => (string?)m);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static FormUrlEncodedContent Form((string, string)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)));

    private static MultipartFormDataContent Multipart(params (string Name, string Value)[] fields)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields) content.Add(new StringContent(value), name);
        return content;
    }

    private static ByteArrayContent Typed(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
