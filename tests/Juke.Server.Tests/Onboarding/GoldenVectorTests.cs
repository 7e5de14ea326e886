using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Juke.Contract.Tests;
using Juke.Contract.Tests.Vectors;
using Juke.Testing;
using Npgsql;

namespace Juke.Server.Tests.Onboarding;

/// <summary>The golden vectors over HTTP: what a client sends, what is stored, what comes back.</summary>
public sealed class GoldenVectorTests(GoldenVectorTests.SharedServer shared) : IClassFixture<GoldenVectorTests.SharedServer>
{
    public static TheoryData<string, string> Saves() => VectorFiles.Names(f => f != "legacy-rows");

    [Theory]
    [MemberData(nameof(Saves))]
    public async Task Case(string file, string name)
    {
        var c = VectorFiles.Case(file, name);
        var user = c.GetProperty("user");
        var isCore = c.GetProperty("dialect").GetString() == "core";
        using var client = shared.Server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        try
        {
            await StoredPerson.StoreAsync(
                shared.Database, client.UserId, user.GetProperty("username").GetString(), user.GetProperty("onboarded").GetBoolean(), VectorFiles.Profile(c.GetProperty("stored")));
            var before = await StoredAsync(client.UserId);

            var body = c.TryGetProperty("body", out var text) ? text.GetString()! : c.GetProperty("payload").GetRawText();
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var reply = await client.SendAsync(
                new HttpMethod(c.GetProperty("method").GetString()!), isCore ? "/auth/onboarding/complete" : "/api/v1/music-profiles/me/", content);

            ((int)reply.Status).ShouldBe(c.GetProperty("status").GetInt32(), reply.Body);
            if (reply.Status == HttpStatusCode.OK) await CheckSavedAsync(client, c, reply, isCore);
            else await CheckRefusedAsync(client, c, reply, before);
        }
        finally
        {
            // The next case may use the same name.
            await shared.Database.ExecuteAsync("delete from users where id = @UserId", new { client.UserId });
        }
    }

    private async Task CheckSavedAsync(TestClient client, JsonElement c, Reply reply, bool isCore)
    {
        var expected = VectorFiles.Expected(c.GetProperty("stored"), c.GetProperty("after"));
        var read = await client.GetAsync("/api/v1/music-profiles/me/");
        SameJson.ShouldBe(Writable(read.EnsureOk().Body), expected, "read back");
        if (!isCore) reply.Body.ShouldBe(read.Body, "a save answers with what a read then shows");

        var wasOnboarded = c.GetProperty("user").GetProperty("onboarded").GetBoolean();
        var isOnboarded = wasOnboarded || isCore || c.GetProperty("completes").GetBoolean();
        var shown = JsonElement.Parse(read.Body);
        (shown.GetProperty("onboarding_completed_at").ValueKind != JsonValueKind.Null).ShouldBe(isOnboarded);
        (await client.GetAsync("/auth/me")).Json["onboardingRequired"]!.GetValue<bool>().ShouldBe(!isOnboarded);
        if (isOnboarded) shown.GetProperty("username").GetString().ShouldNotBeNullOrEmpty();
    }

    private async Task CheckRefusedAsync(TestClient client, JsonElement c, Reply reply, string before)
    {
        reply.Code.ShouldBe(c.GetProperty("code").GetString());
        if (c.TryGetProperty("errors", out var errors))
        {
            foreach (var field in errors.EnumerateObject())
                reply.Json["errors"]![field.Name]!.AsArray().Select(m => m!.GetValue<string>()).ShouldBe(field.Value.EnumerateArray().Select(m => m.GetString()!));
            reply.Fields.Order(StringComparer.Ordinal).ShouldBe(errors.EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        }
        (await StoredAsync(client.UserId)).ShouldBe(before, "a refused save changes nothing");
    }

    private Task<string> StoredAsync(long userId) =>
        shared.Database.QuerySingleAsync<string>("select (to_jsonb(p) || to_jsonb(u))::text from user_profiles p join users u on u.id = p.user_id where u.id = @userId", new { userId })!;

    /// <summary>The writable keys of an answer.</summary>
    private static string Writable(string profile) =>
        "{" + string.Join(',', JsonElement.Parse(profile).EnumerateObject().Where(m => ProfileFields.Writable.Contains(m.Name)).Select(m => $"\"{m.Name}\":{m.Value.GetRawText()}")) + "}";

    public sealed class SharedServer : IAsyncLifetime
    {
        private NpgsqlConnection? connection;

        internal JukeServer Server { get; private set; } = null!;

        internal NpgsqlConnection Database => connection!;

        public async ValueTask InitializeAsync()
        {
            Server = await JukeServer.StartAsync();
            connection = new NpgsqlConnection(Server.ConnectionString);
            await connection.OpenAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await connection!.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
