using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Juke.Testing;
using Microsoft.Playwright;

namespace Juke.Web.Tests;

/// <summary>A person at a browser. Whatever the browser complains about (console, content security policy) fails the test at the end.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentDictionary<string, byte> refusedDocuments = new(StringComparer.Ordinal);

    private Visitor(IBrowserContext context, IPage page, JukeServer server) => (Context, Page, Server) = (context, page, server);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public JukeServer Server { get; }

    /// <summary>Path and query of where the visitor is.</summary>
    public string At => new Uri(Page.Url).PathAndQuery;

    public static async Task<Visitor> OpenAsync(IBrowserContext context, JukeServer server)
    {
        var page = await context.NewPageAsync();
        var visitor = new Visitor(context, page, server);
        page.Response += (_, response) =>
        {
            if (response.Request.IsNavigationRequest && response.Status >= 400) visitor.refusedDocuments[response.Url] = 0;
        };
        page.PageError += (_, error) => visitor.complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Service Worker registration blocked by Playwright", StringComparison.Ordinal)) visitor.complaints.Enqueue($"{message.Text} at {message.Location}");
        };
        return visitor;
    }

    public async Task<IResponse?> GoAsync(string path) => await Page.GotoAsync(path);

    public Task FillAsync(string label, string text) => Page.GetByLabel(label, new() { Exact = true }).FillAsync(text);

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>
    /// Waits until the visitor stands on the path, whatever its query, and the page is whole. The driver polls; waiting for
    /// the navigation's event here would miss one that comes while the wait is set up.
    /// </summary>
    public async Task ArriveAsync(string path)
    {
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex($"^http://[^/]+{Regex.Escape(path)}([?#]|$)"), new() { Timeout = 20_000 });
        await Assertions.Expect(Page.GetByRole(AriaRole.Contentinfo)).ToBeAttachedAsync();
    }

    public Task SeeAsync(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync(new() { Timeout = 20_000 });

    /// <summary>Through the form, up to the first question.</summary>
    public async Task<string> RegisterAsync(string? email = null)
    {
        email ??= TestClient.NewEmail();
        SecretWatch.Remember(TestClient.Password);
        await GoAsync("/register");
        await FillAsync("E-mail address", email);
        await FillAsync("Password", TestClient.Password);
        await PressAsync("Create account");
        await ArriveAsync("/onboarding/username");
        return email;
    }

    public async Task<string> CompleteAsync(string? username = null)
    {
        username ??= TestClient.NewName();
        await FillAsync("Username", username);
        await PressAsync("Next");
        await ArriveAsync("/onboarding/genres");
        await PressAsync("Skip the rest");
        await ArriveAsync("/home");
        return username;
    }

    /// <summary>Through the form, wherever that leads.</summary>
    public async Task LoginAsync(string identifier, string password = TestClient.Password)
    {
        SecretWatch.Remember(password);
        await FillAsync("E-mail address or username", identifier);
        await FillAsync("Password", password);
        await PressAsync("Sign in");
    }

    /// <summary>From a page with the doors to the picker of a provider, and back as the one with this label.</summary>
    public async Task ContinueWithAsync(string provider, string label)
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = "Continue with " + provider, Exact = true }).ClickAsync();
        await PickAsync(label);
    }

    /// <summary>At the picker of a provider.</summary>
    public Task PickAsync(string label) => Page.GetByRole(AriaRole.Button, new() { Name = label, Exact = true }).ClickAsync();

    /// <summary>From a page with the button to connect, and back to it.</summary>
    public async Task ConnectSpotifyAsync(string page, string label)
    {
        await GoAsync(page);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Connect Spotify", Exact = true }).ClickAsync();
        await PickAsync(label);
        await ArriveAsync(page);
    }

    public async Task SignOutAsync()
    {
        await Page.Locator("form.leave button").ClickAsync();
        await ArriveAsync("/");
    }

    /// <summary>What the browser complained about. That it says of a page of ours that it came with 4xx is no complaint.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints.Where(c => !(ExpectsOutage && c.Contains("net::ERR_", StringComparison.Ordinal)) &&
        !(c.StartsWith("Failed to load resource: the server responded with a status of", StringComparison.Ordinal) && refusedDocuments.Keys.Any(url => c.Contains(url, StringComparison.Ordinal))))];

    /// <summary>Whether the visitor is meant to see the server or the network go away.</summary>
    public bool ExpectsOutage { get; set; }

    public async ValueTask DisposeAsync()
    {
        // The stand-ins remember by plain words who was chosen.
        foreach (var cookie in await Context.CookiesAsync())
            if (!cookie.Name.StartsWith("standin_", StringComparison.Ordinal)) SecretWatch.Remember(cookie.Value);
        await Context.DisposeAsync();
        if (Complaints is { Count: > 0 } found) throw new InvalidOperationException("The browser complained:\n" + string.Join('\n', found));
    }
}
