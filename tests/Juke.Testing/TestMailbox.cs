using System.Collections.Concurrent;
using System.Net.Mail;
using System.Text.RegularExpressions;
using Juke.Server.Mail;

namespace Juke.Testing;

/// <summary>Where a test server's mails arrive.</summary>
internal sealed partial class TestMailbox : IMailTransport
{
    private readonly ConcurrentQueue<TestMail> mails = new();
    private readonly SemaphoreSlim arrived = new(0);

    public IReadOnlyList<TestMail> All => [.. mails];

    /// <summary>Comes before each mail: a relay that fails, or hangs.</summary>
    public Func<MailMessage, CancellationToken, Task>? OnSend { get; set; }

    async Task IMailTransport.SendAsync(MailMessage message, CancellationToken cancellation)
    {
        await Task.Yield();
        if (OnSend is { } before) await before(message, cancellation);
        var token = Token().Match(message.Body) is { Success: true } match ? match.Groups[1].Value : null;
        SecretWatch.Remember(token);
        mails.Enqueue(new TestMail(message.To[0].Address, message.Subject, message.Body, token));
        arrived.Release();
    }

    /// <summary>The latest mail to the address whose subject holds the text; waits for it.</summary>
    public async Task<TestMail> WaitForAsync(string address, string subject, int count = 1)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var found = mails.Where(m => m.Address == address && m.Subject.Contains(subject, StringComparison.OrdinalIgnoreCase)).ToList();
            if (found.Count >= count) return found[^1];
            await arrived.WaitAsync(patience.Token);
        }
    }

    [GeneratedRegex("(?:token|signature)=([A-Za-z0-9_-]+)")]
    private static partial Regex Token();
}

/// <summary>A mail as it arrived; <paramref name="Token"/> is the one of its link, or null.</summary>
internal sealed record TestMail(string Address, string Subject, string Body, string? Token);
