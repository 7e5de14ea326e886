using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>Totals of a certificate: users and fields, each adding up to all of them.</summary>
internal sealed record CertificateTotals
{
    public long Users { get; set; }

    /// <summary>Users of whom everything is accounted for.</summary>
    public long Complete { get; set; }

    /// <summary>Accounted for too: deleted here after they came.</summary>
    public long DeletedHere { get; set; }

    /// <summary>Accounted for too: the database refuses them; their rows are kept.</summary>
    public long Rejected { get; set; }

    /// <summary>Users of whom something is neither here nor explained; changes that no run has taken yet count as well.</summary>
    public long Missing { get; set; }

    public long Fields { get; set; }
    public long Mapped { get; set; }
    public long NewerHere { get; set; }
    public long Conflicts { get; set; }

    /// <summary>Fields whose whole value is kept beside the account.</summary>
    public long FieldsAside { get; set; }

    /// <summary>Fields that were not brought over, each with its reason.</summary>
    public long FieldsRejected { get; set; }

    public long FieldsMissing { get; set; }

    /// <summary>Values kept beside the accounts.</summary>
    public long Aside { get; set; }

    /// <summary>Values that were not brought over, each with its reason.</summary>
    public long NotBroughtOver { get; set; }

    /// <summary>Rows of the old database that belong to nobody.</summary>
    public long Orphans { get; set; }

    public bool IsWhole => Missing == 0 && Complete + DeletedHere + Rejected == Users;
}

/// <summary>
/// Accounts for every old row: understands each old user anew and compares with what stands here, so that the answer does not
/// rest on what the import believes that it did. One JSON line a user, without any value.
/// </summary>
internal sealed class Certificate(NpgsqlDataSource database, TextWriter? lines)
{
    private const int PageSize = 2000;

    private readonly CertificateTotals totals = new();

    /// <summary>Looks at all users of the old database's snapshot.</summary>
    public async Task<CertificateTotals> WriteAsync(OldDatabase old, Action<long> done, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await foreach (var page in old.ReadPagesAsync(PageSize, cancellation))
        {
            var users = page.AsParallel().AsOrdered().Select(Incoming.ReadAnyhow).ToList();
            long[] ids = [.. users.Select(u => u.Id)];
            var here = await HereRows.ReadAsync(connection, null, ids, cancellation);
            var remarks = await ReadRemarksAsync(connection, ids, cancellation);
            foreach (var user in users) await AddAsync(user, here.GetValueOrDefault(user.Id), [.. remarks[user.Id]]);
            done(totals.Users);
        }
        totals.Orphans = await old.CountOrphansAsync(cancellation);
        return totals;
    }

    private async Task AddAsync(Incoming user, HereRow? here, IReadOnlyList<Remark> remarks)
    {
        totals.Users++;
        totals.Aside += remarks.Count(r => r.Kind == Remark.Aside);
        totals.NotBroughtOver += remarks.Count(r => r.Kind == Remark.Rejected);
        var (mapped, newer, conflicts, missing) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        string status;
        byte[]? after = null;
        if (here is null)
        {
            status = remarks.Any(r => r is { Kind: Remark.Rejected, Field: "user" }) ? "rejected" : "missing";
            if (status == "rejected") totals.Rejected++;
            else missing.Add("user");
        }
        else if (here.Account is null)
        {
            status = "deleted here";
            totals.DeletedHere++;
        }
        else
        {
            var now = Fingerprint.Of(here.Account);
            after = SHA256.HashData(now.Bytes);
            Judge(user, here, now, remarks, mapped, newer, conflicts, missing);
            status = missing.Count == 0 ? "complete" : "missing";
            if (missing.Count == 0) totals.Complete++;
        }
        if (missing.Count > 0) totals.Missing++;
        if (lines is null) return;
        await lines.WriteLineAsync(Line(user, status, mapped, newer, conflicts, missing, remarks, after));
    }

    private void Judge(
        Incoming user, HereRow here, Fingerprint now, IReadOnlyList<Remark> remarks, List<string> mapped, List<string> newer, List<string> conflicts, List<string> missing)
    {
        var wanted = Fingerprint.Of(user.Account);
        var (aside, rejected) = (0, 0);
        foreach (var field in Fingerprint.Fields)
        {
            totals.Fields++;
            var name = Fingerprint.NameOf(field);
            if (remarks.Any(r => r.Kind == Remark.Conflict && r.Field == name)) conflicts.Add(name);
            // A change there that nobody has taken yet.
            else if (!user.Taken.Same(here.Taken, field) && !wanted.Same(now, field)) missing.Add(name);
            else if (remarks.Any(r => r.Kind == Remark.Rejected && r.Field == name)) rejected++;
            else if (remarks.Any(r => r is { Kind: Remark.Aside, Raw: not null } && r.Field == name)) aside++;
            else if (!wanted.Same(now, field) && here.Changed(field, now)) newer.Add(name);
            // As it was written; where that is not the plain value (a key of another account, a state), a remark says why.
            else mapped.Add(name);
        }
        // What was written is not taken on trust where it opens a door.
        if (user.Account.OnboardedAt is not null && here.Account!.OnboardedAt is null) missing.Add("profile.onboarding_completed_at");
        if (user.Account.Username is not null && here.Account!.Username is null && !newer.Contains("user.username")) missing.Add("user.username");
        // Everything that does not fit must be kept.
        var kept = remarks.ToLookup(r => r.Field, StringComparer.Ordinal);
        missing.AddRange(user.Remarks.Where(r => !kept[r.Field].Any()).Select(r => r.Field));
        totals.Mapped += mapped.Count;
        totals.NewerHere += newer.Count;
        totals.Conflicts += conflicts.Count;
        totals.FieldsAside += aside;
        totals.FieldsRejected += rejected;
        totals.FieldsMissing += Fingerprint.Fields.Count - mapped.Count - newer.Count - conflicts.Count - aside - rejected;
    }

    private static string Line(
        Incoming user, string status, List<string> mapped, List<string> newer, List<string> conflicts, List<string> missing, IReadOnlyList<Remark> remarks, byte[]? after)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("id", user.Id);
            json.WriteString("status", status);
            Names("mapped", mapped);
            Names("newerHere", newer);
            Names("conflicts", conflicts);
            Reasons("aside", Remark.Aside);
            Reasons("rejected", Remark.Rejected);
            Names("missing", missing);
            json.WriteString("before", Convert.ToHexStringLower(user.SourceHash));
            json.WriteString("after", after is null ? null : Convert.ToHexStringLower(after));
            json.WriteEndObject();

            void Names(string name, List<string> fields)
            {
                json.WriteStartArray(name);
                foreach (var field in fields) json.WriteStringValue(field);
                json.WriteEndArray();
            }

            void Reasons(string name, string kind)
            {
                json.WriteStartArray(name);
                foreach (var remark in remarks.Where(r => r.Kind == kind))
                {
                    json.WriteStartObject();
                    json.WriteString("field", remark.Field);
                    json.WriteString("reason", remark.Reason);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static async Task<ILookup<long, Remark>> ReadRemarksAsync(NpgsqlConnection connection, long[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select user_id, kind, field, reason, case when raw is not null then '' end from import_remarks where user_id = any ($1) order by field, reason", connection);
        command.Parameters.Add(P(ids));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var remarks = new List<(long Id, Remark Remark)>();
        while (await row.ReadAsync(cancellation)) remarks.Add((row.GetInt64(0), new Remark(row.GetString(1), row.GetString(2), row.IsDBNull(4) ? null : "", row.GetString(3))));
        return remarks.ToLookup(r => r.Id, r => r.Remark);
    }
}
