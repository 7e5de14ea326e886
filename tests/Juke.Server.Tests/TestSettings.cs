using Juke.Server.Plumbing;
using Juke.Testing;

namespace Juke.Server.Tests;

/// <summary>Settings for a part of the server that is tried by itself.</summary>
internal static class TestSettings
{
    public static Settings Of(Func<Settings, Settings>? change = null)
    {
        var settings = new Settings
        {
            IsProduction = false,
            Url = new Uri("http://127.0.0.1:5080"),
            PublicUrl = new Uri("http://127.0.0.1:5080"),
            Database = "",
            Secrets = [JukeServer.Secret],
            Origins = [],
            HashIterations = 1000,
        };
        return change?.Invoke(settings) ?? settings;
    }
}
