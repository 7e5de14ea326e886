using System.Net;
using Juke.Server.Web;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Web.Tests;

/// <summary><c>next</c> leads to a page of this site, or nowhere.</summary>
public sealed class NextPathTests(Site site)
{
    public static TheoryData<string> Elsewhere { get; } =
    [
        "", "home", "https://evil.example/", "http:evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\\/evil.example",
        "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/home\r\nSet-Cookie: a=b", "/\0", "/home\u0085", "javascript:alert(1)", "data:text/html,x",
        "/.//evil.example", "/..//evil.example", "/home/..//evil.example", "@evil.example", "?next=//evil.example", "/\uD800", "/a\\b", "https:/evil.example", "/" + "long",
    ];

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task Anything_else_leads_home(string next)
    {
        if (next == "/long") next = "/" + new string('a', 2000);
        NextPath.Check(next).ShouldBeNull();

        using var client = await site.NewClient().OnboardAsync();
        // A lone surrogate has no UTF-8, so these bytes are as near as a browser can come.
        var query = "?next=" + (next.Contains('\uD800') ? "/%ED%A0%80\\" : WebUtility.UrlEncode(next));
        (await client.GetAsync("/login" + query)).Location.ShouldBe("/home");
        (await client.GetAsync("/onboarding" + query)).Location.ShouldBe("/home");
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/home", "/home")]
    [InlineData("/verify-email?token=a_-b", "/verify-email?token=a_-b")]
    [InlineData("/settings?notice=Saved#devices", "/settings?notice=Saved")]
    [InlineData("/%2F%2Fevil.example", "/%2F%2Fevil.example")]
    [InlineData("/käse?q=ü", "/k%C3%A4se?q=%C3%BC")]
    [InlineData("/a?u=https://evil.example", "/a?u=https://evil.example")]
    [InlineData("/@evil.example", "/@evil.example")]
    public void A_path_of_ours_is_kept_encoded(string next, string kept) => NextPath.Check(next).ShouldBe(kept);

    [Fact]
    public async Task Twice_is_once_too_often()
    {
        using var client = await site.NewClient().OnboardAsync();
        (await client.GetAsync("/login?next=/profile&next=//evil.example")).Location.ShouldBe("/home");
    }

    [Fact]
    public async Task The_browser_ends_up_here_after_signing_in()
    {
        using var account = await site.NewClient().OnboardAsync();
        await using var visitor = await site.VisitAsync();
        await visitor.GoAsync("/login?next=%2F%5Cevil.example");
        await visitor.LoginAsync(account.Email);
        await visitor.ArriveAsync("/home");
        new Uri(visitor.Page.Url).Authority.ShouldBe(site.Server.Url.Authority);
    }
}
