using System.Net;
using Juke.Desk.Spotify;
using Juke.Desk.Tests.StandIns;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests.Spotify;

public sealed class SpotifyAuthorizeTests : SpotifyTest
{
    /// <summary>What is changed in a good request, to what (null: left out), and the words that the page says.</summary>
    public static TheoryData<string, string?, string> Refusals => new()
    {
        { "client_id", null, "INVALID_CLIENT: Invalid client" },
        { "client_id", "somebody-else", "INVALID_CLIENT: Invalid client" },
        { "redirect_uri", null, "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "https://attacker.example/callback", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "http://127.0.0.1:4711/callback/", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "http://127.0.0.1:4711/Callback", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "http://127.0.0.1:4711/callback?more=1", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "http://127.0.0.1:4711/elsewhere", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "http://127.0.0.1:/callback", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "http://127.0.0.1:04711x/callback", "INVALID_CLIENT: Insecure redirect URI" },
        { "redirect_uri", "http://127.0.0.1:@attacker.example/callback", "INVALID_CLIENT: Insecure redirect URI" },
        { "redirect_uri", "http://[::1]:4711/callback", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "http://localhost:4711/callback", "INVALID_CLIENT: Insecure redirect URI" },
        { "redirect_uri", "https://localhost/callback", "INVALID_CLIENT: Insecure redirect URI" },
        { "redirect_uri", "http://juke.example/callback", "INVALID_CLIENT: Insecure redirect URI" },
        { "redirect_uri", "juke://spotify-callback/", "INVALID_CLIENT: Invalid redirect URI" },
        { "redirect_uri", "callback", "INVALID_CLIENT: Insecure redirect URI" },
        { "response_type", "token", "response_type must be code" },
        { "response_type", null, "response_type must be code" },
        { "code_challenge_method", "plain", "code_challenge_method must be S256" },
        { "code_challenge_method", null, "code_challenge_method must be S256" },
        { "code_challenge", null, "code_challenge_method must be S256" },
        { "code_challenge", "short", "code_challenge_method must be S256" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_wrong_request_is_a_page_and_no_redirect(string name, string? value, string words)
    {
        // Registered or not: plain http and localhost are refused for what they are.
        Spotify.RedirectUris.AddRange(["http://localhost:4711/callback", "http://juke.example/callback", "https://localhost/callback"]);
        var page = App.Query("/authorize", App.With(SpotifyRequests.Authorize, (name, value)));
        foreach (var answer in new[] { await App.GetAsync(page), await App.FormAsync(page, [new("person", "first-timer")]) })
        {
            answer.Status.ShouldBe(HttpStatusCode.BadRequest);
            answer.Location.ShouldBeNull();
            answer.Type.ShouldBe("text/html");
            answer.Body.ShouldContain($"<strong>{words}</strong>");
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/callback")]
    [InlineData("http://127.0.0.1:65535/callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("juke://spotify-callback")]
    [InlineData("https://juke.example/back?from=spotify")]
    public async Task Registered_addresses_are_returned_to(string uri)
    {
        Spotify.RedirectUris.Add("https://juke.example/back?from=spotify");
        var back = await ChooseAsync("first-timer", ("redirect_uri", uri));
        back.Location.ShouldNotBeNull().ShouldStartWith(uri + (uri.Contains('?') ? "&" : "?") + "code=");
        (await ExchangeAsync(back.Back("code")!, ("redirect_uri", uri))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fixed_port_is_exact()
    {
        Spotify.RedirectUris.Clear();
        Spotify.RedirectUris.Add("http://127.0.0.1:4711/callback");
        (await ChooseAsync("first-timer")).Back("code").ShouldNotBeNull();
        (await ChooseAsync("first-timer", ("redirect_uri", "http://127.0.0.1:4712/callback"))).Location.ShouldBeNull();
        (await ChooseAsync("first-timer", ("redirect_uri", "http://127.0.0.1/callback"))).Location.ShouldBeNull();
    }

    [Fact]
    public async Task Saying_no_goes_back_with_access_denied_and_the_state()
    {
        var back = await ChooseAsync("deny");
        back.Back("error").ShouldBe("access_denied");
        back.Back("state").ShouldBe("a state & more");
        back.Back("code").ShouldBeNull();
    }

    [Fact]
    public async Task A_scope_that_does_not_exist_goes_back_as_an_error()
    {
        var back = await App.GetAsync(App.Query("/authorize", App.With(SpotifyRequests.Authorize, ("scope", "user-read-email read-minds"))));
        back.Back("error").ShouldBe("invalid_scope");
        back.Back("state").ShouldBe("a state & more");
    }

    [Fact]
    public async Task Without_state_none_comes_back()
    {
        var back = await ChooseAsync("first-timer", ("state", null));
        back.Location.ShouldNotBeNull().ShouldNotContain("state");
    }

    [Fact]
    public async Task Nobody_cannot_be_chosen() => (await ChooseAsync("nobody")).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Who_agreed_before_goes_straight_back()
    {
        var page = App.Query("/authorize", SpotifyRequests.Authorize);
        (await App.GetAsync(page)).Status.ShouldBe(HttpStatusCode.OK);
        await ChooseAsync("first-timer");

        var silent = await App.GetAsync(page);
        silent.Status.ShouldBe(HttpStatusCode.Found);
        silent.Back("code").ShouldNotBeNull();
        silent.Back("state").ShouldBe("a state & more");
        (await AskAsync(("scope", "user-read-email"))).Status.ShouldBe(HttpStatusCode.Found, "less than before was agreed to");
        (await AskAsync(("scope", "user-read-email streaming"))).Status.ShouldBe(HttpStatusCode.OK, "more than before was not");
        (await AskAsync(("show_dialog", "true"))).Body.ShouldContain("last here as First-timer");
        (await AskAsync(("show_dialog", "false"))).Status.ShouldBe(HttpStatusCode.Found);

        using var another = new App(Spotify.Address);
        (await another.GetAsync(page)).Status.ShouldBe(HttpStatusCode.OK, "another browser does not know them");

        Spotify.RevokeRefreshTokens(Spotify.Find("first-timer")!);
        (await App.GetAsync(page)).Status.ShouldBe(HttpStatusCode.OK, "the app was taken off the list");
    }

    [Fact]
    public async Task Who_signs_out_is_asked_again()
    {
        await ChooseAsync("first-timer");
        (await AskAsync()).Status.ShouldBe(HttpStatusCode.Found);
        (await App.FormAsync("/desk/sign-out", [])).Status.ShouldBe(HttpStatusCode.Found);
        (await AskAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_returning_listener_approved_everything_once()
    {
        await ChooseAsync("returning", ("scope", ""));
        (await AskAsync(("scope", "streaming user-top-read"))).Back("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task Somebody_new_is_new_each_time()
    {
        var ids = new List<string>();
        foreach (var name in new[] { "Ada <b>", "Ada <b>", "" })
        {
            var back = await ChooseAsync("new", ("show_dialog", "true"), name);
            var me = await MeAsync((await ExchangeAsync(back.Back("code")!))["access_token"]!);
            me["display_name"].ShouldBe(name.Length == 0 ? null : name);
            ids.Add(me["id"]!);
            ids.Add(me["account_id"]!);
        }
        ids.ShouldBeUnique();
        var page = await AskAsync(("show_dialog", "true"));
        page.Body.ShouldContain(">Ada &lt;b&gt;</button>");
        page.Body.ShouldContain(">Somebody without a name</button>");
    }

    [Fact]
    public async Task Each_choice_is_a_form_with_one_button_that_says_what_it_shows()
    {
        var page = (await AskAsync()).Body;
        foreach (var person in SpotifyPeople.All())
        {
            var index = page.IndexOf($">{person.Label}</button>", StringComparison.Ordinal);
            index.ShouldBePositive(person.Label);
            var form = page[page.LastIndexOf("<form", index, StringComparison.Ordinal)..page.IndexOf("</li>", index, StringComparison.Ordinal)];
            form.ShouldContain("method=\"post\"");
            form.ShouldContain($"name=\"person\" value=\"{person.Key}\"");
            var shows = form.Split("aria-describedby=\"")[1].Split('"')[0];
            form.ShouldContain($"<p id=\"{shows}\">");
        }
        page.ShouldContain(">Says no</button>");
        page.ShouldContain(">A brand-new person</button>");
        page.ShouldNotContain("<script");
    }

    [Fact]
    public void The_people_of_the_picker_are_the_same_each_time()
    {
        static string Say(SpotifyPerson person) => $"{person.Key} {person.Id} {person.AccountId}";
        SpotifyPeople.All().Select(Say).ShouldBe(SpotifyPeople.All().Select(Say));
        SpotifyPeople.All().Select(person => person.Id).ShouldBeUnique();
        SpotifyPeople.All().Select(person => person.AccountId).ShouldBeUnique();
        SpotifyPeople.All().ShouldAllBe(person => person.AccountId!.Length == 22);
    }

    private Task<Answer> AskAsync(params (string Name, string? Value)[] changes) => App.GetAsync(App.Query("/authorize", App.With(SpotifyRequests.Authorize, changes)));

    private Task<Answer> ChooseAsync(string person) => ChooseAsync(person, ("state", "a state & more"));

    private Task<Answer> ChooseAsync(string person, (string Name, string? Value) change, string name = "") =>
        App.FormAsync(App.Query("/authorize", App.With(SpotifyRequests.Authorize, change)), [new("person", person), new("name", name)]);
}
