using System.Net;
using System.Text.RegularExpressions;
using Juke.Testing;

namespace Juke.Web.Tests;

/// <summary>A browser without a window: keeps cookies, follows nothing, fills in forms by name.</summary>
internal sealed partial class PageClient : IDisposable
{
    private readonly CookieContainer cookies = new();
    private readonly HttpClient http;
    private readonly Uri url;

    public PageClient(Uri url)
    {
        this.url = url;
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = url };
        http.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    public string Email { get; private set; } = "";

    public string? Username { get; private set; }

    public string? Session => cookies.GetCookies(url)["juke_session"]?.Value;

    public async Task<PageReply> GetAsync(string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await PageReply.ReadAsync(response);
    }

    /// <summary>Posts exactly these fields.</summary>
    public async Task<PageReply> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)));
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        SecretWatch.Remember(Session);
        return await PageReply.ReadAsync(response);
    }

    public async Task<PageReply> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        return await PageReply.ReadAsync(response);
    }

    /// <summary>Opens the page, and posts the fields with the antiforgery token that stands there.</summary>
    public async Task<PageReply> SubmitAsync(string page, string action, params (string Name, string Value)[] fields) =>
        await PostAsync(action, [.. fields, ("antiforgery", await TokenOfAsync(page))]);

    public async Task<string> TokenOfAsync(string page)
    {
        var token = Token().Match((await GetAsync(page)).Body).Groups[1].Value;
        SecretWatch.Remember(token);
        return token;
    }

    /// <summary>An account whose onboarding is still to be done.</summary>
    public async Task<PageClient> RegisterAsync(string? email = null)
    {
        Email = email ?? TestClient.NewEmail();
        SecretWatch.Remember(TestClient.Password);
        var reply = await SubmitAsync("/register", "/register", ("email", Email), ("password", TestClient.Password));
        return reply.Location == "/onboarding" ? this : throw new InvalidOperationException($"{reply.Status} {reply.Body}");
    }

    public async Task<PageClient> OnboardAsync()
    {
        await RegisterAsync();
        Username = TestClient.NewName();
        await SubmitAsync("/onboarding/username", "/onboarding/username", ("username", Username));
        var reply = await SubmitAsync("/onboarding/genres", "/onboarding/genres", ("skip", "rest"));
        return reply.Location == "/home" ? this : throw new InvalidOperationException($"{reply.Status} {reply.Body}");
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"antiforgery\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

/// <summary>A page as it came.</summary>
internal sealed record PageReply(HttpStatusCode Status, string? Location, string Body, string CacheControl, string? RetryAfter)
{
    public static async Task<PageReply> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(),
        response.Headers.CacheControl?.ToString() ?? "", response.Headers.RetryAfter?.ToString());
}
