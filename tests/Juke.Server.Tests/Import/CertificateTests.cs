using System.Net;
using Juke.Server.Import;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>A certificate that cannot say no is worth nothing: what was damaged here is missing, what a person changed is not.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    private JukeServer server = null!;
    private OldJuke old = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JukeServer.StartAsync();
        old = await OldJuke.WithAsync(OldPerson.Typical(1) with
        {
            FirstName = "Ann",
            IsStaff = true,
            Links = [("spotify", "ann", """{"access_token": "an-old-access-token", "odd": 1}""")],
        });
        await old.ExecuteAsync("update juke_auth_musicprofile set bio = 'mine', clout = 0.5; alter table authtoken_token disable trigger all; insert into authtoken_token (key, user_id) values ('nobody', 99)");
        SecretWatch.Remember("an-old-access-token");
        await server.ImportAsync(old);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await old.DisposeAsync();
    }

    [Theory]
    [InlineData("delete from identities", "spotify.uid", "spotify.extra_data")]
    [InlineData("delete from credentials", "spotify.extra_data")]
    [InlineData("update credentials set access_token = 'nothing that was ever sealed'", "spotify.extra_data")]
    [InlineData("update identities set external_id = 'somebody else'", "spotify.uid")]
    [InlineData("delete from sessions", "token")]
    [InlineData("update users set password_hash = 'any text'", "user.password")]
    [InlineData("update users set password_hash = null", "user.password")]
    [InlineData("update users set name = 'Somebody'", "user.name")]
    [InlineData("update users set created_at = now()", "user.date_joined")]
    [InlineData("update users set last_sign_in_at = null", "user.last_login")]
    [InlineData("update users set username = 'other'", "user.username")]
    [InlineData("update users set username_key = null", "user.username.key")]
    [InlineData("update users set email = 'other@example.com'", "user.email")]
    [InlineData("update users set email_key = null", "user.email.key")]
    [InlineData("update user_profiles set bio = ''", "profile.bio")]
    [InlineData("update user_profiles set clout = 0", "profile.clout")]
    [InlineData("update user_profiles set favorite_genres = '{}', custom_data = '{\"a\": 1}'", "profile.favorite_genres", "profile.custom_data")]
    [InlineData("update user_profiles set onboarding_done = false, onboarding_done_at = null", "profile.onboarding_completed_at")]
    [InlineData("update user_profiles set created_at = null", "profile.created_at")]
    [InlineData("delete from import_remarks where field = 'user.is_staff'", "user.is_staff")]
    [InlineData("delete from imported_users", "user")]
    public async Task What_was_damaged_here_is_missing(string damage, params string[] missing)
    {
        (await server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
        await server.ExecuteAsync(damage);
        var (totals, lines) = await server.CertifyAsync(old);
        (totals.IsWhole, totals.Missing).ShouldBe((false, 1));
        lines[1]["status"]!.GetValue<string>().ShouldBe("missing");
        lines[1]["missing"]!.AsArray().Select(m => m!.GetValue<string>()).ShouldBe(missing);
    }

    [Fact]
    public async Task A_wrong_value_that_the_import_believes_to_have_written_is_missing_and_the_verb_says_1()
    {
        await using var connection = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var here = (await HereRows.ReadAsync(connection, null, [1], TestContext.Current.CancellationToken))[1];
        await server.ExecuteAsync("update users set name = 'Wrong'");
        await server.ExecuteAsync("update imported_users set written = $1", Fingerprint.Of(here.Account! with { Name = "Wrong" }).Bytes);
        var run = await Importing.RunVerbAsync(server.ConnectionString, old, "--verify", "--certificate", "-");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain("\"missing\":[\"user.name\"]");
    }

    [Fact]
    public async Task What_a_person_changed_here_is_newer_here_and_links_that_went_are_counted()
    {
        using var client = server.NewClient();
        (await client.LoginAsync("user1", "the password of 1")).EnsureOk();
        (await client.PatchAsync("/api/v1/music-profiles/me/", new { bio = "changed here" })).EnsureOk();
        (await client.PostAsync("/api/v1/auth/spotify/disconnect/")).Status.ShouldBe(HttpStatusCode.NoContent);
        var (totals, lines) = await server.CertifyAsync(old);
        totals.IsWhole.ShouldBeTrue(lines[1].ToJsonString());
        totals.LinksRemoved.ShouldBe(1);
        lines[1]["newerHere"]!.ToJsonString().ShouldBe("""["profile.bio","spotify.uid","spotify.extra_data"]""");
        totals.Fields.ShouldBe(totals.Mapped + totals.NewerHere + totals.Conflicts + totals.FieldsAside + totals.FieldsRejected + totals.FieldsMissing);
    }

    [Fact]
    public async Task After_tells_apart_what_no_field_does()
    {
        var before = await AfterAsync();
        (await AfterAsync()).ShouldBe(before);
        foreach (var change in (string[])["update users set email_proved_at = now()", "update user_profiles set onboarding_done_at = now()", "update user_profiles set modified_at = now()", "update users set last_sign_in_at = now()"])
        {
            await server.ExecuteAsync(change);
            var after = await AfterAsync();
            after.ShouldNotBe(before, change);
            before = after;
        }

        async Task<string> AfterAsync() => (await server.CertifyAsync(old)).Lines[1]["after"]!.GetValue<string>();
    }
}
