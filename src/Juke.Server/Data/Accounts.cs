using System.Data.Common;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Data;

/// <summary>A row of the view <c>accounts</c>: user, profile extras and the gate's answer, always read together.</summary>
internal sealed record Account
{
    public required long Id { get; init; }
    public required string State { get; init; }
    public string? Email { get; init; }
    public DateTimeOffset? EmailProvedAt { get; init; }
    public string? Username { get; init; }
    public string? Name { get; init; }
    public string? Image { get; init; }
    public required string Role { get; init; }
    public required bool HasPassword { get; init; }
    public required bool UsernameMissing { get; init; }

    /// <summary>Whether the password leads in: there is an address or a name to type beside it.</summary>
    public bool CanSignInWithPassword { get; init; }
    public required bool OnboardingRequired { get; init; }
    public required int Level { get; init; }
    public required int DailyStreak { get; init; }
    public DateTimeOffset? LastClaimAt { get; init; }
    public long? FavouriteTeamId { get; init; }
    public long? FavouriteLeagueId { get; init; }

    public bool IsActive => State == "active";
}

/// <summary>Reads of the view <c>accounts</c>.</summary>
internal static class Accounts
{
    /// <summary>Whether the password leads into the account: with an address that has the key, or with a name.</summary>
    public const string PasswordSignsIn = "a.password_hash is not null and (a.email_key is not null or not a.username_missing)";

    /// <summary>The columns of <see cref="Account"/>, in the order that <see cref="Read"/> takes them; the view goes by the name <c>a</c>.</summary>
    public const string Columns =
        "a.id, a.state, a.email, a.email_proved_at, a.username, a.name, a.image, a.role, a.password_hash is not null, a.username_missing, a.onboarding_required, "
        + "a.level, a.daily_streak, a.last_claim_at, a.favourite_team_id, a.favourite_league_id, " + PasswordSignsIn;

    public const int ColumnCount = 17;

    public const string ById = "select " + Columns + " from accounts a where a.id = $1";

    /// <summary>
    /// Who signs in with this text: by the address, if one was given, else by the exact text, else by the key, so that imported
    /// case twins reach their own account (contract §2). Imported accounts may have one text with an account made here.
    /// </summary>
    private const string ByText =
        "select " + Columns + """
        , a.password_hash, r.rank
         from accounts a cross join lateral (select case when a.email_key = $3 then 0 when a.username = $1 then 1 else 2 end) r (rank)
        where a.email_key = $3 or a.username_key = $2 or a.username = $1
        order by r.rank, (a.username_key = $2) desc nulls last, a.id
        limit 4
        """;

    public static Account Read(DbDataReader row, int first = 0) => new()
    {
        Id = row.GetInt64(first),
        State = row.GetString(first + 1),
        Email = row.IsDBNull(first + 2) ? null : row.GetString(first + 2),
        EmailProvedAt = Instant(row, first + 3),
        Username = row.IsDBNull(first + 4) ? null : row.GetString(first + 4),
        Name = row.IsDBNull(first + 5) ? null : row.GetString(first + 5),
        Image = row.IsDBNull(first + 6) ? null : row.GetString(first + 6),
        Role = row.GetString(first + 7),
        HasPassword = row.GetBoolean(first + 8),
        UsernameMissing = row.GetBoolean(first + 9),
        OnboardingRequired = row.GetBoolean(first + 10),
        Level = row.GetInt32(first + 11),
        DailyStreak = row.GetInt32(first + 12),
        LastClaimAt = Instant(row, first + 13),
        FavouriteTeamId = row.IsDBNull(first + 14) ? null : row.GetInt64(first + 14),
        FavouriteLeagueId = row.IsDBNull(first + 15) ? null : row.GetInt64(first + 15),
        CanSignInWithPassword = row.GetBoolean(first + 16),
    };

    /// <summary>
    /// The accounts that sign in with this text, and the hashes that the password is verified against: one or none but for a
    /// name that several have, the holder of its key first.
    /// </summary>
    /// <param name="database">The pool.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="key">The key of it.</param>
    /// <param name="orAddress">Whether a text with an @ is an address first. Anything else is a name.</param>
    /// <param name="cancellation">The request's.</param>
    public static async Task<IReadOnlyList<(Account Account, string? PasswordHash)>> FindByTextAsync(
        NpgsqlDataSource database, string text, string key, bool orAddress, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ByText);
        command.Parameters.AddAll(P(text), P(key), Text(orAddress && text.Contains('@', StringComparison.Ordinal) ? key : null));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(Account, string?)>();
        var best = 0;
        while (await row.ReadAsync(cancellation))
        {
            var rank = row.GetInt32(ColumnCount + 1);
            if (found.Count == 0) best = rank;
            if (rank == best) found.Add((Read(row), row.IsDBNull(ColumnCount) ? null : row.GetString(ColumnCount)));
        }
        return found;
    }

    /// <summary>The hash alone: it rides along with no other read.</summary>
    public static async Task<string?> FindPasswordHashAsync(NpgsqlDataSource database, long id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select password_hash from users where id = $1");
        command.Parameters.Add(P(id));
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    private static DateTimeOffset? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
