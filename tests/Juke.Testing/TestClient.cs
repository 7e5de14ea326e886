using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juke.Testing;

/// <summary>
/// A client by hand: sends exactly what it is told, keeps the tokens of its last sign-in, and reads answers as JSON.
/// Everything secret that passes through it is remembered by <see cref="SecretWatch"/>.
/// </summary>
internal sealed class TestClient(Uri url, bool web = false) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = url };

    /// <summary>Sees every answer to every client of this process.</summary>
    public static Action<HttpMethod, string, Reply>? Answered { get; set; }

    public string? AccessToken { get; set; }

    /// <summary>Token of the Juke dialect: sent in place of the access token.</summary>
    public string? Token { get; set; }

    public string? RefreshToken { get; set; }

    /// <summary>The refresh cookie that a browser would hold (clients with <c>X-Client: web</c>).</summary>
    public string? RefreshCookie { get; set; }

    /// <summary>Id of the user who signed in last.</summary>
    public long UserId { get; private set; }

    public static string NewEmail() => $"u{Letters()}@example.com";

    public static string NewName() => "n" + Letters()[..16];

    public const string Password = "a long and quiet evening";

    public Task<Reply> RegisterAsync(string? email = null, string password = Password, string? name = null) =>
        SignInAsync("/auth/register", name is null ? new { email = email ?? NewEmail(), password } : new { email = email ?? NewEmail(), password, name });

    public Task<Reply> LoginAsync(string emailOrUsername, string password = Password) => SignInAsync("/auth/login", new { emailOrUsername, password });

    /// <summary>Signs in as shipped Juke apps do, and keeps the token.</summary>
    public async Task<Reply> TokenAsync(string username, string password = Password)
    {
        var reply = await PostAsync("/api/v1/auth/api-auth-token/", new { username, password });
        if (reply.Status != HttpStatusCode.OK) return reply;
        Token = reply.Json["token"]!.GetValue<string>();
        SecretWatch.Remember(Token);
        return reply;
    }

    public Task<Reply> CompleteAsync(string? username = null) => PostAsync("/auth/onboarding/complete", new { username = username ?? NewName() });

    /// <summary>Registered and through onboarding.</summary>
    public async Task<TestClient> OnboardedAsync()
    {
        (await RegisterAsync()).EnsureOk();
        (await CompleteAsync()).EnsureOk();
        return this;
    }

    public async Task<Reply> RefreshAsync(string? token = null, string? attempt = null)
    {
        var body = new JsonObject();
        if ((token ?? RefreshToken) is { } t) body["refreshToken"] = t;
        if (attempt is not null) body["attempt"] = attempt;
        var reply = await PostAsync("/auth/refresh", body);
        if (reply.Status == HttpStatusCode.OK) Keep(reply);
        return reply;
    }

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Reply> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<Reply> SendAsync(HttpMethod method, string path, object? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is HttpContent raw) request.Content = raw;
        else if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Token", Token);
        else if (AccessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        if (web)
        {
            request.Headers.Add("X-Client", "web");
            if (RefreshCookie is not null) request.Headers.Add("Cookie", "user_refresh_token=" + RefreshCookie);
        }
        change?.Invoke(request);
        using var response = await http.SendAsync(request);
        var reply = new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
        if (reply.Cookie("user_refresh_token") is { } cookie) RefreshCookie = cookie.Length == 0 ? null : cookie;
        SecretWatch.Remember(RefreshCookie);
        Answered?.Invoke(method, path, reply);
        return reply;
    }

    public void Dispose() => http.Dispose();

    private async Task<Reply> SignInAsync(string path, object body)
    {
        SecretWatch.Remember(JsonSerializer.SerializeToNode(body)!["password"]!.GetValue<string>());
        var reply = await PostAsync(path, body);
        if (reply.Status == HttpStatusCode.OK)
        {
            Keep(reply);
            UserId = reply.Json["user"]!["id"]!.GetValue<long>();
        }
        return reply;
    }

    private void Keep(Reply reply)
    {
        AccessToken = reply.Json["accessToken"]!.GetValue<string>();
        RefreshToken = reply.Json["refreshToken"]!.GetValue<string>();
        SecretWatch.Remember(AccessToken);
        SecretWatch.Remember(RefreshToken);
    }

    // Without digits: a password of digits is then like nobody's name or address.
    private static string Letters() => string.Concat(Guid.NewGuid().ToString("N").Select(c => char.IsAsciiDigit(c) ? (char)(c - '0' + 'g') : c));
}

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The body is null.");

    /// <summary><c>code</c> of a problem, or null.</summary>
    public string? Code => Body.StartsWith('{') ? Json["code"]?.GetValue<string>() : null;

    /// <summary>Field names of <c>errors</c>.</summary>
    public IEnumerable<string> Fields => Json["errors"]?.AsObject().Select(e => e.Key) ?? [];

    /// <summary>The value that a Set-Cookie of this reply gives the cookie, or null when there is none.</summary>
    public string? Cookie(string name) =>
        Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.FirstOrDefault(c => c.StartsWith(name + "=", StringComparison.Ordinal)) is { } cookie
            ? cookie[(name.Length + 1)..cookie.IndexOf(';', StringComparison.Ordinal)] : null;

    public Reply EnsureOk() => Status == HttpStatusCode.OK ? this : throw new InvalidOperationException($"{(int)Status} {Body}");
}
