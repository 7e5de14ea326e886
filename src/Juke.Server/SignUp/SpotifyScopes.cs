namespace Juke.Server.SignUp;

/// <summary>What is asked of Spotify: as little as each purpose needs (RFC 9700 §2.3; reference A10).</summary>
internal static class SpotifyScopes
{
    /// <summary>Who it is, everybody may see: no scope at all. The address would be a hint that nobody needs.</summary>
    public const string SignIn = "";

    /// <summary>What the apps do with the connection: show what plays, and play.</summary>
    public const string Connect =
        "user-read-playback-state user-modify-playback-state user-read-currently-playing streaming user-read-email user-read-private";

    /// <summary>Whether tokens are good for more than saying who somebody is. Only such tokens are kept.</summary>
    public static bool AllowMore(IReadOnlyList<string> scopes) => scopes.Any(s => s is not ("user-read-email" or "user-read-private"));
}
