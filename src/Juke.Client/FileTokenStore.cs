using System.Runtime.InteropServices;
using System.Text.Json;

namespace Juke.Client;

/// <summary>
/// Keeps the token in a file that only its owner reads (0600, in a folder of 0700 where it makes one), replaced as a whole. The lock is the
/// operating system's, so it also keeps out other processes, and goes with the process that holds it.
/// </summary>
/// <remarks>On Windows the file has the rights of its folder: put it below the user's profile.</remarks>
public sealed partial class FileTokenStore : ITokenStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How long to wait before the lock is tried again: nothing tells when a file lock is free.</summary>
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>A write takes no time: what is older was left by an app that died in the middle of one.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(1);

    private readonly string path;
    private readonly string folder;

    /// <summary>A store in this file. Beside it stand <c>*.lock</c> and, for a moment, <c>*.new</c>; of the latter none outlives the next write by a minute, or the next <see cref="ClearAsync"/>.</summary>
    public FileTokenStore(string path)
    {
        this.path = Path.GetFullPath(path);
        folder = Path.GetDirectoryName(this.path) ?? throw new ArgumentException("A folder holds no token.", nameof(path));
    }

    /// <inheritdoc/>
    public async ValueTask<StoredTokens?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            // Somebody copied or restored it with wider rights.
            if (!OperatingSystem.IsWindows() && File.Exists(path) && File.GetUnixFileMode(path) != OwnerOnly) File.SetUnixFileMode(path, OwnerOnly);
            var bytes = await File.ReadAllBytesAsync(path, cancellation);
            return JsonSerializer.Deserialize(bytes, ClientJson.Default.StoredTokens) is { RefreshToken.Length: > 0 } tokens ? tokens : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} may not be read.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(StoredTokens tokens, CancellationToken cancellation)
    {
        MakeFolder();
        DeleteLeftovers(TimeProvider.System.GetUtcNow() - LongestWrite);
        var next = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            await using (var file = Open(next, FileMode.CreateNew))
            {
                await file.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(tokens, ClientJson.Default.StoredTokens), cancellation);
                file.Flush(flushToDisk: true);
            }
            File.Move(next, path, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
        FlushFolder();
    }

    /// <inheritdoc/>
    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
        {
            File.Delete(path);
            DeleteLeftovers(DateTimeOffset.MaxValue); // Also what another app writes just now: it finds nothing to replace, and looks again.
            FlushFolder();
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellation)
    {
        MakeFolder();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                // Never deleted: who waits for a deleted file would hold a lock of his own.
                return Open(path + ".lock", FileMode.OpenOrCreate);
            }
            catch (IOException) when (File.Exists(path + ".lock"))
            {
                await Task.Delay(LockPause, cancellation);
            }
        }
    }

    /// <summary>Of writes that never ended. They hold tokens like the file itself.</summary>
    private void DeleteLeftovers(DateTimeOffset writtenBefore)
    {
        foreach (var file in Directory.EnumerateFiles(folder, Path.GetFileName(path) + ".*.new"))
        {
            if (File.GetLastWriteTimeUtc(file) < writtenBefore.UtcDateTime) File.Delete(file);
        }
    }

    private static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(file, options);
    }

    private void MakeFolder()
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// A new name lasts only once its folder was written (fsync(2)). Without it a power cut could bring a spent token back, which
    /// the server takes for a thief's.
    /// </summary>
    private void FlushFolder()
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = OpenFolder(folder, 0);
        if (handle < 0) return;
        _ = Flush(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
