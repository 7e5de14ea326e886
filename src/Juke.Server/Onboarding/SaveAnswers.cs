using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Onboarding;

/// <summary>
/// The save call of every client: POST, PUT and PATCH of <c>/api/v1/music-profiles/me/</c>, and each step of the wizard.
/// Answers are stored as they are given; a completion marker in them is a request to complete (contract §6, §7).
/// </summary>
internal sealed class SaveAnswers(NpgsqlDataSource database, TimeProvider time, Complete complete)
{
    private const int MostAttempts = 5;

    /// <summary>Saves the body of a request.</summary>
    /// <param name="account">Whose profile.</param>
    /// <param name="utf8Json">The body.</param>
    /// <param name="revision">What <c>If-Match</c> names: null = nothing, -1 = a revision that cannot be.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Outcome<MusicProfileRow>> RunAsync(Account account, ReadOnlyMemory<byte> utf8Json, int? revision, CancellationToken cancellation)
    {
        var stored = await FindAsync(account, cancellation);
        var outcome = ProfileRules.Judge(utf8Json.Span, stored.Profile, alreadyOnboarded: !account.OnboardingRequired);
        if (outcome.Change is not { } change) return Problem.Fields([.. outcome.Errors.Select(e => (e.Field, e.Message))]) with { Code = outcome.Code! };
        if (revision is { } expected && expected != stored.Revision) return Stale;

        if (change.AsksToComplete && account.OnboardingRequired)
        {
            var asked = await complete.ByMarkerAsync(account, change, revision, cancellation);
            if (asked.Failed) return asked.Problem;
            // Another device was quicker: this is a replayed wizard now, and wipes nothing.
            if (!asked.Value) return await RunAsync(account with { OnboardingRequired = false }, utf8Json, revision, cancellation);
            return await FindAsync(account, cancellation);
        }
        if (change.IsEmpty) return stored;
        return await MusicProfileRows.SaveAsync(database, account.Id, change, revision, time.GetUtcNow(), cancellation) is { } saved ? saved : Stale;
    }

    /// <summary>Saves what a page makes of the stored profile, and makes it anew where somebody else saved in between: neither is lost.</summary>
    /// <param name="account">Whose profile.</param>
    /// <param name="make">From the stored profile the body; null when nothing is to be saved.</param>
    /// <param name="cancellation">The request's.</param>
    public async Task<Problem?> RunAsync(Account account, Func<CanonicalProfile, ReadOnlyMemory<byte>?> make, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stored = await FindAsync(account, cancellation);
            if (make(stored.Profile) is not { } utf8Json) return null;
            var problem = (await RunAsync(account, utf8Json, stored.Revision, cancellation)).Problem;
            if (problem?.Code != ProblemCode.PreconditionFailed || attempt == MostAttempts) return problem;
        }
    }

    public static Problem Stale { get; } = new(ProblemCode.PreconditionFailed, "The profile was changed since it was read. Read it again, then save.");

    private async Task<MusicProfileRow> FindAsync(Account account, CancellationToken cancellation) =>
        await MusicProfileRows.FindAsync(database, account.Id, cancellation) ?? throw new InvalidOperationException("The database does not let a user be without a profile.");
}
