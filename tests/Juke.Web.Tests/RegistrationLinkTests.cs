using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>The link of a Juke registration, followed in a browser in which no app takes it.</summary>
public sealed partial class RegistrationLinkTests(Site site)
{
    [Fact]
    public async Task A_person_follows_the_link_and_signs_in()
    {
        var (email, link) = await RegisterAsync(site);
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync(link);
        await visitor.SeeAsync(email);
        await visitor.PressAsync("This is my account");
        await visitor.ArriveAsync("/login");
        await visitor.SeeAsync("Your account is ready.");
        await visitor.LoginAsync(email);
        await visitor.ArriveAsync("/onboarding/genres");
    }

    [Fact]
    public async Task Opening_the_link_changes_nothing_and_a_used_one_says_so()
    {
        var (email, link) = await RegisterAsync(site);
        using var scanner = site.NewClient();
        (await scanner.GetAsync(link)).Status.ShouldBe(HttpStatusCode.OK);
        (await scanner.GetAsync(link)).Body.ShouldContain(email);
        (await scanner.PostAsync("/verify-user/", [.. Query(link)])).Status.ShouldBe(HttpStatusCode.BadRequest); // Without the form of the page.
        (await scanner.SubmitAsync(link, "/verify-user/", [.. Query(link)])).Location.ShouldBe("/login?notice=AccountVerified");
        var dead = await scanner.GetAsync(link);
        dead.Status.ShouldBe(HttpStatusCode.BadRequest);
        dead.Body.ShouldContain("This link has been used");
        dead.Body.ShouldNotContain(email);
        (await scanner.GetAsync("/verify-user/")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await scanner.GetAsync("/verify-user/?user_id=1&timestamp=1&signature=%00&signature=x")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static IEnumerable<(string, string)> Query(string link) => link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&').Select(p => (p.Split('=')[0], p.Split('=')[1]));

    /// <summary>The address, and the path of its link.</summary>
    internal static async Task<(string Email, string Link)> RegisterAsync(Site site)
    {
        using var client = site.Server.NewClient();
        var email = TestClient.NewEmail();
        var body = JsonSerializer.SerializeToNode(new { username = TestClient.NewName(), email, password = TestClient.Password, password_confirm = TestClient.Password });
        (await client.PostAsync("/api/v1/auth/accounts/register/", body)).Status.ShouldBe(HttpStatusCode.Created);
        return (email, Link().Match((await site.Server.Mailbox.WaitForAsync(email, "verify your Account")).Body).Value);
    }

    [GeneratedRegex(@"/verify-user/\S+")]
    private static partial Regex Link();
}
