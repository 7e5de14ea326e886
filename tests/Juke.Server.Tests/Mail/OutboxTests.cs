using System.Net;
using System.Net.Mail;
using System.Text;
using Juke.Server.Data;
using Juke.Server.Mail;
using Juke.Server.Plumbing;
using Juke.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Mail;

public sealed class OutboxTests
{
    [Fact]
    public async Task A_mail_is_written_with_its_cause_and_without_it_there_is_none()
    {
        await using var server = await JukeServer.StartAsync();
        server.Mailbox.OnSend = (_, _) => throw new IOException("no relay");
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        (await CountAsync(server)).ShouldBe(1);
        (await client.RegisterAsync(email)).Status.ShouldBe(HttpStatusCode.Conflict);
        (await client.PostAsync("/auth/forgot-password", new { email = "nobody@example.com" })).EnsureOk();
        (await CountAsync(server)).ShouldBe(1);
        (await server.AskAsync<long>("select count(*) from email_tokens")).ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_that_was_not_taken_is_tried_again_later_and_later_and_given_up_in_the_end()
    {
        await using var server = await JukeServer.StartAsync();
        var isDown = true;
        server.Mailbox.OnSend = (_, _) => isDown ? throw new SmtpException("down") : Task.CompletedTask;
        using var client = server.NewClient();
        var (one, two) = (TestClient.NewEmail(), TestClient.NewEmail());
        (await client.RegisterAsync(one)).EnsureOk();
        foreach (var (attempts, seconds) in new[] { (1, 30), (2, 60), (3, 120) })
        {
            await UntilAsync(async () => await server.AskAsync<int>("select attempts from mails") == attempts);
            var next = await server.AskAsync<DateTime>("select next_try_at from mails");
            (next - server.Clock.GetUtcNow().UtcDateTime).TotalSeconds.ShouldBe(seconds);
            server.Clock.Advance(TimeSpan.FromSeconds(seconds));
            if (attempts == 3) isDown = false;
            Wake(server);
        }
        await server.Mailbox.WaitForAsync(one, "Confirm");
        await UntilAsync(async () => await CountAsync(server) == 0);
        server.Mailbox.All.Count.ShouldBe(1);

        isDown = true;
        (await client.RegisterAsync(two)).EnsureOk();
        await UntilAsync(async () => await server.AskAsync<int>("select attempts from mails") == 1);
        await server.ExecuteAsync("update mails set attempts = 11, next_try_at = created_at");
        Wake(server);
        await UntilAsync(async () => await CountAsync(server) == 0);
        server.Mailbox.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_relay_that_hangs_holds_nobody_up_for_ever()
    {
        await using var server = await JukeServer.StartAsync();
        var first = true;
        server.Mailbox.OnSend = async (_, cancellation) =>
        {
            if (!first) return;
            first = false;
            await new TaskCompletionSource().Task; // It does not even listen to being called off.
        };
        using var client = server.NewClient();
        var (stuck, next) = (TestClient.NewEmail(), TestClient.NewEmail());
        (await client.RegisterAsync(stuck)).EnsureOk();
        await UntilAsync(() => Task.FromResult(!first));
        (await client.RegisterAsync(next)).EnsureOk();
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await server.Mailbox.WaitForAsync(next, "Confirm");
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Wake(server);
        await server.Mailbox.WaitForAsync(stuck, "Confirm");
    }

    [Fact]
    public async Task Two_servers_on_one_outbox_send_each_mail_once()
    {
        await using var one = await JukeServer.StartAsync();
        await using var two = await JukeServer.StartAsync(connectionString: one.ConnectionString, clock: one.Clock, mailbox: one.Mailbox);
        var now = 0;
        var most = 0;
        one.Mailbox.OnSend = async (_, cancellation) =>
        {
            var together = Interlocked.Increment(ref now);
            if (together > Volatile.Read(ref most)) Volatile.Write(ref most, together);
            await Task.Delay(5, cancellation);
            Interlocked.Decrement(ref now);
        };
        using var client = one.NewClient();
        var emails = Enumerable.Range(0, 30).Select(_ => TestClient.NewEmail()).ToList();
        await Task.WhenAll(emails.Select(async e =>
        {
            (await client.RegisterAsync(e)).EnsureOk();
            Wake(two);
        }));
        await UntilAsync(async () => await CountAsync(one) == 0);
        one.Mailbox.All.Select(m => m.Address).ShouldBe(emails, ignoreOrder: true);
        most.ShouldBeInRange(1, 2, "each server sends one at a time");
    }

    [Fact]
    public async Task A_link_works_after_a_change_of_keys_and_not_after_its_key_is_gone()
    {
        await using var before = await JukeServer.StartAsync();
        using var client = before.NewClient();
        var (one, two) = (TestClient.NewEmail(), TestClient.NewEmail());
        var links = new List<string>();
        foreach (var email in new[] { one, two })
        {
            (await client.RegisterAsync(email)).EnsureOk();
            (await client.PostAsync("/auth/forgot-password", new { email })).EnsureOk();
            links.Add((await before.Mailbox.WaitForAsync(email, "Set a new password")).Token!);
        }
        byte[] key = [.. Enumerable.Repeat((byte)9, 32)];
        await using var after = await JukeServer.StartAsync(s => s with { Secrets = [key, JukeServer.Secret] }, before.ConnectionString, before.Clock);
        using var there = after.NewClient();
        (await there.PostAsync("/auth/reset-password", new { token = links[0], newPassword = TestClient.Password })).EnsureOk();
        await using var gone = await JukeServer.StartAsync(s => s with { Secrets = [key] }, before.ConnectionString, before.Clock);
        using var late = gone.NewClient();
        (await late.PostAsync("/auth/reset-password", new { token = links[1], newPassword = TestClient.Password })).Code.ShouldBe("INVALID_LINK");
    }

    [Fact]
    public async Task An_address_with_a_line_break_is_never_sent_to_even_from_the_database()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        await server.Mailbox.WaitForAsync(email, "Confirm");
        await server.ExecuteAsync(
            "insert into mails (kind, address, user_id, created_at, next_try_at) select 'password-changed', E'a@b.co\\r\\nBcc: victim@example.com', id, created_at, created_at from users");
        Wake(server);
        await UntilAsync(async () => await server.AskAsync<int>("select attempts from mails") == 1);
        server.Mailbox.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_of_a_kind_that_a_newer_server_wrote_is_not_sent_empty()
    {
        await using var server = await JukeServer.StartAsync();
        using var client = server.NewClient();
        var email = TestClient.NewEmail();
        (await client.RegisterAsync(email)).EnsureOk();
        await server.Mailbox.WaitForAsync(email, "Confirm");
        await server.ExecuteAsync("insert into mails (kind, address, user_id, created_at, next_try_at) select 'from-the-future', email, id, created_at, created_at from users");
        Wake(server);
        await UntilAsync(async () => await CountAsync(server) == 0);
        server.Mailbox.All.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("jürgen@bücher.example")]
    [InlineData("o'brien+juke@example.com")]
    public async Task A_folder_gets_one_whole_file_a_mail_whatever_the_address(string address)
    {
        var folder = Directory.CreateTempSubdirectory("juke-mail-").FullName;
        try
        {
            var settings = TestSettings.Of();
            var id = EmailLink.NewId();
            using var message = new MailText(settings, new Keys(settings.Secrets)).Write(new WaitingMail(1, EmailTokens.Reset, address, id, 0))!;
            await new MailFolder(new Uri(folder)).SendAsync(message, default);
            var text = await File.ReadAllTextAsync(Directory.GetFiles(folder, "*.eml").ShouldHaveSingleItem(), Encoding.UTF8);
            var parts = text.Split("\r\n\r\n", 2);
            parts[0].Split("\r\n").Count(l => l.StartsWith("To:", StringComparison.Ordinal)).ShouldBe(1);
            parts[0].ShouldContain("Subject: Set a new password for Juke");
            parts[0].ShouldContain(address.Contains('ü', StringComparison.Ordinal) ? "rgen@" : "To: " + address);
            var token = EmailLink.Write(new Keys(settings.Secrets), id);
            Decoded(parts).ShouldContain("http://127.0.0.1:5080/reset-password?token=" + token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Quoted-printable and base64 are both fine; a mail program shows the same.
    private static string Decoded(string[] parts) =>
        parts[0].Contains("base64", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(parts[1].ReplaceLineEndings("")))
            : parts[1].Replace("=\r\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);

    private static void Wake(JukeServer server) => server.Services.GetRequiredService<MailSignal>().Wake();

    private static async Task<long> CountAsync(JukeServer server) => await server.AskAsync<long>("select count(*) from mails");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!await condition())
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException();
            await Task.Delay(5);
        }
    }
}
