using Juke.Conformance;

namespace Juke.Client.Tests;

/// <summary>contract/vectors/session.json, played by the kit against the SDK, over HTTP.</summary>
public sealed class SessionVectorTests
{
    public static TheoryData<string> Names { get; } = new(SessionVectors.BuiltIn.Scenarios.Select(s => s.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public Task Kept_with_a_store_in_memory(string scenario) => PlayAsync(scenario, () => new MemoryTokenStore());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Kept_with_a_store_in_a_file(string scenario)
    {
        using var file = new FileInFolder();
        await PlayAsync(scenario, () => file);
    }

    [Fact]
    public void Every_rule_is_proved_by_a_scenario() =>
        SessionVectors.BuiltIn.Rules.Keys.Except(SessionVectors.BuiltIn.Scenarios.SelectMany(s => s.Rules), StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void Every_rule_that_is_named_is_written_down() =>
        SessionVectors.BuiltIn.Scenarios.SelectMany(s => s.Rules.Concat(s.Steps.Select(t => t.Rule).OfType<string>())).Concat(SessionVectors.BuiltIn.Blame.Values)
            .Except(SessionVectors.BuiltIn.Rules.Keys, StringComparer.Ordinal).ShouldBeEmpty();

    private static async Task PlayAsync(string name, Func<ITokenStore> newStore)
    {
        await using var channel = await AppChannel.OpenAsync();
        await using var app = new KitApp(newStore);
        var loop = KitLoop.RunAsync(channel.Url, app.HandleAsync);
        var kit = new Kit(channel);
        var play = kit.PlayAsync(SessionVectors.BuiltIn.Scenarios.Single(s => s.Name == name));
        if (await Task.WhenAny(play, loop) == loop) await loop; // The app failed: say how, instead of waiting for it.
        var verdict = await play;
        await kit.EndAsync();
        await loop;
        verdict.IsKept.ShouldBeTrue($"{verdict.BrokenRule}: {verdict.What}{verdict.Missing}");
    }
}
