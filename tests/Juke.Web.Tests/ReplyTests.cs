using Juke.Server.Web.Pages;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Juke.Contract;
using Juke.Server.Onboarding;
using Juke.Server.Passwords;
using Juke.Server.Plumbing;
using Juke.Server.Web;
using Juke.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>What goes over the wire: weight, caching, problems as pages, and the words.</summary>
public sealed partial class ReplyTests(Site site)
{
    [Fact]
    public async Task A_page_with_its_stylesheet_and_module_is_well_under_40_KB_compressed()
    {
        using var account = await site.NewClient().OnboardAsync();
        foreach (var page in new[] { "/", "/login", "/register", "/home", "/profile", "/settings", "/offline" })
        {
            var (html, weight) = await WeighAsync(page, account.Session);
            foreach (var asset in Asset().Matches(html).Select(m => m.Value)) weight += (await WeighAsync(asset, null)).Weight;
            Asset().Count(html).ShouldBe(2);
            weight.ShouldBeLessThan(20 * 1024, page);
        }
    }

    [Fact]
    public async Task A_hashed_address_is_kept_for_good_and_any_other_is_asked_for_again()
    {
        using var client = site.NewClient();
        var home = (await client.GetAsync("/")).Body;
        foreach (var asset in Asset().Matches(home).Select(m => m.Value))
        {
            (await client.GetAsync(asset)).CacheControl.ShouldBe("public, max-age=31536000, immutable");
            (await client.GetAsync(asset[..^1])).CacheControl.ShouldBe("no-cache");
        }
        foreach (var file in new[] { "/sw.js", "/manifest.webmanifest", "/favicon.ico", "/favicon.svg", "/icon-192.png", "/icon-512.png", "/icon-maskable-512.png" })
        {
            var reply = await client.GetAsync(file);
            (reply.Status, reply.CacheControl).ShouldBe((HttpStatusCode.OK, "no-cache"), file);
        }
    }

    [Theory]
    [InlineData("/no-such-page", "text/html", true)]
    [InlineData("/home/x", "text/html,application/xhtml+xml", true)]
    [InlineData("/no-such-page", "application/json", false)]
    [InlineData("/auth/nothing", "text/html", false)]
    [InlineData("/api/nothing", "text/html", false)]
    [InlineData("/fixtures/nothing", "text/html", false)]
    [InlineData("/health/nothing", "text/html", false)]
    public async Task Browsers_get_a_page_where_there_is_nothing_and_programs_a_problem(string path, string accept, bool isPage)
    {
        using var http = new HttpClient { BaseAddress = site.Server.Url };
        http.DefaultRequestHeaders.Add("Accept", accept);
        using var reply = await http.GetAsync(new Uri(path, UriKind.Relative));
        reply.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        reply.Content.Headers.ContentType!.MediaType.ShouldBe(isPage ? "text/html" : "application/json");
        reply.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
    }

    [Fact]
    public async Task Too_many_tries_are_a_page_that_says_how_long_to_wait()
    {
        await using var server = await Site.StartServerAsync(s => s with { AddressRate = new Rate(1, TimeSpan.FromMinutes(1)) });
        using var client = new PageClient(server.Url);
        await client.PostAsync("/login");
        var reply = await client.PostAsync("/login");
        reply.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        reply.RetryAfter.ShouldBe("60");
        reply.Body.ShouldContain("Try again in 60 seconds.");
        reply.Body.ShouldContain("href=\"/login\"");
    }

    [Fact]
    public async Task Too_many_tries_for_one_name_keep_the_form()
    {
        await using var server = await Site.StartServerAsync(s => s with { IdentifierRate = new Rate(1, TimeSpan.FromMinutes(1)) });
        using var client = new PageClient(server.Url);
        await client.SubmitAsync("/login", "/login", ("emailOrUsername", "ada"), ("password", "not the right one"));
        var reply = await client.SubmitAsync("/login", "/login", ("emailOrUsername", "ada"), ("password", "not the right one"));
        reply.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        reply.Body.ShouldContain("value=\"ada\"");
        reply.Body.ShouldNotContain("not the right one");
    }

