using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>A row of the old database that belongs to no user who could be brought over. It is kept beside the accounts.</summary>
/// <param name="Part"><c>user</c>, <c>profile</c>, <c>token</c> or <c>spotify</c>.</param>
/// <param name="UserId">What it says; 0 for none.</param>
/// <param name="Row">The row as JSON text.</param>
/// <param name="Reason">One of the two.</param>
internal sealed record Stray(string Part, long UserId, string Row, string Reason)
{
    public const string NoUser = "No user has this id.";
    public const string NoNumber = "The id is no whole number.";

    public static readonly string[] Reasons = [NoUser, NoNumber];

    /// <summary>Rows in one COPY.</summary>
    private const int AtOnce = 50;

    /// <summary>Replaces what is kept by what is there now, in one transaction; only counts when there is nothing to write to.</summary>
    public static async Task<long> KeepAsync(OldDatabase old, NpgsqlConnection connection, Arrivals? arrivals, CancellationToken cancellation)
    {
        var count = 0L;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (arrivals is not null)
        {
            await using var forget = new NpgsqlCommand("delete from import_remarks where reason = any ($1)", connection, transaction) { Parameters = { P(Reasons) } };
            await forget.ExecuteNonQueryAsync(cancellation);
        }
        var some = new List<(long, Remark)>();
        await foreach (var stray in old.ReadStraysAsync(cancellation))
        {
            count++;
            if (arrivals is null) continue;
            some.Add((stray.UserId, new(Remark.Aside, stray.Part, stray.Row, stray.Reason)));
            if (some.Count < AtOnce) continue;
            await arrivals.WriteRemarksAsync(some, cancellation);
            some.Clear();
        }
        if (arrivals is not null) await arrivals.WriteRemarksAsync(some, cancellation);
        await transaction.CommitAsync(cancellation);
        return count;
    }

    /// <summary>How many of each part and user are kept.</summary>
    public static async Task<Dictionary<(string Part, long UserId), long>> CountKeptAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select field, user_id, count(*) from import_remarks where reason = any ($1) and raw is not null group by 1, 2", connection)
        {
            Parameters = { P(Reasons) },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var kept = new Dictionary<(string, long), long>();
        while (await row.ReadAsync(cancellation)) kept.Add((row.GetString(0), row.GetInt64(1)), row.GetInt64(2));
        return kept;
    }
}
