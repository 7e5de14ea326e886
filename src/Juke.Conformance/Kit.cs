using System.Text.Json.Nodes;

namespace Juke.Conformance;

/// <summary>The conformance kit: plays every scenario against one app, and says which rules it kept and which it broke.</summary>
public sealed class Kit(AppChannel channel, KitPatience? patience = null)
{
    private readonly KitPatience patience = patience ?? KitPatience.Usual;

    /// <summary>Plays these scenarios, one after the other, each on a server of its own.</summary>
    /// <param name="scenarios">Null = all of <see cref="SessionVectors.BuiltIn"/>.</param>
    /// <param name="cancellation">Stops between two scenarios.</param>
    public async IAsyncEnumerable<Verdict> PlayAsync(
        IEnumerable<Scenario>? scenarios = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var scenario in scenarios ?? SessionVectors.BuiltIn.Scenarios)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return await PlayAsync(scenario);
        }
    }

    /// <summary>Plays one.</summary>
    public async Task<Verdict> PlayAsync(Scenario scenario)
    {
        var vectors = SessionVectors.BuiltIn;
        await using var stage = await Stage.OpenAsync(vectors.BodyOf);
        var run = new ScenarioRun(vectors, scenario, channel, stage, patience);
        try
        {
            var missing = await run.PlayAsync();
            return new Verdict(scenario, null, "", missing);
        }
        catch (BrokenException e)
        {
            return new Verdict(scenario, e.Rule, e.Message);
        }
        catch (AppFaultException e)
        {
            return new Verdict(scenario, null, e.Message, Fault: e.Code);
        }
        finally
        {
            run.LetGo();
        }
    }

    /// <summary>Lets the app go home. One that is gone already, or goes without a word, is let go as well.</summary>
    public async Task EndAsync()
    {
        try
        {
            await channel.SendAsync(new JsonObject { ["do"] = AppCommand.End }, patience.Call);
        }
        catch (Exception e) when (e is TimeoutException or AppFaultException)
        {
            // Nothing is asked of it any more.
        }
    }
}
