using System.Security.Cryptography;

namespace Juke.Desk.Up;

/// <summary>The desk's own key: made once, kept in a file that only its owner reads, so that sessions survive a restart.</summary>
internal static class KeptSecret
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task<string> ReadOrMakeAsync(string data, CancellationToken cancel)
    {
        var file = Path.Combine(data, "secrets");
        if (!File.Exists(file))
        {
            // Renamed into place: a desk killed here leaves no half key behind.
            var unfinished = $"{file}.{Environment.ProcessId}";
            File.Delete(unfinished);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
            await using (var writer = new StreamWriter(unfinished, options)) await writer.WriteLineAsync(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            File.Move(unfinished, file, overwrite: false);
        }

        File.SetUnixFileMode(file, OwnerOnly);
        return (await File.ReadAllTextAsync(file, cancel)).Trim();
    }
}
