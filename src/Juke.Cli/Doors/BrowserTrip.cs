namespace Juke.Cli.Doors;

/// <summary>From the terminal through the browser and back: authorization code with PKCE for native apps (RFC 8252).</summary>
/// <param name="UsesBrowser">False: only say the address.</param>
/// <param name="Patience">How long the person may take.</param>
internal sealed record BrowserTrip(bool UsesBrowser, TimeSpan Patience)
{
    /// <summary>The code, and what its exchange needs.</summary>
    /// <param name="run">The verb at work.</param>
    /// <param name="addressOf">The provider's address for these texts and this way back.</param>
    public async Task<(string Code, Pkce Pkce, Uri Redirect)> TakeAsync(Run run, Func<Pkce, Uri, Uri> addressOf)
    {
        var pkce = new Pkce();
        await using var loopback = await Loopback.OpenAsync(pkce.State);
        var address = addressOf(pkce, loopback.Address);
        var isOpen = UsesBrowser && run.Terminal.OpenBrowser(address);
        run.Note(isOpen ? "Go on in your browser. If it did not open, open this address:" : "Open this address in a browser on this machine:");
        run.Note(address.AbsoluteUri);
        using var patience = new CancellationTokenSource(Patience, run.Terminal.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation, patience.Token);
        try
        {
            return (await loopback.Code.WaitAsync(either.Token), pkce, loopback.Address);
        }
        catch (OperationCanceledException) when (!run.Cancellation.IsCancellationRequested)
        {
            throw new Refusal(ExitCode.Failed, "TIMED_OUT", $"No answer came from the browser within {Patience.TotalSeconds:0} seconds. Nothing has changed; try again.");
        }
    }

    /// <summary>An address with a query.</summary>
    public static Uri With(Uri address, params ReadOnlySpan<(string Name, string Value)> members)
    {
        var query = "";
        foreach (var (name, value) in members) query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        return new Uri(address, address.AbsolutePath + query);
    }
}
