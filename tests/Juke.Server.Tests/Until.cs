namespace Juke.Server.Tests;

/// <summary>Waits for something that happens on another thread; a minute is for machines that do much else.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition()) await Task.Delay(5, patience.Token);
    }
}
