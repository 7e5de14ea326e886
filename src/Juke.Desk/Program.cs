using System.Diagnostics;
using System.Runtime.InteropServices;
using Juke.Desk.Ledger;
using Juke.Desk.Up;

namespace Juke.Desk;

// What a desk needs and production must not have. Verbs:
//   up     --server Juke.Server.dll         PostgreSQL, migrations, sample, server, until Ctrl-C
//   schema --server Juke.Server.dll FILE    writes the whole schema, from the migrations
//   sample                                  prints the sample fixtures
//   contract --server Juke.Server.dll FOLDER          writes the open version's ledger and samples, and the document
//   contract freeze --server Juke.Server.dll FOLDER   closes the open version
//   contract open [DATE] FOLDER                       opens a version, of today where no date is given
//
// In a namespace: the tests see the insides of the server as well, whose entry has the same name.
internal static class Program
{
    private const string Usage = "usage: Juke.Desk up --server DLL | schema --server DLL FILE | contract [freeze] --server DLL FOLDER | contract open [DATE] FOLDER | sample   (./dev help)";

    private static async Task<int> Main(string[] args)
    {
        long? asked = null;
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        try
        {
            switch (args)
            {
                case ["up", "--server", var dll]:
                    await Up.Desk.RunAsync(DeskSettings.Read(Environment.GetEnvironmentVariable), Path.GetFullPath(dll), stop.Token);
                    return 0;
                case ["schema", "--server", var dll, var file]:
                    await SchemaFile.WriteAsync(Path.GetFullPath(dll), file, stop.Token);
                    return 0;
                case ["contract", "--server", var dll, var folder]:
                    await ContractVerb.WriteAsync(Path.GetFullPath(dll), folder, stop.Token);
                    return 0;
                case ["contract", "freeze", "--server", var dll, var folder]:
                    await ContractVerb.FreezeAsync(Path.GetFullPath(dll), folder, stop.Token);
                    return 0;
                case ["contract", "open", var folder]:
                    ContractVerb.Open(null, folder);
                    return 0;
                case ["contract", "open", var version, var folder]:
                    ContractVerb.Open(version, folder);
                    return 0;
                case ["sample"]:
                    foreach (var line in SampleFixtures.Lines(TimeProvider.System.GetUtcNow())) Console.WriteLine(line);
                    return 0;
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return 2;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (DeskException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.ExitCode;
        }

        // The first Ctrl-C stops things in order. A second one a while later means it: then we die at once, and the leashes clean up
        // behind us. Not sooner, because one keystroke arrives twice where a parent (timeout, npm) passes it on to us as well.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = asked is null || Stopwatch.GetElapsedTime(asked.Value) < TimeSpan.FromSeconds(2);
            asked ??= Stopwatch.GetTimestamp();
            stop.Cancel();
        }
    }
}
