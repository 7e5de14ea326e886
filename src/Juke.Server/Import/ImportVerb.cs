using System.CommandLine;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace Juke.Server.Import;

/// <summary>
/// <c>juke-server import juke</c>. Exit codes: 0 everything is accounted for; 1 something is missing, or the import could not
/// run to its end; 2 wrong settings or words.
/// </summary>
internal static class ImportVerb
{
    public static Command Build(Func<Func<Settings, Task<int>>, Task<int>> withSettings, Func<IEnumerable<string>, int> refuse)
    {
        var from = new Option<string>("--from") { Description = "Connection string of the old Juke's database; it is only read.", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen, and which old values do not fit; write nothing." };
        var verify = new Option<bool>("--verify") { Description = "Import nothing, only account for every old row." };
        var certificate = new Option<FileInfo?>("--certificate") { Description = "Write a JSON line for each user to this file; \"-\" is standard output. With --dry-run: what would become of each." };
        var batch = new Option<int>("--batch") { Description = "Users in one transaction, 1 to 10000.", DefaultValueFactory = _ => ImportJuke.UsualPageSize };

        var juke = new Command("juke", "Bring over the users of the old Juke, or what changed since the last time. May be run again and again while both systems live.")
        {
            from, dryRun, verify, certificate, batch,
        };
        juke.SetAction((words, cancellation) => withSettings(settings => StoppableAsync(async () =>
        {
            if (words.GetValue(dryRun) && words.GetValue(verify)) return Verbs.RefuseSettings("--dry-run and --verify: one of the two.");
            if (words.GetValue(batch) is < 1 or > 10_000) return Verbs.RefuseSettings("--batch: 1 to 10000.");
            await using var services = Services(settings);
            var database = services.GetRequiredService<NpgsqlDataSource>();
            if (!await Migrations.AreAppliedAsync(database, cancellation)) return refuse(["The database is not at this build: run juke-server migrate first."]);
            await using var old = await OldDatabase.OpenAsync(words.GetValue(from)!, cancellation);
            var protector = TokenSeal.ProtectorOf(services.GetRequiredService<IDataProtectionProvider>());
            var total = await old.CountAsync(cancellation);
            var time = services.GetRequiredService<TimeProvider>();
            if (words.GetValue(dryRun))
            {
                await using var lines = Lines(words.GetValue(certificate));
                var report = new DryRunReport(lines);
                var looking = Progress("Looking  ", total, time);
                var would = await new ImportJuke(database, time, protector.Protect, isDryRun: true, words.GetValue(batch), report).RunAsync(old, looking.Show, cancellation);
                looking.End();
                Console.Error.WriteLine(Summary(would, isDry: true) + report.Reasons());
                return 0;
            }
            if (!words.GetValue(verify))
            {
                var progress = Progress("Importing", total, time);
                var counts = await new ImportJuke(database, time, protector.Protect, isDryRun: false, words.GetValue(batch)).RunAsync(old, progress.Show, cancellation);
                progress.End();
                Console.Error.WriteLine(Summary(counts, isDry: false));
            }
            var checking = Progress("Checking ", total, time);
            await using var file = Lines(words.GetValue(certificate));
            var totals = await new Certificate(database, protector.Unprotect, file, words.GetValue(batch)).WriteAsync(old, checking.Show, cancellation);
            checking.End();
            Console.Error.WriteLine(Summary(totals));
            return totals.IsWhole ? 0 : 1;
        }, refuse)));
        return new Command("import", "Bring in accounts of another system.") { juke };
    }

    private static async Task<int> StoppableAsync(Func<Task<int>> work, Func<IEnumerable<string>, int> refuse)
    {
        try
        {
            return await work();
        }
        catch (FormatException e) when (e.Message.StartsWith("--from", StringComparison.Ordinal))
        {
            return Verbs.RefuseSettings(e.Message);
        }
        catch (OperationCanceledException)
        {
            return refuse(["Stopped. Run it again and it goes on."]);
        }
    }

    // Standard output is not ours to close; disposing what wraps it only flushes.
    private static StreamWriter? Lines(FileInfo? file) =>
        file is null ? null : file.Name == "-" ? new StreamWriter(Console.OpenStandardOutput(), leaveOpen: true) : new StreamWriter(file.FullName);

    private static string Summary(ImportCounts c, bool isDry) => FormattableString.Invariant(
        $"""
        {(isDry ? "Would be: " : "")}{c.Users:N0} users: {c.Arrived:N0} new, {c.Changed:N0} changed, {c.Unchanged:N0} unchanged, {c.DeletedHere:N0} deleted here, {c.Rejected:N0} rejected.
        {c.Aside:N0} remarks (kept aside or not brought over), {c.Conflicts:N0} conflicts, {c.Strays:N0} old rows that belong to nobody.
        """);

    private static string Summary(CertificateTotals t) => FormattableString.Invariant(
        $"""
        Users: {t.Users:N0} = {t.Complete:N0} complete + {t.DeletedHere:N0} deleted here + {t.Rejected:N0} rejected + {t.Missing:N0} with something missing.
        Fields: {t.Fields:N0} = {t.Mapped:N0} mapped + {t.NewerHere:N0} newer here ({t.LinksRemoved:N0} of them Spotify links removed here) + {t.Conflicts:N0} conflicts + {t.FieldsAside:N0} aside + {t.FieldsRejected:N0} rejected + {t.FieldsMissing:N0} missing.
        Beside them: {t.Aside:N0} values and remarks kept, {t.NotBroughtOver:N0} not brought over, {t.Strays:N0} old rows that belong to nobody ({t.StraysKept:N0} kept).
        {(t.IsWhole ? "Everything is accounted for." : "NOT everything is accounted for: see the lines with \"status\":\"missing\" (--certificate FILE).")}
        """);

    private static ProgressLine Progress(string what, long total, TimeProvider time) => new(what, total, time, Console.Error, !Console.IsErrorRedirected);

    private static ServiceProvider Services(Settings settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddJuke(settings);
        services.AddKeyRing();
        return services.BuildServiceProvider();
    }
}
