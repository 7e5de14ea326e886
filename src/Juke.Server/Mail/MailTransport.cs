using System.Net;
using System.Net.Mail;
using Juke.Server.Plumbing;

namespace Juke.Server.Mail;

/// <summary>Takes a message to where JUKE_MAIL says.</summary>
internal interface IMailTransport
{
    Task SendAsync(MailMessage message, CancellationToken cancellation);
}

/// <summary><c>file://folder</c>: an .eml file each (a desk's mailbox).</summary>
internal sealed class MailFolder(Uri folder) : IMailTransport
{
    public async Task SendAsync(MailMessage message, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.LocalPath);
        using var client = new SmtpClient { DeliveryFormat = SmtpDeliveryFormat.International, DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = folder.LocalPath };
        await client.SendMailAsync(message, cancellation);
    }
}

/// <summary><c>smtp://user:password@host:587</c>: STARTTLS, unless the host is this machine.</summary>
internal sealed class SmtpRelay(Uri relay) : IMailTransport
{
    public async Task SendAsync(MailMessage message, CancellationToken cancellation)
    {
        using var client = new SmtpClient(relay.Host, relay.Port > 0 ? relay.Port : 587) { EnableSsl = !relay.IsLoopback, DeliveryFormat = SmtpDeliveryFormat.International };
        if (relay.UserInfo.Split(':', 2) is [var user, var password])
            client.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        await client.SendMailAsync(message, cancellation);
    }
}

/// <summary>No JUKE_MAIL in development: mails are dropped, and a log line says so.</summary>
internal sealed class NoMail(ILogger<NoMail> logger) : IMailTransport
{
    public Task SendAsync(MailMessage message, CancellationToken cancellation)
    {
        logger.LogWarning("JUKE_MAIL is not set; the mail \"{Subject}\" was dropped", message.Subject);
        return Task.CompletedTask;
    }
}

/// <summary>Chooses by the setting.</summary>
internal static class MailTransport
{
    public static IMailTransport For(Settings settings, ILoggerFactory loggers) => settings.Mail switch
    {
        { Scheme: "file" } folder => new MailFolder(folder),
        { Scheme: "smtp" } relay => new SmtpRelay(relay),
        _ => new NoMail(loggers.CreateLogger<NoMail>()),
    };
}
