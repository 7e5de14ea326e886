using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Profiles;

/// <summary>A music profile, one's own or another's. To others it keeps its keys, not its private parts (contract §3).</summary>
internal sealed class ReadMusicProfile(NpgsqlDataSource database)
{
    public async Task<MusicProfileRow> OwnAsync(long userId, CancellationToken cancellation) =>
        await MusicProfileRows.FindAsync(database, userId, cancellation)
        ?? throw new InvalidOperationException("The database does not let a user be without a profile.");

    public async Task<Outcome<MusicProfileRow>> ByUsernameAsync(string username, long readerId, CancellationToken cancellation) =>
        Text.IsWellFormed(username) && await MusicProfileRows.FindByUsernameAsync(database, username, readerId, cancellation) is { } row
            ? row
            : new Problem(ProblemCode.NotFound, "Not found.");
}
