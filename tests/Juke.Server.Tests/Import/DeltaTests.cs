using System.Net;
using Juke.Testing;
using Microsoft.AspNetCore.DataProtection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>Both systems live: what a later run takes, and what it leaves alone.</summary>
public sealed class DeltaTests : IAsyncLifetime
{
    private static readonly OldPerson Ann = OldPerson.Typical(42, "ann") with
    {
        Links = [("spotify", "ann-at-spotify", """{"auth_time": 1767600000, "access_token": "first-access", "refresh_token": "first-refresh", "token_type": "Bearer"}""")],
    };

    private JukeServer server = null!;
    private OldJuke old = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        old = await OldJuke.WithAsync(Ann);
        (await server.ImportAsync(old)).Arrived.ShouldBe(1);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await old.DisposeAsync();
    }

    [Fact]
    public async Task What_changed_there_and_not_here_is_taken()
    {
        await old.ExecuteAsync(
            $"""
            update juke_auth_jukeuser set username = 'annette', email = 'new@example.com', first_name = 'Ann', password = '{OldPerson.Pbkdf2("a new one of there")}' where id = 42;
            update juke_auth_musicprofile set bio = 'changed there', location = 'Paris', city_lat = 48.86, city_lng = 2.35, custom_data = '{Json}', clout = 0.5 where user_id = 42
            """);
        var counts = await RunAsync();
        (counts.Changed, counts.Conflicts).ShouldBe((1, 0));
        using var client = server.NewClient();
        var user = (await client.LoginAsync("annette", "a new one of there")).EnsureOk().Json["user"]!;
        (user["email"]!.GetValue<string>(), user["name"]!.GetValue<string>()).ShouldBe(("new@example.com", "Ann"));
        var profile = (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json;
        (profile["bio"]!.GetValue<string>(), profile["location"]!.GetValue<string>(), profile["city_lat"]!.GetValue<double>()).ShouldBe(("changed there", "Paris", 48.86));
        profile["custom_data"]!.ToJsonString().ShouldBe("""{"workout_vibe":"edm"}""");
        await WholeAsync();
    }

    private const string Json = """{"workout_vibe": "edm"}""";

    [Fact]
    public async Task What_changed_here_stays_and_what_changed_on_both_sides_is_kept_aside()
    {
        using var client = await SignedInAsync();
        (await client.PatchAsync("/api/v1/music-profiles/me/", new { bio = "changed here", tagline = "only here" })).EnsureOk();
        await old.ExecuteAsync("update juke_auth_musicprofile set bio = 'changed there', display_name = 'only there' where user_id = 42");
        (await RunAsync()).Conflicts.ShouldBe(1);
        var profile = (await client.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json;
        (profile["bio"]!.GetValue<string>(), profile["tagline"]!.GetValue<string>(), profile["display_name"]!.GetValue<string>()).ShouldBe(("changed here", "only here", "only there"));
        (await RemarkAsync("conflict", "profile.bio")).ShouldBe("\"changed there\"");

        // The conflict is remembered over later runs, with the newest value, and is gone when both agree.
        await old.ExecuteAsync("update juke_auth_musicprofile set bio = 'changed there again' where user_id = 42");
        (await RunAsync()).Conflicts.ShouldBe(1);
        (await RemarkAsync("conflict", "profile.bio")).ShouldBe("\"changed there again\"");
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue();
        lines[42]["conflicts"]!.ToJsonString().ShouldBe("""["profile.bio"]""");
        lines[42]["newerHere"]!.ToJsonString().ShouldBe("""["profile.tagline"]""");
        await old.ExecuteAsync("update juke_auth_musicprofile set bio = 'changed here' where user_id = 42");
        (await RunAsync()).Conflicts.ShouldBe(0);
        (await RemarkAsync("conflict", "profile.bio")).ShouldBeNull();
    }

    [Fact]
    public async Task A_run_that_finds_no_change_writes_nothing()
    {
        var before = await Importing.DumpAsync(server.ConnectionString);
        (await RunAsync()).Unchanged.ShouldBe(1);
        (await Importing.DumpAsync(server.ConnectionString)).ShouldBe(before);
    }

    [Fact]
    public async Task Completion_here_is_never_undone()
    {
        await old.AddAsync([OldPerson.Typical(43, "bob") with { Profile = null }]);
        await RunAsync();
        using var client = server.NewClient();
        (await client.LoginAsync("bob", "the password of 43")).EnsureOk().Json["user"]!["onboardingRequired"]!.GetValue<bool>().ShouldBeTrue();
        (await client.CompleteAsync("bob")).EnsureOk();
        var date = await server.AskAsync<DateTime>("select onboarding_done_at from user_profiles where user_id = 43");
        // There the profile appears only now, unfinished; then with a date of its own.
        await old.ExecuteAsync("insert into juke_auth_musicprofile (user_id, onboarding_completed_at) values (43, null); update juke_auth_jukeuser set first_name = 'B' where id = 43");
        await RunAsync();
        await old.ExecuteAsync("update juke_auth_musicprofile set onboarding_completed_at = '2026-10-10Z' where user_id = 43");
        await RunAsync();
        (await server.AskAsync<DateTime>("select onboarding_done_at from user_profiles where user_id = 43")).ShouldBe(date);
        (await client.GetAsync("/auth/me")).EnsureOk().Json["onboardingRequired"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Completion_there_carries_over_and_its_loss_does_not()
    {
        await old.AddAsync([OldPerson.Typical(43, "bob") with { Profile = null }]);
        await old.ExecuteAsync("insert into juke_auth_musicprofile (user_id) values (43)");
        await RunAsync();
        using var client = server.NewClient();
        (await client.LoginAsync("bob", "the password of 43")).EnsureOk();
        (await client.GetAsync("/fixtures/upcoming")).Code.ShouldBe("ONBOARDING_REQUIRED");
        await old.ExecuteAsync("update juke_auth_musicprofile set onboarding_completed_at = '2026-10-10T10:10:10Z' where user_id = 43");
        await RunAsync();
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
        await old.ExecuteAsync("update juke_auth_musicprofile set onboarding_completed_at = null where user_id = 43");
        await RunAsync();
        (await client.GetAsync("/fixtures/upcoming")).EnsureOk();
    }

    [Fact]
    public async Task A_password_set_here_is_never_undone_and_one_that_was_only_hashed_anew_is_replaced()
    {
        using var client = await SignedInAsync(); // Hashed anew by this sign-in.
        await old.ExecuteAsync($"update juke_auth_jukeuser set password = '{OldPerson.Pbkdf2("second, set there")}' where id = 42");
        await RunAsync();
        (await client.LoginAsync("ann", Ann.Typed!)).Code.ShouldBe("INVALID_CREDENTIALS");
        (await client.LoginAsync("ann", "second, set there")).EnsureOk();

        (await client.PostAsync("/auth/change-password", new { currentPassword = "second, set there", newPassword = "third, set here" })).EnsureOk();
        await old.ExecuteAsync($"update juke_auth_jukeuser set password = '{OldPerson.Pbkdf2("fourth, set there")}' where id = 42");
        (await RunAsync()).Conflicts.ShouldBe(1);
        (await client.LoginAsync("ann", "fourth, set there")).Code.ShouldBe("INVALID_CREDENTIALS");
        (await client.LoginAsync("ann", "third, set here")).EnsureOk();
        (await RemarkAsync("conflict", "user.password"))!.ShouldNotContain("pbkdf2", Case.Insensitive, "sealed");
    }

    [Fact]
    public async Task Disabling_here_is_never_undone()
    {
        await server.ExecuteAsync("update users set state = 'disabled' where id = 42");
        foreach (var active in new[] { "false", "true" })
        {
            await old.ExecuteAsync($"update juke_auth_jukeuser set is_active = {active} where id = 42");
            await RunAsync();
            (await StateAsync()).ShouldBe("disabled", active);
        }
    }

    [Fact]
    public async Task Deactivation_there_carries_over_and_so_does_being_activated_again()
    {
        using var client = await SignedInAsync();
        await old.ExecuteAsync("update juke_auth_jukeuser set is_active = false where id = 42");
        await RunAsync();
        (await StateAsync()).ShouldBe("disabled");
        (await client.GetAsync("/auth/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await TokenAsync(Ann.Token!)).ShouldBe(HttpStatusCode.Unauthorized);
        (await client.LoginAsync("ann", Ann.Typed!)).Code.ShouldBe("ACCOUNT_DISABLED");
        await WholeAsync();
        await old.ExecuteAsync("update juke_auth_jukeuser set is_active = true where id = 42");
        await RunAsync();
        (await StateAsync()).ShouldBe("active");
        (await TokenAsync(Ann.Token!)).ShouldBe(HttpStatusCode.OK);
        await WholeAsync();
    }

    [Fact]
    public async Task A_token_ended_here_stays_ended_one_deleted_there_ends_here_and_a_new_one_signs_in()
    {
        (await TokenAsync(Ann.Token!)).ShouldBe(HttpStatusCode.OK);
        await SignOutAsync(Ann.Token!);
        await old.ExecuteAsync("update juke_auth_jukeuser set first_name = 'X' where id = 42");
        await RunAsync();
        (await TokenAsync(Ann.Token!)).ShouldBe(HttpStatusCode.Unauthorized);

        var second = OldPerson.TokenOf(4242);
        await old.ExecuteAsync($"delete from authtoken_token; insert into authtoken_token (key, user_id) values ('{second}', 42)");
        await RunAsync();
        (await TokenAsync(second)).ShouldBe(HttpStatusCode.OK);
        (await TokenAsync(Ann.Token!)).ShouldBe(HttpStatusCode.Unauthorized);

        await old.ExecuteAsync("delete from authtoken_token");
        await RunAsync();
        (await TokenAsync(second)).ShouldBe(HttpStatusCode.Unauthorized);

        // The very token that was ended here comes back there: still ended.
        await old.ExecuteAsync($"insert into authtoken_token (key, user_id) values ('{Ann.Token}', 42)");
        await RunAsync();
        (await TokenAsync(Ann.Token!)).ShouldBe(HttpStatusCode.Unauthorized);
        await WholeAsync();
    }

    [Fact]
    public async Task A_link_removed_here_stays_removed_and_one_removed_there_goes_if_a_password_remains()
    {
        await old.AddAsync([OldPerson.Typical(43, "bob") with { Password = "!unusable", Links = [("spotify", "bob-at-spotify", null)] }]);
        await old.AddAsync([OldPerson.Typical(44, "cat") with { Links = [("spotify", "cat-at-spotify", null)] }]);
        await RunAsync();
        using var ann = await SignedInAsync();
        (await ann.PostAsync("/api/v1/auth/spotify/disconnect/")).Status.ShouldBe(HttpStatusCode.NoContent);
        await old.ExecuteAsync(
            """
            update social_auth_usersocialauth set extra_data = '{"access_token": "second-access"}' where user_id = 42;
            delete from social_auth_usersocialauth where user_id in (43, 44)
            """);
        (await RunAsync()).Conflicts.ShouldBe(1, "the only way in of 43");
        (await server.AskAsync<string[]>("select array_agg(external_id order by user_id) from identities")).ShouldBe(["bob-at-spotify"]);
        (await server.AskAsync<long>("select count(*) from credentials")).ShouldBe(0);
        await WholeAsync();
    }

    [Fact]
    public async Task Newer_Spotify_tokens_there_are_taken_unless_they_were_renewed_here()
    {
        const string update = "update social_auth_usersocialauth set modified = modified + interval '1 hour', extra_data = '{{\"access_token\": \"{0}\", \"refresh_token\": \"r\"}}'";
        await old.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, update, "second-access"));
        await RunAsync();
        (await AccessAsync()).ShouldBe("second-access");
        await server.ExecuteAsync("update credentials set obtained_at = now()");
        await old.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, update, "third-access"));
        await RunAsync();
        (await AccessAsync()).ShouldBe("second-access");
        await WholeAsync();

        async Task<string> AccessAsync() => server.Protector().Unprotect((await server.AskAsync<string>("select access_token from credentials where user_id = 42"))!);
    }

    [Fact]
    public async Task Who_was_deleted_here_does_not_come_back()
    {
        await server.ExecuteAsync("delete from users where id = 42");
        await old.ExecuteAsync("update juke_auth_jukeuser set first_name = 'X' where id = 42");
        (await RunAsync()).DeletedHere.ShouldBe(1);
        (await server.AskAsync<long>("select count(*) from users")).ShouldBe(0);
        (await server.CertifyAsync(old)).Lines[42]["status"]!.GetValue<string>().ShouldBe("deleted here");
    }

    [Fact]
    public async Task A_change_that_no_run_has_taken_yet_is_missing_in_the_certificate()
    {
        await old.ExecuteAsync("update juke_auth_musicprofile set bio = 'not yet' where user_id = 42");
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeFalse();
        lines[42]["missing"]!.ToJsonString().ShouldBe("""["profile.bio"]""");
        await RunAsync();
        await WholeAsync();
    }

    [Fact]
    public async Task A_pending_account_that_is_verified_there_becomes_active_with_its_address_proved()
    {
        await old.AddAsync([OldPerson.Typical(43, "bob") with { IsActive = false, LastLogin = null, Profile = null }]);
        await RunAsync();
        (await server.AskAsync<string>("select state from users where id = 43")).ShouldBe("pending");
        (await TokenAsync(OldPerson.TokenOf(43))).ShouldBe(HttpStatusCode.Unauthorized);
        (await server.AskAsync<bool>("select email_proved_at is null from users where id = 43")).ShouldBeTrue();
        await old.ExecuteAsync("update juke_auth_jukeuser set is_active = true where id = 43");
        await RunAsync();
        (await server.AskAsync<bool>("select state = 'active' and email_proved_at is not null from users where id = 43")).ShouldBeTrue();
        (await TokenAsync(OldPerson.TokenOf(43))).ShouldBe(HttpStatusCode.OK);
    }

    private Task<Juke.Server.Import.ImportCounts> RunAsync() => server.ImportAsync(old);

    private async Task WholeAsync() => (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();

    private Task<string?> StateAsync() => server.AskAsync<string>("select state from users where id = 42");

    private Task<string?> RemarkAsync(string kind, string field) => server.AskAsync<string>("select raw from import_remarks where user_id = 42 and kind = $1 and field = $2", kind, field);

    private async Task<TestClient> SignedInAsync()
    {
        var client = server.NewClient();
        (await client.LoginAsync("ann", Ann.Typed!)).EnsureOk();
        return client;
    }

    private async Task SignOutAsync(string token)
    {
        using var client = server.NewClient();
        client.Token = token;
        (await client.PostAsync("/api/v1/auth/session/logout/")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    private async Task<HttpStatusCode> TokenAsync(string token)
    {
        SecretWatch.Remember(token);
        using var client = server.NewClient();
        return (await client.SendAsync(HttpMethod.Get, "/auth/me", null, r => r.Headers.TryAddWithoutValidation("Authorization", "Token " + token))).Status;
    }
}
