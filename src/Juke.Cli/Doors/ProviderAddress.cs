namespace Juke.Cli.Doors;

/// <summary>Environment variables about the providers: which app we are there, and where they are if not where everybody finds them.</summary>
internal static class ProviderAddress
{
    public static string Required(Run run, string variable, string meaning) =>
        run.Terminal.Variable(variable) is { Length: > 0 } value ? value : throw Refusal.WrongWords($"Set {variable}: {meaning}.");

    /// <summary>The provider's own address, or the one that the variable names (a stand-in).</summary>
    public static Uri Of(Run run, string variable, string own)
    {
        var text = run.Terminal.Variable(variable) ?? own;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.PathAndQuery == "/" && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
            ? address
            : throw Refusal.WrongWords($"{variable} must be an https address without a path.");
    }
}
