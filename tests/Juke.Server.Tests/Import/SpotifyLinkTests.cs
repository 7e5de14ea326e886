using System.Globalization;
using System.Net;
using Juke.Server.Tests.SignUp;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Import;

/// <summary>The old Spotify account opens the old Juke account, and what the old server could do there goes on.</summary>
public sealed class SpotifyLinkTests(Doors doors) : IClassFixture<Doors>
{
    [Fact]
    public async Task The_old_Spotify_account_signs_in_to_the_old_user_and_shows_as_connected()
    {
        var (nia, gone) = (doors.Listener(), doors.Listener());
        await using var old = await OldJuke.WithAsync(
            OldPerson.Typical(1) with
            {
                Password = "!",
                Links = [("spotify", nia.Id, """{"auth_time": 1767600000, "access_token": "an-old-access-token", "refresh_token": "an-old-refresh-token", "scope": "streaming user-read-email"}""")],
            },
            OldPerson.Typical(2) with { IsActive = false, Links = [("spotify", gone.Id, "{}")] });
        SecretWatch.Remember("an-old-access-token");
        SecretWatch.Remember("an-old-refresh-token");
        await doors.Server.ImportAsync(old);

        var status = (await AsAsync(OldPerson.TokenOf(1), "/api/v1/auth/spotify/status/")).EnsureOk().Json;
        ((bool)status["connected"]!, (string?)status["spotify_user_id"], (bool)status["has_refresh_token"]!).ShouldBe((true, nia.Id, true));
        status["scopes"]!.ToJsonString().ShouldBe("""["streaming","user-read-email"]""");
        ((long)status["expires_at"]!).ShouldBe(1767600000 + 3600);
        (await doors.Server.AskAsync<bool>("select access_token like '%old-access%' or refresh_token like '%old-refresh%' from credentials where user_id = 1")).ShouldBeFalse("sealed");

        using var client = doors.Server.NewClient();
        foreach (var time in (string[])["first", "again, now by the id that Spotify never changes"])
        {
            var entered = (await doors.WithSocialLoginAsync(client, nia)).EnsureOk().Json;
            long.Parse(((string)entered["url"]!).Split('/')[^2], CultureInfo.InvariantCulture).ShouldBe(1, time);
            ((bool)entered["onboarding_required"]!, (bool)entered["is_new_user"]!, (string)entered["username"]!).ShouldBe((false, false, "user1"));
        }
        (await doors.WithSocialLoginAsync(client, gone)).Status.ShouldNotBe(HttpStatusCode.OK);
        (await doors.Server.ImportAsync(old)).Unchanged.ShouldBe(2);
        (await doors.Server.CertifyAsync(old)).Totals.IsWhole.ShouldBeTrue();
    }

    private async Task<Reply> AsAsync(string token, string path)
    {
        SecretWatch.Remember(token);
        using var client = doors.Server.NewClient();
        return await Doors.AsAsync(client, token, HttpMethod.Get, path);
    }
}
