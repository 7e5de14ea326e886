namespace Juke.Client.Tests;

/// <summary>The token file in one process: whose it is, and what is left of writes that did not end.</summary>
public sealed class FileStoreTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileInFolder parent = new();
    private readonly string folder;
    private readonly string path;
    private readonly FileTokenStore store;

    public FileStoreTests()
    {
        folder = Path.Combine(parent.Folder, "juke");
        path = Path.Combine(folder, "session");
        store = new FileTokenStore(path);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task The_file_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the folder's rights count.");
        await store.WriteAsync(new StoredTokens("refresh-1"), default);
        await using (await store.LockAsync(default)) File.GetUnixFileMode(path + ".lock").ShouldBe(Owner);
        File.GetUnixFileMode(path).ShouldBe(Owner);
        File.GetUnixFileMode(folder).ShouldBe(Owner | UnixFileMode.UserExecute);
        File.SetUnixFileMode(path, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await store.ReadAsync(default);
        File.GetUnixFileMode(path).ShouldBe(Owner);
    }

    [Fact]
    public async Task The_lock_keeps_others_out_until_they_lose_patience()
    {
        using var patience = new CancellationTokenSource(50);
        await using (await store.LockAsync(default)) await Should.ThrowAsync<OperationCanceledException>(async () => await store.LockAsync(patience.Token));
        await using (await store.LockAsync(default)) File.Exists(path + ".lock").ShouldBeTrue("free again, and never deleted");
    }

    [Fact]
    public async Task A_write_that_is_given_up_changes_nothing_and_leaves_nothing()
    {
        await store.WriteAsync(new StoredTokens("refresh-1"), default);
        await Should.ThrowAsync<OperationCanceledException>(async () => await store.WriteAsync(new StoredTokens("refresh-2"), new CancellationToken(canceled: true)));
        (await store.ReadAsync(default)).ShouldBe(new StoredTokens("refresh-1"));
        Files().ShouldBe(["session"]);
    }

    [Fact]
    public async Task Who_reads_while_others_write_reads_one_token_or_the_other()
    {
        await store.WriteAsync(new StoredTokens("refresh-0"), default);
        var writing = Task.WhenAll(WriteAsync("a"), WriteAsync("b"));
        var reads = 0;
        while (!writing.IsCompleted || reads == 0)
        {
            (await store.ReadAsync(default)).ShouldNotBeNull("half a file").RefreshToken.ShouldStartWith("refresh-");
            reads++;
        }
        await writing;
        Files().ShouldBe(["session"]);

        async Task WriteAsync(string who)
        {
            await Task.Yield();
            for (var i = 0; i < 100; i++) await store.WriteAsync(new StoredTokens($"refresh-{who}{i}" + new string('x', i * 100)), default);
        }
    }

    [Fact]
    public async Task Half_a_file_of_somebody_elses_is_no_token()
    {
        await store.WriteAsync(new StoredTokens("refresh-1"), default);
        await File.WriteAllTextAsync(path, "{\"refreshTo");
        (await store.ReadAsync(default)).ShouldBeNull();
        await store.ClearAsync(default);
        await store.ClearAsync(default);
        (await store.ReadAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_dead_app_left_in_the_middle_of_a_write_goes_with_the_next_write_and_with_forgetting()
    {
        await store.WriteAsync(new StoredTokens("refresh-1"), default);
        await File.WriteAllTextAsync(path + ".dead.new", """{"refreshToken":"refresh-9"}""");
        await File.WriteAllTextAsync(path + ".alive.new", """{"refreshToken":"refresh-8"}""");
        File.SetLastWriteTimeUtc(path + ".dead.new", File.GetLastWriteTimeUtc(path).AddMinutes(-2));
        await store.WriteAsync(new StoredTokens("refresh-2"), default);
        Files().ShouldBe(["session", "session.alive.new"], "another app may be writing this one now");
        await store.ClearAsync(default);
        Files().ShouldBeEmpty();
    }

    public void Dispose() => parent.Dispose();

    private IEnumerable<string> Files() => Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
}
