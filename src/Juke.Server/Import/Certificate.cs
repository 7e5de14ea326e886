using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>
/// Accounts for every old row: understands each old user anew and compares with what stands here (<see cref="Comparison"/>). One
/// JSON line a user, without any value.
/// </summary>
/// <param name="database">Ours.</param>
/// <param name="open">Unseals a provider token.</param>
/// <param name="lines">Takes the lines; null for the totals only.</param>
/// <param name="pageSize">Users looked at together.</param>
internal sealed class Certificate(NpgsqlDataSource database, Func<string, string> open, TextWriter? lines, int pageSize = ImportJuke.UsualPageSize)
{
    private readonly CertificateTotals totals = new();

    /// <summary>Looks at all users of the old database's snapshot.</summary>
    public async Task<CertificateTotals> WriteAsync(OldDatabase old, Action<long> done, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await foreach (var page in old.ReadPagesAsync(pageSize, cancellation))
        {
            var users = page.AsParallel().AsOrdered().Select(Incoming.ReadAnyhow).ToList();
            long[] ids = [.. users.Select(u => u.Id)];
            var here = await HereRows.ReadAsync(connection, null, ids, cancellation);
            var remarks = await ReadRemarksAsync(connection, ids, cancellation);
            var traces = await Traces.FindAsync(connection, users, here, cancellation);
            foreach (var user in users) await AddAsync(user, here.GetValueOrDefault(user.Id), [.. remarks[user.Id]], traces);
            done(totals.Users);
        }
        await AddStraysAsync(old, connection, cancellation);
        return totals;
    }

    private async Task AddAsync(Incoming user, HereRow? here, IReadOnlyList<Remark> remarks, Traces traces)
    {
        var isRejected = remarks.Any(r => r is { Kind: Remark.Rejected, Field: "user" });
        var verdict = here?.Account is null
            ? new Verdict { Missing = here is not null || isRejected ? [] : ["user"] }
            : Comparison.Of(user, here, remarks, traces, open);
        var status = verdict.Missing.Count > 0 ? "missing" : here is { Account: null } ? "deleted here" : isRejected ? "rejected" : "complete";
        totals.Users++;
        if (status == "missing") totals.Missing++;
        else if (status == "rejected") totals.Rejected++;
        else if (status == "complete") totals.Complete++;
        else totals.DeletedHere++;
        totals.Aside += remarks.Count(r => r.Kind == Remark.Aside);
        totals.NotBroughtOver += remarks.Count(r => r.Kind == Remark.Rejected);
        totals.Mapped += verdict.Mapped.Count;
        totals.NewerHere += verdict.NewerHere.Count;
        totals.Conflicts += verdict.Conflicts.Count;
        totals.FieldsAside += verdict.Aside;
        totals.FieldsRejected += verdict.Rejected;
        totals.FieldsMissing += verdict.FieldsMissing;
        if (here?.Account is { } account)
        {
            totals.Fields += Fingerprint.Fields.Count;
            if (account.SpotifyId is null && verdict.NewerHere.Contains(Fingerprint.NameOf(ImportField.Spotify))) totals.LinksRemoved++;
        }
        if (lines is null) return;
        var after = here?.Account is null ? null : SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(here.Account));
        await lines.WriteLineAsync(CertificateLine.Of(user.Id, status, verdict, remarks, user.SourceHash, after));
    }

    private async Task AddStraysAsync(OldDatabase old, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var kept = await Stray.CountKeptAsync(connection, cancellation);
        await foreach (var stray in old.ReadStraysAsync(cancellation))
        {
            var left = kept.GetValueOrDefault((stray.Part, stray.UserId));
            kept[(stray.Part, stray.UserId)] = left - 1;
            totals.Strays++;
            if (left > 0) totals.StraysKept++;
            if (lines is not null) await lines.WriteLineAsync(CertificateLine.Of(stray, left > 0));
        }
    }

    private static async Task<ILookup<long, Remark>> ReadRemarksAsync(NpgsqlConnection connection, long[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select user_id, kind, field, reason, case when raw is not null then '' end from import_remarks where user_id = any ($1) and reason <> all ($2) order by field, reason", connection);
        command.Parameters.AddAll(P(ids), P(Stray.Reasons));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var remarks = new List<(long Id, Remark Remark)>();
        while (await row.ReadAsync(cancellation)) remarks.Add((row.GetInt64(0), new Remark(row.GetString(1), row.GetString(2), row.IsDBNull(4) ? null : "", row.GetString(3))));
        return remarks.ToLookup(r => r.Id, r => r.Remark);
    }
}
