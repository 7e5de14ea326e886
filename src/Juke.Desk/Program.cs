using System.Diagnostics;
using System.Runtime.InteropServices;
using Juke.Desk;
using Juke.Desk.Up;

// What a desk needs and production must not have. Verbs:
//   up     --server Juke.Server.dll         PostgreSQL, migrations, sample, server, until Ctrl-C
//   schema --server Juke.Server.dll FILE    writes the whole schema, from the migrations
//   sample                                  prints the sample fixtures
const string usage = "usage: Juke.Desk up --server DLL | schema --server DLL FILE | sample   (./dev help)";

long? asked = null;
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    switch (args)
    {
        case ["up", "--server", var dll]:
            await Desk.RunAsync(DeskSettings.Read(Environment.GetEnvironmentVariable), Path.GetFullPath(dll), stop.Token);
            return 0;
        case ["schema", "--server", var dll, var file]:
            await SchemaFile.WriteAsync(Path.GetFullPath(dll), file, stop.Token);
            return 0;
        case ["sample"]:
            foreach (var line in SampleFixtures.Lines(TimeProvider.System.GetUtcNow())) Console.WriteLine(line);
            return 0;
        default:
            await Console.Error.WriteLineAsync(usage);
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
