using System.Globalization;

namespace Juke.Server.Plumbing;

/// <summary>So many in so long.</summary>
internal readonly record struct Rate(int Count, TimeSpan Per)
{
    public static bool TryParse(string text, out Rate rate)
    {
        rate = default;
        var parts = text.Split('/');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1) return false;
        rate = new Rate(count, TimeSpan.FromSeconds(seconds));
        return true;
    }
}
