namespace Juke.Contract;

/// <summary>One question of onboarding.</summary>
/// <param name="Step">Name of the step, as in the page's address.</param>
/// <param name="Field">JSON name of the field that it answers.</param>
/// <param name="Required">Whether onboarding cannot end without it.</param>
public sealed record OnboardingStep(string Step, string Field, bool Required);

/// <summary>
/// What onboarding asks, written down once (contract §6). Pages, CLI and apps render from it. So far the username; the
/// questions of the music profile come with the profile itself.
/// </summary>
public static class OnboardingDefinition
{
    /// <summary>The steps in their order.</summary>
    public static IReadOnlyList<OnboardingStep> Steps { get; } = [new("username", "username", Required: true)];

    /// <summary>Fields that are required and not answered yet: <c>missing</c> of a 403 ONBOARDING_REQUIRED.</summary>
    /// <param name="usernameMissing">Whether the username is null or blank, as the database judges it.</param>
    public static IReadOnlyList<string> Missing(bool usernameMissing) => usernameMissing ? ["username"] : [];
}
