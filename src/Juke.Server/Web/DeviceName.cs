namespace Juke.Server.Web;

/// <summary>What a person would call the thing that a User-Agent describes. Wrong guesses harm nobody: it is a label in a list.</summary>
internal static class DeviceName
{
    // The first hit wins: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
    private static readonly (string Mark, string Name)[] Programs =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary>For example "Firefox · Android"; what it calls itself when neither is known; null when it says nothing.</summary>
    public static string? Of(string? userAgent)
    {
        if (userAgent is null) return null;
        var program = Find(Programs, userAgent);
        var system = Find(Systems, userAgent);
        if (program is null && system is null) return userAgent.Split(' ', '/')[0] is { Length: > 0 and <= 40 } first ? first : null;
        return string.Join(" · ", new[] { program, system }.OfType<string>());
    }

    public static bool IsPhone(string? userAgent) => userAgent is not null && Find(Systems, userAgent) is "iPhone" or "Android";

    private static string? Find((string Mark, string Name)[] list, string userAgent) =>
        Array.Find(list, entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
