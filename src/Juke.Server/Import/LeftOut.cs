namespace Juke.Server.Import;

/// <summary>Parts of an old user that are not brought over because they cannot be read or the database refuses them.</summary>
[Flags]
internal enum LeftOut
{
    Nothing = 0,
    Links = 1,
    Tokens = 2,

    /// <summary>The profile's values; that onboarding was done there still counts.</summary>
    Profile = 4,

    Username = 8,

    /// <summary>What is left is an account that nobody signs in to.</summary>
    Everything = 16,
}

/// <summary>In which order parts are left out: each by itself first, so that one bad row costs no more than itself.</summary>
internal static class LeavingOut
{
    private static readonly LeftOut[] Steps =
        [LeftOut.Nothing, LeftOut.Links, LeftOut.Tokens, LeftOut.Profile, LeftOut.Username, LeftOut.Links | LeftOut.Tokens | LeftOut.Profile | LeftOut.Username, LeftOut.Everything];

    /// <summary>What to try after this; null when there is no less.</summary>
    public static LeftOut? After(LeftOut without, OldUser old)
    {
        var present = LeftOut.Username | LeftOut.Everything
            | (old.Links.Count > 0 ? LeftOut.Links : LeftOut.Nothing) | (old.Tokens.Count > 0 ? LeftOut.Tokens : LeftOut.Nothing) | (old.Profiles.Count > 0 ? LeftOut.Profile : LeftOut.Nothing);
        return Steps.SkipWhile(s => s != without).Skip(1).Where(s => (s & present) != LeftOut.Nothing).Select(s => (LeftOut?)s).FirstOrDefault();
    }

    /// <summary>Whether the field goes with it.</summary>
    public static bool Holds(this LeftOut without, ImportField field) => without.HasFlag(LeftOut.Everything) || without.HasFlag(field switch
    {
        ImportField.Spotify or ImportField.SpotifyTokens => LeftOut.Links,
        ImportField.Token => LeftOut.Tokens,
        ImportField.Username => LeftOut.Username,
        >= ImportField.ProfileName and <= ImportField.CustomData => LeftOut.Profile,
        _ => LeftOut.Everything,
    });
}
