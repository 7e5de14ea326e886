using Juke.Contract;
using Juke.Contract.Profiles;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Onboarding;

/// <summary>
/// Creating a profile, as old apps may: everybody has one from the start, so this is its first save, and there is one first
/// save (legacy-wire A.7).
/// </summary>
internal sealed class CreateMusicProfile(NpgsqlDataSource database, SaveAnswers save, TimeProvider time)
{
    private static readonly ProfileChange Nothing = new();

    private static readonly Problem Exists = new(ProblemCode.ProfileExists, "Profile already exists for this user.");

    public async Task<Outcome<MusicProfileRow>> RunAsync(Account account, ReadOnlyMemory<byte> utf8Json, CancellationToken cancellation)
    {
        var stored = await MusicProfileRows.FindAsync(database, account.Id, cancellation);
        if (stored is not { IsSaved: false, Revision: var revision }) return Exists;
        var outcome = await save.RunAsync(account, utf8Json, revision, cancellation);
        if (outcome.Failed) return outcome.Problem.Code == ProblemCode.PreconditionFailed ? Exists : outcome;
        if (outcome.Value.IsSaved) return outcome;
        // An empty body is a first save as well.
        return await MusicProfileRows.SaveAsync(database, account.Id, Nothing, revision, time.GetUtcNow(), cancellation) is { } saved ? saved : Exists;
    }
}
