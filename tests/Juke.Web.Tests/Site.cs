using Juke.Testing;
using Microsoft.Playwright;
using Xunit;

namespace Juke.Web.Tests;

/// <summary>One server and one browser for the whole suite; each visitor is a browser context of its own.</summary>
public sealed class Site : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    internal JukeServer Server { get; private set; } = null!;

    internal Providers Providers { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var clock = NewClock();
        Providers = await Providers.StartAsync(clock);
        Server = await JukeServer.StartAsync(Providers.Beside, clock: clock);
        await Fixtures.SeedAsync(Server);
        Assertions.SetDefaultExpectTimeout(20_000); // Of its own: the contexts' time does not hold for what is expected.
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("JUKE_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>
    /// The browser judges the age of cookies by its own clock, which goes on while ours stands. Ours is two hours ahead, or a suite of more than ten
    /// minutes would lose every cookie of a trip.
    /// </summary>
    internal static ManualClock NewClock() => new(DateTimeOffset.UtcNow.AddHours(2));

    /// <summary>A server with such a clock.</summary>
    internal static Task<JukeServer> StartServerAsync(Func<Server.Plumbing.Settings, Server.Plumbing.Settings>? change = null, string? connectionString = null) =>
        JukeServer.StartAsync(change, connectionString, NewClock());

    /// <summary>A browser of its own, on the shared server unless another is given.</summary>
    internal async Task<Visitor> VisitAsync(JukeServer? server = null, bool script = true, bool worker = false, bool phone = false)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = (server ?? Server).Url.ToString(),
            JavaScriptEnabled = script,
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 800 },
            HasTouch = phone,
            ServiceWorkers = worker ? ServiceWorkerPolicy.Allow : ServiceWorkerPolicy.Block,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(20_000);
        return await Visitor.OpenAsync(context, server ?? Server);
    }

    /// <summary>A browser that is signed in already, without the walk through the forms.</summary>
    internal async Task<Visitor> VisitAsync(PageClient signedIn, JukeServer? server = null)
    {
        var visitor = await VisitAsync(server);
        await visitor.Context.AddCookiesAsync([new() { Name = "juke_session", Value = signedIn.Session!, Url = (server ?? Server).Url.ToString() }]);
        return visitor;
    }

    /// <summary>A client of the pages without a browser.</summary>
    internal PageClient NewClient() => new(Server.Url);

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await Server.DisposeAsync();
        await Providers.DisposeAsync();
        // Here and not as a fixture of its own: not before the servers are gone, and while the run still lasts (StopCluster says why).
        await TestCluster.StopAsync();
    }
}
