using System.Net;
using System.Text.RegularExpressions;
using System.Web;
using Juke.Desk.StandIns;
using Juke.Testing;

namespace Juke.Server.Tests.SignUp;

/// <summary>A browser without a window that goes to the providers too: keeps cookies, follows nothing by itself.</summary>
internal sealed partial class Browser(JukeServer server) : IDisposable
{
    private static readonly Uri Published = new("http://127.0.0.1:5080/");

    private readonly CookieContainer cookies = new();
    private HttpClient? client;

    public string? Session => cookies.GetCookies(Server.Url)["juke_session"]?.Value;

    public string? TripCookie => cookies.GetCookies(Server.Url)["juke_trip"]?.Value;

    /// <summary>Another server of the same house: cookies know no ports.</summary>
    public JukeServer Server { get; set; } = server;

    /// <summary>The address that it comes from; null: the test's own.</summary>
    public string? From { get; set; }

    private HttpClient Http => client ??= new(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false });

    public Task<BrowserReply> GetAsync(string address, string accept = "text/html", string? referer = null) => SendAsync(HttpMethod.Get, address, null, accept, referer);

    /// <summary>Opens the page and submits its form.</summary>
    public async Task<BrowserReply> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var token = Antiforgery().Match((await GetAsync(page)).Body).Groups[1].Value;
        SecretWatch.Remember(token);
        return await PostAsync(action, [.. fields, ("antiforgery", token)]);
    }

    public Task<BrowserReply> PostAsync(string address, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, address, new FormUrlEncodedContent(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value))), "text/html", null);

    /// <summary>Somebody answers at the provider; gives the address that the provider sends the browser back to.</summary>
    public async Task<string> AnswerAsync(string authorize, string person)
    {
        SecretWatch.Remember(HttpUtility.ParseQueryString(new Uri(authorize).Query)["state"]);
        var back = (await PostAsync(authorize, (Picker.Person, person))).Location ?? throw new InvalidOperationException("The provider did not send the browser back.");
        SecretWatch.Remember(HttpUtility.ParseQueryString(new Uri(back).Query)["code"]);
        return back;
    }

    /// <summary>Out and back: from the page that starts the trip to the answer of the callback.</summary>
    public async Task<BrowserReply> TravelAsync(string start, string person, string? referer = null)
    {
        var away = await GetAsync(start, referer: referer);
        return await GetAsync(await AnswerAsync(away.Location!, person));
    }

    /// <summary>Registers on the page.</summary>
    public async Task<Browser> RegisterAsync(string? email = null)
    {
        SecretWatch.Remember(TestClient.Password);
        var reply = await SubmitAsync("/register", "/register", ("email", email ?? TestClient.NewEmail()), ("password", TestClient.Password));
        return reply.Location == "/onboarding" ? this : throw new InvalidOperationException($"{reply.Status} {reply.Body}");
    }

    public void Dispose() => client?.Dispose();

    private async Task<BrowserReply> SendAsync(HttpMethod method, string address, HttpContent? content, string accept, string? referer)
    {
        // What people call by its published name listens on a free port here.
        var uri = new Uri(Published, address);
        if (uri.Authority == Published.Authority) uri = new Uri(Server.Url, uri.PathAndQuery);
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        request.Headers.Add("Accept", accept);
        if (referer is not null) request.Headers.Add("Referer", referer);
        if (From is not null) request.Headers.Add("X-Forwarded-For", From);
        using var response = await Http.SendAsync(request);
        SecretWatch.Remember(Session);
        SecretWatch.Remember(TripCookie);
        return new BrowserReply(
            response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : [], response.Headers.TryGetValues("Refresh", out var refresh) ? refresh.Single() : null)
        {
            Headers = response.Headers,
        };
    }

    [GeneratedRegex("name=\"antiforgery\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}

/// <summary>What came back.</summary>
internal sealed record BrowserReply(HttpStatusCode Status, string? Location, string Body, IReadOnlyList<string> SetCookie, string? Refresh)
{
    public required System.Net.Http.Headers.HttpResponseHeaders Headers { get; init; }

    public string? Query(string name) => HttpUtility.ParseQueryString(new Uri(new Uri("http://x/"), Location!).Query)[name];
}
