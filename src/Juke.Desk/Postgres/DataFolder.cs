using System.Security.Cryptography;
using System.Text;

namespace Juke.Desk.Postgres;

/// <summary>The files of one cluster: made once, owned by the account that PostgreSQL runs as.</summary>
/// <param name="Folder">Where they really are: the folder asked for, or the fallback.</param>
/// <param name="Data">PostgreSQL's own data folder inside it.</param>
/// <param name="Bin">PostgreSQL's programs, of the version that made the data.</param>
/// <param name="Account">Who PostgreSQL runs as.</param>
/// <param name="Notice">One line for the person at the desk, or null.</param>
internal sealed record DataFolder(string Folder, string Data, string Bin, PostgresAccount Account, string? Notice)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static async Task<DataFolder> OpenAsync(string folder, bool durable, CancellationToken cancel)
    {
        var opened = await TryAsync(folder, durable, notice: null, cancel);
        if (opened is not null) return opened;
        var fallback = Fallback(folder);
        return await TryAsync(fallback, durable, $"PostgreSQL's user cannot work under {folder}; its files are in {fallback}.", cancel)
          ?? throw new DeskException($"PostgreSQL's user can work neither under {folder} nor under {fallback}: set JUKE_DATA to a folder that it can enter.");
    }

    /// <summary>
    /// A new folder of our own for the socket: always short, because a socket's path ends at 107 bytes (unix(7)), and with a
    /// name that nobody can have taken before us. The last one goes, if a killed desk left it.
    /// </summary>
    public async Task<string> MakeSocketFolderAsync(CancellationToken cancel)
    {
        var note = Path.Combine(Folder, "socket");
        if (File.Exists(note)) RemoveSocketFolder(await File.ReadAllTextAsync(note, cancel));
        var folder = SocketFolderPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        await File.WriteAllTextAsync(note, folder, cancel);
        Directory.CreateDirectory(folder, OwnerOnly);
        await Account.OwnAsync(folder, cancel);
        return folder;
    }

    /// <summary>Removes a socket folder that we made; leaves every other folder alone.</summary>
    public static void RemoveSocketFolder(string? folder)
    {
        if (folder is null || !folder.StartsWith(SocketFolderPrefix, StringComparison.Ordinal)) return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone, or another user's by now: a few bytes in /tmp at worst.
        }
    }

    private const string SocketFolderPrefix = "/tmp/juke-pg-";

    private static async Task<DataFolder?> TryAsync(string folder, bool durable, string? notice, CancellationToken cancel)
    {
        var data = Path.Combine(folder, "data");
        var unfinished = Path.Combine(folder, "data.new");
        try
        {
            Directory.CreateDirectory(folder);
            var version = Path.Combine(data, "PG_VERSION");
            if (Directory.Exists(data))
            {
                var bin = await PostgresBinaries.FindAsync((await File.ReadAllTextAsync(version, cancel)).Trim(), cancel);
                return await PostgresAccount.ForAsync(data, cancel) is { } account ? new(folder, data, bin, account, notice) : null;
            }

            // Made beside and renamed, so that a killed initdb never leaves half a cluster behind.
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            Directory.CreateDirectory(unfinished, OwnerOnly);
            var newest = await PostgresBinaries.FindAsync(major: null, cancel);
            if (await PostgresAccount.ForAsync(unfinished, cancel) is not { } user)
            {
                Directory.Delete(unfinished);
                return null;
            }

            await InitAsync(newest, user, unfinished, durable, cancel);
            Directory.Move(unfinished, data);
            return new(folder, data, newest, user, notice);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new DeskException($"Cannot work in {folder}: {e.Message} Another user may have made it; set JUKE_DATA to a folder of your own.", e);
        }
    }

    private static async Task InitAsync(string bin, PostgresAccount account, string data, bool durable, CancellationToken cancel)
    {
        // C.UTF-8 has no version that an upgrade of the C library could change under an index; macOS before 15 lacks it.
        var locale = OperatingSystem.IsLinux() ? "C.UTF-8" : "C";
        string[] sync = durable ? [] : ["--no-sync"];
        var answer = await Tool.RunAsync(
          [.. account.Prefix, Path.Combine(bin, "initdb"), "-D", data, "-U", PostgresCluster.User, "-E", "UTF8", $"--locale={locale}", "--auth-local=trust", "--auth-host=reject", .. sync], cancel);
        if (!answer.Worked) throw new DeskException($"initdb failed: {answer.LastLine}");
    }

    private static string Fallback(string folder)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..12];
        return Path.Combine(Directory.Exists("/var/lib") ? "/var/lib" : "/var/tmp", "juke-desk", name);
    }
}
