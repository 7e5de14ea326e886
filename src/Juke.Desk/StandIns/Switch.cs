namespace Juke.Desk.StandIns;

/// <summary>A setting of a stand-in that can be changed while it runs.</summary>
/// <param name="Name">In JSON.</param>
/// <param name="Label">On the page.</param>
/// <param name="Get">What it is now; null = not set.</param>
/// <param name="Set">Changes it.</param>
/// <param name="Choices">What it can be; null = any text, or none.</param>
internal sealed record Switch(string Name, string Label, Func<string?> Get, Action<string?> Set, IReadOnlyList<string>? Choices = null)
{
    /// <summary>One that is on or off.</summary>
    public static Switch OnOff(string name, string label, Func<bool> get, Action<bool> set) =>
        new(name, label, () => get() ? "true" : "false", value => set(value == "true"), ["true", "false"]);

    /// <summary>Changes it, if it can be that.</summary>
    /// <exception cref="ControlException">It cannot.</exception>
    public void To(string? value)
    {
        if (Choices is not null && !Choices.Contains(value, StringComparer.Ordinal)) throw new ControlException($"{Name} is one of {string.Join(", ", Choices)}.");
        Set(string.IsNullOrWhiteSpace(value) ? null : value);
    }
}
