using System.Net;
using Juke.Desk.Google;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Google;

public sealed class GoogleAuthorizeTests : GoogleTest
{
    public static TheoryData<string, string?, string> Refusals => new()
    {
        { "client_id", null, "Error 401: invalid_client" },
        { "client_id", GoogleStandIn.IosClientId, "Error 401: invalid_client" },
        { "redirect_uri", null, "Error 400: invalid_request" },
        { "redirect_uri", "https://attacker.example/callback", "Error 400: redirect_uri_mismatch" },
        { "redirect_uri", "http://127.0.0.1:4711/callback/", "Error 400: redirect_uri_mismatch" },
        { "redirect_uri", "http://localhost:4711/callback", "Error 400: redirect_uri_mismatch" },
        { "response_type", "token", "Error 400: unsupported_response_type" },
        { "response_type", "id_token", "Error 400: unsupported_response_type" },
        { "scope", null, "Error 400: invalid_scope" },
        { "scope", "email profile", "Error 400: invalid_scope" },
        { "code_challenge_method", "plain", "Error 400: invalid_request" },
        { "code_challenge", "short", "Error 400: invalid_request" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_wrong_request_is_a_page_and_no_redirect(string name, string? value, string words)
    {
        foreach (var answer in new[] { await AskAsync((name, value)), await ChooseAsync("gmail", (name, value)) })
        {
            ((int)answer.Status).ShouldBe(int.Parse(words.Split(' ')[1].TrimEnd(':')));
            answer.Location.ShouldBeNull();
            answer.Body.ShouldContain($"<strong>{words}</strong>");
        }
    }

    [Fact]
    public async Task Saying_no_goes_back_with_access_denied_and_the_state()
    {
        var back = await ChooseAsync("deny");
        (back.Back("error"), back.Back("state"), back.Back("code")).ShouldBe(("access_denied", "a state & more", null));
    }

    [Fact]
    public async Task Who_chose_before_goes_straight_back_unless_the_app_wants_it_otherwise()
    {
        (await AskAsync(("prompt", "none"))).Back("error").ShouldBe("login_required");
        await ChooseAsync("gmail");
        (await AskAsync()).Back("code").ShouldNotBeNull();
        (await AskAsync(("prompt", "none"))).Back("code").ShouldNotBeNull();
        (await AskAsync(("prompt", "select_account"))).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(("prompt", "consent"))).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(("login_hint", "grace.mailer@gmail.com"))).Back("code").ShouldNotBeNull();
        (await AskAsync(("login_hint", "wim@office.example"))).Status.ShouldBe(HttpStatusCode.OK, "somebody else is meant");
        await App.FormAsync("/desk/sign-out", []);
        (await AskAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_one_who_is_meant_stands_first()
    {
        var page = (await AskAsync(("login_hint", "WIM@office.example"))).Body;
        page.IndexOf(">Workspace address</button>", StringComparison.Ordinal).ShouldBeLessThan(page.IndexOf(">Gmail address</button>", StringComparison.Ordinal));
        page.ShouldContain("It suggests WIM@office.example.");
    }

    [Fact]
    public async Task The_nonce_comes_back_in_the_token_if_there_was_one()
    {
        (await ClaimsAsync((await ChooseAsync("gmail", ("nonce", "of this request"))).Back("code")!))["nonce"]!.ToString().ShouldBe("of this request");
        (await ClaimsAsync((await ChooseAsync("gmail", ("nonce", null))).Back("code")!)).ContainsKey("nonce").ShouldBeFalse();
    }

    [Fact]
    public async Task The_scopes_decide_which_claims_there_are()
    {
        var bare = await ClaimsAsync((await ChooseAsync("gmail", ("scope", "openid"))).Back("code")!);
        (bare.ContainsKey("email"), bare.ContainsKey("name")).ShouldBe((false, false));
        var mail = await ClaimsAsync((await ChooseAsync("gmail", ("scope", "openid email"))).Back("code")!);
        (mail.ContainsKey("email"), mail.ContainsKey("name")).ShouldBe((true, false));
    }

    [Fact]
    public async Task Somebody_new_is_new_each_time()
    {
        var page = App.Query(GoogleRequests.Page, GoogleRequests.Authorize);
        var first = await ClaimsAsync((await App.FormAsync(page, [new("person", "new"), new("name", "Ada")])).Back("code")!);
        var second = await ClaimsAsync((await App.FormAsync(page, [new("person", "new"), new("name", "Ada")])).Back("code")!);
        first["name"]!.ToString().ShouldBe("Ada");
        first["sub"]!.ToString().ShouldNotBe(second["sub"]!.ToString());
        first["email"]!.ToString().ShouldNotBe(second["email"]!.ToString());
        (await ChooseAsync("nobody")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void The_people_of_the_picker_are_the_same_each_time()
    {
        GooglePeople.All().Select(person => person.Subject).ShouldBe(GooglePeople.All().Select(person => person.Subject));
        GooglePeople.All().Select(person => person.Subject).ShouldBeUnique();
    }
}
