namespace Juke.Testing;

/// <summary>How often: few at every change, many when <c>JUKE_SOAK=1</c> (<c>./dev test --soak</c>).</summary>
public static class Soak
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("JUKE_SOAK") == "1";

    /// <param name="ci">The count at every change; never 0, or the test proves nothing.</param>
    /// <param name="soak">The count in the soak.</param>
    public static int Count(int ci, int soak)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ci, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(soak, ci);
        return IsOn ? soak : ci;
    }

    /// <summary>The seed of a random test: a new one each time, or the one in <c>JUKE_SEED</c> to see a failure again.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("JUKE_SEED"), out var seed) ? seed : Random.Shared.Next(1, int.MaxValue);
}
