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
    /// <summary>Saves the body of a request.</summary>
    /// <param name="account">Whose profile.</param>
    /// <param name="utf8Json">The body.</param>
    /// <param name="revision">What <c>If-Match</c> names: null = nothing, -1 = a revision that cannot be.</param>
    /// <param name="cancellation">The request's.</param>
    /// <param name="limits">The definition whose limits bind as well: the pages'; null for PATCH, which they never bind.</param>
    public async Task<Outcome<MusicProfileRow>> RunAsync(
        Account account, ReadOnlyMemory<byte> utf8Json, int? revision, CancellationToken cancellation, OnboardingDefinition? limits = null)
    {
        var stored = await MusicProfileRows.FindAsync(database, account.Id, cancellation)
            ?? throw new InvalidOperationException("The database does not let a user be without a profile.");
        var outcome = ProfileRules.Judge(utf8Json.Span, stored.Profile, alreadyOnboarded: !account.OnboardingRequired);
        if (outcome.Change is not { } change) return Problem.Fields([.. outcome.Errors.Select(e => (e.Field, e.Message))]) with { Code = outcome.Code! };
        if (limits is not null && OnboardingAnswers.Check(limits, change) is { Count: > 0 } errors) return Problem.Fields([.. errors.Select(e => (e.Field, e.Message))]);
        if (revision is { } expected && expected != stored.Revision) return Stale;

        if (change.AsksToComplete && account.OnboardingRequired)
        {
            var asked = await complete.ByMarkerAsync(account, change, revision, cancellation);
            if (asked.Failed) return asked.Problem;
            // Another device was quicker: this is a replayed wizard now, and wipes nothing.
            if (!asked.Value) return await RunAsync(account with { OnboardingRequired = false }, utf8Json, revision, cancellation, limits);
            return (await MusicProfileRows.FindAsync(database, account.Id, cancellation))!;
        }
        if (change.IsEmpty) return stored;
        return await MusicProfileRows.SaveAsync(database, account.Id, change, revision, time.GetUtcNow(), cancellation) is { } saved ? saved : Stale;
    }

    public static Problem Stale { get; } = new(ProblemCode.PreconditionFailed, "The profile was changed since it was read. Read it again, then save.");
}
