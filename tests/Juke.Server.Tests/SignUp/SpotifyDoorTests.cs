using System.Net;
using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Juke.Server.Plumbing;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.SignUp;

public sealed class SpotifyDoorTests(Doors doors) : IClassFixture<Doors>
{
    private readonly JukeServer server = doors.Server;

    [Fact]
    public async Task A_first_timer_gets_an_account_that_onboarding_comes_first_for_and_a_returning_one_signs_in()
    {
        var nia = doors.Listener();
        using var client = server.NewClient();
        var first = (await doors.WithSpotifyAsync(client, nia)).EnsureOk();
        first.Json["isNewUser"]!.GetValue<bool>().ShouldBeTrue();
        first.Json["user"]!["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
        var me = (await client.GetAsync("/auth/me")).EnsureOk().Json;
        JsonNode.DeepEquals(me, first.Json["user"]).ShouldBeTrue("the user of a sign-in is what me says");
        (me["username"], me["email"], (string?)me["name"], me["hasPassword"]!.GetValue<bool>()).ShouldBe((null, null, "Nia Okafor", false));
        (await client.GetAsync("/api/users/profile")).Code.ShouldBe("ONBOARDING_REQUIRED");
        (await client.GetAsync("/api/onboarding")).EnsureOk().Json.Text("suggestedUsername").ShouldBe("Nia_Okafor");
        (await client.CompleteAsync()).EnsureOk();

        using var later = server.NewClient();
        var second = (await doors.WithSpotifyAsync(later, nia)).EnsureOk();
        second.Json["isNewUser"]!.GetValue<bool>().ShouldBeFalse();
        second.Json["user"]!["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
        second.Json["user"]!["id"]!.GetValue<long>().ShouldBe(me["id"]!.GetValue<long>());
        (await later.GetAsync("/api/users/profile")).EnsureOk();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Without_an_address_and_without_a_name_either_id_is_enough(bool accountId, bool id)
    {
        var person = doors.Listener(name: null, p => p.AccountId = accountId ? p.AccountId : null);
        if (!id) person.AtMe = Fault.Status(200, $$"""{"account_id":"{{person.AccountId}}","type":"user"}""");
        using var client = server.NewClient();
        var isNew = (await doors.WithSpotifyAsync(client, person)).EnsureOk().Json["isNewUser"]!.GetValue<bool>();
        isNew.ShouldBeTrue();
        (await client.GetAsync("/api/onboarding")).EnsureOk().Json.Text("suggestedUsername").ShouldNotBeNull().ShouldNotContain(person.Id);
        (await server.AskAsync<bool>("select (subject is not distinct from $1) and (external_id is not distinct from $2) from identities where subject = $1 or external_id = $2",
            accountId ? person.AccountId! : DBNull.Value, id ? person.Id : DBNull.Value)).ShouldBeTrue();
        (await doors.WithSpotifyAsync(client, person)).EnsureOk().Json["isNewUser"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Somebody_whose_id_changes_is_still_the_same_by_account_id()
    {
        var person = doors.Listener();
        var user = await EnterAsync(person);
        person.Id += "-new";
        (await EnterAsync(person)).ShouldBe(user);
        (await server.AskAsync<string>("select external_id from identities where user_id = $1", user)).ShouldBe(person.Id);
    }

    [Fact]
    public async Task A_row_keyed_by_id_is_upgraded_when_account_id_first_appears_and_from_then_on_the_id_opens_nothing()
    {
        var person = doors.Listener(also: p => p.AccountId = null);
        var user = await EnterAsync(person);
        person.AccountId = "acct" + Guid.NewGuid().ToString("N");
        (await EnterAsync(person)).ShouldBe(user);
        (await server.AskAsync<string>("select subject from identities where user_id = $1", user)).ShouldBe(person.AccountId);

        var heir = doors.Listener(also: p => (p.Id, p.AccountId) = (person.Id, null));
        (await EnterAsync(heir)).ShouldNotBe(user, "Spotify gave the free id to somebody else");
        var another = doors.Listener(also: p => (p.Id, p.AccountId) = (person.Id, "acct" + Guid.NewGuid().ToString("N")));
        (await EnterAsync(person)).ShouldBe(user);
        (await EnterAsync(another)).ShouldNotBe(user);
    }

    [Fact]
    public async Task The_address_that_Spotify_names_is_a_hint_and_opens_nobody_elses_account()
    {
        var email = TestClient.NewEmail();
        using var owner = server.NewClient();
        (await owner.RegisterAsync(email)).EnsureOk();
        doors.Spotify.Mode = Desk.Spotify.SpotifyMode.Extended;
        var person = doors.Listener(also: p => p.Email = email);
        using var client = server.NewClient();
        var reply = (await doors.WithSpotifyAsync(client, person, "user-read-email")).EnsureOk();
        reply.Json["isNewUser"]!.GetValue<bool>().ShouldBeTrue();
        reply.Json["user"]!["id"]!.GetValue<long>().ShouldNotBe(owner.UserId);
        reply.Json["user"]!["email"].ShouldBeNull();
        (await server.AskAsync<string>("select email_hint from identities where external_id = $1", person.Id)).ShouldBe(email);
    }

    [Fact]
    public async Task A_name_that_is_an_id_or_an_address_in_disguise_is_not_taken()
    {
        foreach (var disguise in new Func<Desk.Spotify.SpotifyPerson, string>[] { p => p.Id, p => p.AccountId!.ToUpperInvariant(), _ => "nia@listeners.example" })
        {
            var person = doors.Listener(also: p => p.DisplayName = disguise(p));
            using var client = server.NewClient();
            (await doors.WithSpotifyAsync(client, person)).EnsureOk().Json["user"]!["name"].ShouldBeNull();
            var suggested = (await client.GetAsync("/api/onboarding")).EnsureOk().Json.Text("suggestedUsername")!;
            suggested.ShouldNotContain("nia", Case.Insensitive);
            suggested.ShouldNotContain(person.Id, Case.Insensitive);
        }
    }

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("http://127.0.0.1:7777/other")]
    [InlineData("http://127.0.0.1:7777/callback?x=1")]
    [InlineData("http://localhost:7777/callback")]
    [InlineData("https://127.0.0.1:7777/callback")]
    [InlineData("http://127.0.0.1@evil.example/callback")]
    [InlineData("http://user@127.0.0.1:7777/callback")]
    [InlineData("http://127.0.0.1:7777/callback#x")]
    [InlineData("http://[::1]:7777/callback")]
    [InlineData("callback")]
    [InlineData("")]
    public async Task A_redirect_uri_that_is_not_on_the_list_is_refused_before_Spotify_hears_of_it(string redirectUri)
    {
        var before = doors.Spotify.Calls.Count;
        var (code, codeVerifier, _) = doors.Code(doors.Listener());
        using var client = server.NewClient();
        var reply = await client.PostAsync("/auth/spotify", new { code, codeVerifier, redirectUri });
        (reply.Code, string.Join(' ', reply.Fields)).ShouldBe(("VALIDATION_FAILED", "redirectUri"));
        doors.Spotify.Calls.Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_code_counts_once_with_its_verifier_and_its_redirect_uri_only()
    {
        using var client = server.NewClient();
        var (code, codeVerifier, redirectUri) = doors.Code(doors.Listener());
        (await client.PostAsync("/auth/spotify", new { code, codeVerifier = new string('x', 43), redirectUri })).Code.ShouldBe("INVALID_PROVIDER_TOKEN");

        (code, codeVerifier, redirectUri) = doors.Code(doors.Listener());
        (await client.PostAsync("/auth/spotify", new { code, codeVerifier, redirectUri = "http://127.0.0.1:9999/callback" })).Code.ShouldBe("INVALID_PROVIDER_TOKEN");

        (code, codeVerifier, redirectUri) = doors.Code(doors.Listener());
        (await client.PostAsync("/auth/spotify", new { code, codeVerifier, redirectUri })).EnsureOk();
        var replay = await client.PostAsync("/auth/spotify", new { code, codeVerifier, redirectUri });
        (replay.Status, replay.Code).ShouldBe((HttpStatusCode.Unauthorized, "INVALID_PROVIDER_TOKEN"));
        (await client.PostAsync("/auth/spotify", new { code = "made-up", codeVerifier, redirectUri })).Body.ShouldBe(replay.Body, "which fault it was is for the log only");
    }

    [Fact]
    public async Task What_Spotify_does_badly_is_a_documented_answer_and_leaves_nothing_behind()
    {
        using var client = server.NewClient();
        var before = await CountAsync();
        foreach (var listed in (bool[])[false, true])
            (await doors.WithSpotifyAsync(client, doors.Listener(also: p => (p.NotOnAllowList, p.RefusedInJson) = (true, listed)))).Code.ShouldBe("PROVIDER_REFUSED");
        foreach (var fault in (Fault[])[Fault.ServerErrorHtml, Fault.BrokenJson, Fault.EmptyBody, Fault.QuotaExceeded, Fault.Drop])
        {
            var atToken = await doors.WithSpotifyAsync(client, doors.Listener(also: p => p.AtToken = fault));
            (atToken.Status, atToken.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "PROVIDER_UNAVAILABLE"), fault.Name);
            var atMe = await doors.WithSpotifyAsync(client, doors.Listener(also: p => p.AtMe = fault));
            (atMe.Status, atMe.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "PROVIDER_UNAVAILABLE"), fault.Name);
        }
        (await CountAsync()).ShouldBe(before);
        var recovered = doors.Listener(also: p => p.AtMe = Fault.ServerErrorHtml);
        await doors.WithSpotifyAsync(client, recovered);
        recovered.AtMe = null;
        (await doors.WithSpotifyAsync(client, recovered)).EnsureOk().Json["isNewUser"]!.GetValue<bool>().ShouldBeTrue();

        Task<long> CountAsync() => server.AskAsync<long>("select (select count(*) from users) + (select count(*) from identities) + (select count(*) from sessions) + (select count(*) from credentials)");
    }

    [Fact]
    public async Task Disabled_is_said_after_the_proof_and_pending_is_refused_like_a_bad_code()
    {
        var person = doors.Listener();
        var user = await EnterAsync(person);
        using var client = server.NewClient();
        await server.ExecuteAsync("update users set state = 'disabled' where id = $1", user);
        var disabled = await doors.WithSpotifyAsync(client, person);
        (disabled.Status, disabled.Code).ShouldBe((HttpStatusCode.Forbidden, "ACCOUNT_DISABLED"));
        await server.ExecuteAsync("update users set state = 'pending' where id = $1", user);
        (await doors.WithSpotifyAsync(client, person)).Code.ShouldBe("INVALID_PROVIDER_TOKEN");
    }

    [Fact]
    public async Task A_sign_in_keeps_tokens_that_can_play_and_no_others_and_takes_no_refresh_token_away()
    {
        var person = doors.Listener();
        using var client = server.NewClient();
        (await doors.WithSpotifyAsync(client, person, "user-read-private")).EnsureOk();
        var user = (await client.GetAsync("/auth/me")).Json["id"]!.GetValue<long>();
        (await server.AskAsync<long>("select count(*) from credentials where user_id = $1", user)).ShouldBe(0);

        (await doors.WithSpotifyAsync(client, person, "user-modify-playback-state")).EnsureOk();
        var kept = await server.AskAsync<string>("select refresh_token from credentials where user_id = $1", user);
        kept.ShouldNotBeNull();
        (await doors.WithSpotifyAsync(client, person)).EnsureOk();
        (await doors.WithAccessTokenAsync(server.NewClient(), person)).EnsureOk();
        (await server.AskAsync<string>("select refresh_token from credentials where user_id = $1", user)).ShouldBe(kept);
    }

    [Fact]
    public async Task A_server_without_Spotify_says_so()
    {
        await using var none = await JukeServer.StartAsync();
        using var client = none.NewClient();
        var reply = await client.PostAsync("/auth/spotify", new { code = "c", codeVerifier = new string('v', 43), redirectUri = "http://127.0.0.1:5080/auth/spotify/callback" });
        (reply.Status, reply.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "PROVIDER_UNAVAILABLE"));
    }

    private async Task<long> EnterAsync(Desk.Spotify.SpotifyPerson person)
    {
        using var client = server.NewClient();
        return (await doors.WithSpotifyAsync(client, person)).EnsureOk().Json["user"]!["id"]!.GetValue<long>();
    }
}