    [Fact]
    public async Task A_database_that_refuses_is_a_page_with_every_header()
    {
        await using var server = await Site.StartServerAsync();
        using var account = await new PageClient(server.Url).OnboardAsync();
        await using (var admin = NpgsqlDataSource.Create((await TestCluster.GetAsync()).ConnectionString("postgres")))
        {
            var name = new NpgsqlConnectionStringBuilder(server.ConnectionString).Database;
            await using var close = admin.CreateCommand($"alter database {name} with allow_connections false");
            await close.ExecuteNonQueryAsync();
            await using var cut = admin.CreateCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1");
            cut.Parameters.AddWithValue(name!);
            await cut.ExecuteNonQueryAsync();
        }
        var reply = await account.GetAsync("/home");
        ((int)reply.Status).ShouldBeOneOf(500, 503);
        reply.Body.ShouldContain("You are still signed in");
        reply.Body.ShouldContain("href=\"/home\"");
        reply.CacheControl.ShouldContain("no-store");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "emailOrUsername=%00&password=%00", 400)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("multipart/form-data; boundary=x", "--x", 400)]
    [InlineData("multipart/form-data", "nothing", 400)]
    [InlineData("application/x-www-form-urlencoded", "=&=&=&%", 400)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "a=b", 400)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nb\r\n--x--\r\n", 400)]
    public async Task A_form_that_cannot_be_read_is_a_page_and_never_a_fault(string type, string body, int status)
    {
        using var client = site.NewClient();
        foreach (var path in (string[])["/login", "/connect/spotify"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(System.Text.Encoding.Latin1.GetBytes(body)) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            ((int)(await client.SendAsync(request)).Status).ShouldBe(status, path);
        }
    }

    [Theory]
    [InlineData("/login HTTP/1.0", 200)]
    [InlineData("/login HTTP/1.1\r\nHost:", 200)]
    [InlineData("/ HTTP/1.1\r\nHost: x:99999", 200)]
    [InlineData("/register HTTP/1.1\r\nHost: a..b", 200)]
    [InlineData("/no-such-page HTTP/1.1\r\nHost: a..b", 404)]
    public async Task A_host_that_cannot_be_is_no_fault(string asked, int status) =>
        (await RawHttp.SendAsync(site.Server.Url, System.Text.Encoding.ASCII.GetBytes($"GET {asked}\r\nConnection: close\r\nAccept: text/html\r\n\r\n")))!.Status.ShouldBe(status);

    [Fact]
    public async Task What_cannot_be_stored_is_refused_beside_its_field()
    {
        using var client = site.NewClient();
        // Encoded in a URL, the framework refuses it already.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login")
        {
            Content = new MultipartFormDataContent
            {
                { new StringContent("a\0b"), "emailOrUsername" },
                { new StringContent("long enough"), "password" },
                { new StringContent(await client.TokenOfAsync("/login")), "antiforgery" },
            },
        };
        var reply = await client.SendAsync(request);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Body.ShouldContain("This text contains characters that cannot be used.");
    }

    [Fact]
    public void Every_step_status_and_rule_has_its_words()
    {
        foreach (var step in OnboardingDefinition.Default.Steps)
        {
            Word(OnboardingPage.NameOf(step.TitleKey)).ShouldNotBeNull(step.TitleKey);
            Word(OnboardingPage.NameOf(step.HintKey)).ShouldNotBeNull(step.HintKey);
            foreach (var option in step.Options) Word(OnboardingPage.NameOf(option.TextKey)).ShouldNotBeNull(option.TextKey);
        }
        foreach (var (_, (status, _)) in ProblemCode.All.Where(p => p.Value.Status is not (401 or 409 or 412 or 415 or 422)))
            Word($"Problem_{status}_Title").ShouldNotBeNull(status.ToString(CultureInfo.InvariantCulture));
        string?[] rules =
        [
            Username.Check("a", out _), Username.Check(new string('a', 51), out _), Username.Check("a b c", out _), Username.Check("аbc", out _), Username.Check("globe", out _),
            Username.Check("ab\0c", out _), EmailAddress.Check("", out _), EmailAddress.Check("x", out _), EmailAddress.Check(new string('x', 300), out _),
            Password.Check(""), Password.Check("short"), Password.Check(new string('x', 201)), Password.Check("1234567890"), Password.Check("abcdefgh\0"), NewPassword.Check("password"),
            Problem.InvalidCredentials.Detail, Problem.AccountDisabled.Detail, Problem.TooMany(TimeSpan.Zero).Detail,
            SaveAnswers.Stale.Detail,
        ];
        foreach (var rule in rules) Word(Sentences.KeyOf(rule!)).ShouldNotBeNull(rule);
    }

    [Fact]
    public async Task Every_refusal_of_the_wizard_has_its_words()
    {
        await using var server = await Site.StartServerAsync(s => s with { Onboarding = OnboardingDefinition.FromSetting("age_range", out _) });
        using var account = await new PageClient(server.Url).RegisterAsync();
        using var app = server.NewClient();
        (await app.LoginAsync(account.Email)).EnsureOk();
        (await app.PatchAsync("/api/v1/music-profiles/me/", new { favorite_artists = Enumerable.Range(0, 100).Select(i => "Artist " + i), custom_data = new { x = new string('x', 65_520) } })).EnsureOk();
        var words = Texts.ResourceManager.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!.Cast<System.Collections.DictionaryEntry>().Select(e => (string)e.Value!).ToHashSet(StringComparer.Ordinal);
        (string Name, string Value)[] Answers(params string[] values) => [.. values.Select(v => ("answer", v))];
        foreach (var (step, fields) in new (string, (string, string)[])[]
        {
            ("username", [("username", "globe")]), ("username", [("skip", "step")]), ("username", [("skip", "rest")]),
            ("genres", Answers("jazz", "soul", "funk", "rap")), ("genres", Answers("thunder")), ("hated", Answers("a \"b\" c")),
            ("artist", Answers("Can", "Neu")), ("artist", Answers(new string('x', 201))), ("artist", Answers("Can")), ("artist", [("q", "Can")]),
            ("rainy", Answers("thunder")), ("workout", Answers("intense")),
            ("age", []), ("age", [("skip", "step")]), ("age", Answers("7")),
            ("city", [("q", "Lisbon")]), ("city", Answers(";;" + new string('x', 121))),
            ("city", Answers("91;0;x")), ("city", Answers("-91;0;x")), ("city", Answers("0;181;x")), ("city", Answers("0;-181;x")),
        })
        {
            var reply = await account.SubmitAsync("/onboarding/" + step, "/onboarding/" + step, fields);
            var sentences = Sentence().Matches(reply.Body).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).ToList();
            sentences.ShouldNotBeEmpty(step);
            sentences.ShouldAllBe(s => words.Contains(s), step);
        }
        await account.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", TestClient.NewName()));
        (await account.SubmitAsync("/onboarding/age", "/onboarding/age", ("skip", "rest"))).Body.ShouldContain(">Choose at least one.</a>");
    }

    private static string? Word(string key) => Texts.ResourceManager.GetString(key, CultureInfo.InvariantCulture);

    private async Task<(string Text, int Weight)> WeighAsync(string path, string? session)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = site.Server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Encoding", "br");
        if (session is not null && path is "/home" or "/profile" or "/settings") request.Headers.Add("Cookie", "juke_session=" + session);
        using var reply = await http.SendAsync(request);
        reply.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        reply.Content.Headers.ContentEncoding.ShouldBe(["br"], path);
        var bytes = await reply.Content.ReadAsByteArrayAsync();
        using var reader = new StreamReader(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress));
        return (await reader.ReadToEndAsync(), bytes.Length);
    }

    [GeneratedRegex("<li><a href=\"#[^\"]+\">([^<]+)</a>")]
    private static partial Regex Sentence();

    [GeneratedRegex("/assets/[^\"]+")]
    private static partial Regex Asset();
}
