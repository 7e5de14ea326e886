using System.Globalization;
using System.Net.Mail;
using System.Text;
using Juke.Server.Data;
using Juke.Server.Plumbing;

namespace Juke.Server.Mail;

/// <summary>Kinds of mail without a link.</summary>
internal static class MailKind
{
    public const string PasswordChanged = "password-changed";
    public const string PasswordReset = "password-reset";
    public const string GoogleLinked = "google-linked";
    public const string SpotifyConnected = "spotify-connected";
    public const string AddressProvedByGoogle = "address-proved-by-google";
}

/// <summary>Writes the mails: plain text, short, with what to do when it was not you.</summary>
internal sealed class MailText(Settings settings, Keys keys)
{
    /// <summary>The message, or null for a kind that this build does not know (a newer server wrote it).</summary>
    public MailMessage? Write(WaitingMail mail)
    {
        var (subject, body) = mail.Kind switch
        {
            EmailTokens.Verify => (
                "Confirm your address for Juke",
                $"""
                Hello,

                somebody, probably you, used this address for a Juke account.
                Confirm it within 24 hours, signed in to that account:

                {Link("/verify-email", mail)}

                If it was not you, open the link and choose "Not me": the address is
                then taken off that account.
                """),
            EmailTokens.Registration => (
                "Welcome to Juke! Please verify your Account",
                $"""
                Hello,

                somebody, probably you, made a Juke account with this address.
                Follow this link within 7 days, and the account is yours to use:

                {RegistrationLink(mail)}

                If it was not you, do nothing: nobody can use the account, and it
                gives your address up.
                """),
            EmailTokens.Reset => (
                "Set a new password for Juke",
                $"""
                Hello,

                set a new password within 15 minutes:

                {Link("/reset-password", mail)}

                If you did not ask for this, do nothing: your password stays as it is.
                """),
            MailKind.PasswordReset => (
                "Your Juke password was reset",
                $"""
                Hello,

                your password was just set anew with a link that we mailed to this address,
                and you were signed out everywhere.

                If it was not you, set another one now:

                {new Uri(settings.PublicUrl, "/forgot-password")}
                """),
            MailKind.PasswordChanged => (
                "Your Juke password was changed",
                $"""
                Hello,

                your password was just changed, and every other device was signed out.

                If it was not you, set another one now:

                {new Uri(settings.PublicUrl, "/forgot-password")}
                """),
            MailKind.GoogleLinked => (
                "You can sign in to Juke with Google",
                $"""
                Hello,

                somebody, probably you, just signed in with the Google account of this address.
                From now on it opens your Juke account too; your password stays as it is.

                If it was not you, set a new password, and you are signed out everywhere:

                {new Uri(settings.PublicUrl, "/forgot-password")}
                """),
            MailKind.SpotifyConnected => (
                "Spotify was connected to your Juke account",
                $"""
                Hello,

                a Spotify account was just connected to your Juke account.

                If it was not you, set a new password, and look at what is connected:

                {new Uri(settings.PublicUrl, "/forgot-password")}
                {new Uri(settings.PublicUrl, "/settings")}
                """),
            MailKind.AddressProvedByGoogle => (
                "Your Juke account is yours alone",
                $"""
                Hello,

                you just signed in to Juke with Google. There was an account with this address
                that nobody had confirmed. It is yours now: its old password, its devices and
                what it was connected to no longer open it.

                If you made it yourself, everything in it is still there. You can set a
                password again:

                {new Uri(settings.PublicUrl, "/forgot-password")}
                """),
            _ => ("", ""),
        };
        if (subject.Length == 0) return null;
        return new MailMessage
        {
            From = new MailAddress(settings.MailFrom),
            To = { new MailAddress(mail.Address) },
            Subject = subject,
            Body = body.ReplaceLineEndings("\r\n"),
            SubjectEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
        };
    }

    // The three parameters that shipped apps take out of the address and post (legacy-wire A.2). The signature is the whole
    // secret; the other two are what it was made for, and are held against it.
    private Uri RegistrationLink(WaitingMail mail) => new(
        mail.LinkOrigin is { } origin ? new Uri(origin) : settings.PublicUrl,
        string.Create(CultureInfo.InvariantCulture, $"/verify-user/?user_id={mail.UserId}&timestamp={mail.LinkMadeAt!.Value.ToUnixTimeSeconds()}&signature={EmailLink.Write(keys, mail.TokenId!)}"));

    // The token stands in the query of a page that neither loads anything from elsewhere nor sends a referrer.
    private Uri Link(string path, WaitingMail mail) => new(settings.PublicUrl, $"{path}?token={EmailLink.Write(keys, mail.TokenId!)}");
}
