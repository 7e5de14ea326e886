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
    /// <summary>The columns of <see cref="Account"/>, in the order that <see cref="Read"/> takes them; the view goes by the name <c>a</c>.</summary>
    public const string Columns =
        "a.id, a.state, a.email, a.email_proved_at, a.username, a.name, a.image, a.role, a.password_hash is not null, a.username_missing, a.onboarding_required, "
        + "a.level, a.daily_streak, a.last_claim_at, a.favourite_team_id, a.favourite_league_id";

    public const int ColumnCount = 16;

    public const string ById = "select " + Columns + " from accounts a where a.id = $1";

    /// <summary>
    /// The account that signs in with this text. Something with an @ is an address first, anything else a name first;
    /// exact text comes before the key, so that imported case twins reach their own account (contract §2).
    /// </summary>
    private const string ByIdentifier =
        "select " + Columns + """
        , a.password_hash
         from accounts a
        where a.email_key = $2 or a.username_key = $2 or a.username = $1
        order by (a.email_key = $2 and $3) desc nulls last, (a.username = $1) desc nulls last, (a.username_key = $2) desc nulls last
        limit 1
        """;

    /// <summary>The account of this name, as <see cref="ByIdentifier"/> finds it; an address is no name.</summary>
    private const string ByUsername =
        "select " + Columns + """
        , a.password_hash
         from accounts a
        where a.username_key = $2 or a.username = $1
        order by (a.username = $1) desc nulls last
        limit 1
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
    };

    /// <summary>The account that signs in with this text, and the hash that its password is verified against.</summary>
    public static async Task<(Account? Account, string? PasswordHash)> FindByIdentifierAsync(NpgsqlDataSource database, string text, string key, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ByIdentifier);
        command.Parameters.AddAll(P(text), P(key), P(text.Contains('@', StringComparison.Ordinal)));
        return await ReadWithHashAsync(command, cancellation);
    }

    /// <summary>The account of this username, and the hash that its password is verified against.</summary>
    public static async Task<(Account? Account, string? PasswordHash)> FindByUsernameAsync(NpgsqlDataSource database, string username, string key, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ByUsername);
        command.Parameters.AddAll(P(username), P(key));
        return await ReadWithHashAsync(command, cancellation);
    }

    /// <summary>The hash alone: it rides along with no other read.</summary>
    public static async Task<string?> FindPasswordHashAsync(NpgsqlDataSource database, long id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select password_hash from users where id = $1");
        command.Parameters.Add(P(id));
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    private static async Task<(Account? Account, string? PasswordHash)> ReadWithHashAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (Read(row), row.IsDBNull(ColumnCount) ? null : row.GetString(ColumnCount)) : (null, null);
    }

    private static DateTimeOffset? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
