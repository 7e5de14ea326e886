namespace Juke.Server.Published;

/// <summary>Under which heading the document shows a use case: by its class, else by its room.</summary>
internal static class Tags
{
    private static readonly Dictionary<string, string> Headings = new(StringComparer.Ordinal)
    {
        ["SignUp"] = "Signing up and provider sign-in",
        ["Sessions"] = "Signing in and sessions",
        ["Recovery"] = "Passwords and addresses",
        ["Onboarding"] = "Onboarding",
        ["Profiles"] = "The user's profile",
        ["Fixtures"] = "Fixtures",

        // The Juke dialect is one room with a face for each of these.
        ["Registration"] = "Juke: registration",
        ["TokenSignIn"] = "Juke: signing in",
        ["SocialLogin"] = "Juke: signing in",
        ["OnboardingState"] = "Juke: onboarding",
        ["MusicProfiles"] = "Juke: music profiles",
        ["PeopleRoutes"] = "Juke: people",
        ["CatalogueRoutes"] = "Juke: genres, artists, cities",
        ["SpotifyRoutes"] = "Juke: Spotify account",
    };

    public static string Of(Type useCase) =>
        Headings.GetValueOrDefault(useCase.Name) ?? Headings.GetValueOrDefault(useCase.Namespace!.Split('.')[^1])
            ?? throw new InvalidOperationException($"{useCase.FullName} stands under no heading of the document: name one in Published/Tags.cs.");
}
