using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Onboarding;

/// <summary>How far a person is, and everything that a client needs to draw the next question.</summary>
internal sealed class Progress(NpgsqlDataSource database, Settings settings, UsernameSuggestion suggestion)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/onboarding", async (HttpContext http, Progress progress, CancellationToken cancellation) =>
            Answers.Json(await progress.ReadAsync(CurrentUser.Of(http).Account, cancellation), CoreJson.Default.OnboardingState))
        .WithName("getOnboarding").WithSummary("What is asked, what is answered, and what comes next")
        .Gives(CoreJson.Default.OnboardingState);

        routes.MapPost("/api/onboarding/skip", async (SkipRequest request, HttpContext http, Progress progress, CancellationToken cancellation) =>
            (await progress.SkipAsync(CurrentUser.Of(http).Account, request.Step, cancellation)).Answer(CoreJson.Default.OnboardingState))
        .WithName("skipOnboardingStep").WithSummary("Pass over a step that is not required")
        .Gives(CoreJson.Default.OnboardingState);
    }

    public async Task<OnboardingState> ReadAsync(Account account, CancellationToken cancellation)
    {
        var row = await ProfileOfAsync(account.Id, cancellation);
        var username = account.UsernameMissing ? null : account.Username;
        var progress = Of(account, row);
        var skipped = settings.Onboarding.Steps.Select(s => s.Step).Intersect(row.SkippedSteps, StringComparer.Ordinal).Except(progress.Answered, StringComparer.Ordinal);
        return new OnboardingState(
            settings.Onboarding, OnboardingProgress.ValuesOf(username, row.Profile), progress.Answered, [.. skipped], progress.Missing, progress.NextStep,
            username is null ? await suggestion.ForAsync(account, cancellation) : null, ContractVersion.Current);
    }

    /// <summary>Passes over a step, so that it is not asked again on any device.</summary>
    public async Task<Outcome<OnboardingState>> SkipAsync(Account account, string? step, CancellationToken cancellation)
    {
        if (settings.Onboarding.Steps.FirstOrDefault(s => s.Step == step) is not { } known) return Problem.Fields(("step", "There is no such step."));
        if (!known.Skippable) return Problem.Fields(("step", "This step cannot be skipped."));
        await MusicProfileRows.SkipAsync(database, account.Id, known.Step, cancellation);
        return await ReadAsync(account, cancellation);
    }

    /// <summary>Fields that are required and not answered, for the 403 of the gate. Asks the database only where more than the name is required.</summary>
    public async ValueTask<IReadOnlyList<string>> MissingAsync(Account account, CancellationToken cancellation) =>
        settings.Onboarding.Steps.Any(s => s.Required && s.Step != "username")
            ? Of(account, await ProfileOfAsync(account.Id, cancellation)).Missing
            : OnboardingDefinition.Missing(account.UsernameMissing);

    public OnboardingProgress Of(Account account, MusicProfileRow row) => Of(account.UsernameMissing ? null : account.Username, row);

    public OnboardingProgress Of(string? username, MusicProfileRow row) => OnboardingProgress.Of(
        settings.Onboarding, OnboardingProgress.AnsweredSteps(username, row.Profile, row.PlaysSpotify), row.SkippedSteps.ToHashSet(StringComparer.Ordinal));

    private async Task<MusicProfileRow> ProfileOfAsync(long userId, CancellationToken cancellation) =>
        await MusicProfileRows.FindAsync(database, userId, cancellation) ?? throw new InvalidOperationException("The database does not let a user be without a profile.");
}
