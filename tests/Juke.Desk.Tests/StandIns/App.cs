using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Juke.Desk.StandIns;

namespace Juke.Desk.Tests.StandIns;

/// <summary>What an app, or the browser in front of it, sends to a stand-in. It follows no redirect; the browser keeps its cookies.</summary>
internal sealed class App : IDisposable
{
    public const string Callback = "http://127.0.0.1:4711/callback";

    public const string Verifier = "a-verifier-that-is-long-enough-to-be-one-0123456789";

    public static string Challenge { get; } = Pkce.Challenge(Verifier);

    private readonly HttpClient http;

    public App(Uri address) => http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };

    public void Dispose() => http.Dispose();

    public Task<Answer> GetAsync(string path, string? authorization = null) => SendAsync(HttpMethod.Get, path, null, authorization);

    public Task<Answer> FormAsync(string path, IEnumerable<KeyValuePair<string, string>> form, string? authorization = null) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(form), authorization);

    public Task<Answer> JsonAsync(string path, string json) => SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), null);

    public static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    public static string Query(string path, IEnumerable<KeyValuePair<string, string>> members) =>
        path + "?" + string.Join('&', members.Select(member => $"{member.Key}={Uri.EscapeDataString(member.Value)}"));

    /// <summary>These members with others on top; null takes one away.</summary>
    public static Dictionary<string, string> With(Dictionary<string, string> members, params (string Name, string? Value)[] others)
    {
        var all = new Dictionary<string, string>(members, StringComparer.Ordinal);
        foreach (var (name, value) in others)
        {
            if (value is null) all.Remove(name);
            else all[name] = value;
        }
        return all;
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? body, string? authorization)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await http.SendAsync(request);
        return new(answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync(), answer.Headers);
    }
}

/// <summary>An answer, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, string? Type, string Body, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Location => Headers.Location?.OriginalString;

    /// <summary>A member of the query that the browser is sent back with; null = not there.</summary>
    public string? Back(string name) => Location is { } location && location.Contains('?') ? HttpUtility.ParseQueryString(location[location.IndexOf('?')..])[name] : null;

    public string? this[string member] => Json[member]?.ToString();
}
