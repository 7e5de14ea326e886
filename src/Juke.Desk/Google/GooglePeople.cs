using Juke.Desk.StandIns;

namespace Juke.Desk.Google;

/// <summary>The people of the picker: the same ones, with the same subjects, each time.</summary>
internal static class GooglePeople
{
    /// <summary>New copies of them.</summary>
    public static IEnumerable<GooglePerson> All() =>
    [
        Person(1, "gmail", "Gmail address", "Google's own address: its word for it counts.", "Grace Mailer", "grace.mailer@gmail.com"),
        Person(2, "workspace", "Workspace address", "A verified address with hd: Google vouches for the domain's account of today.", "Wim Kantoor", "wim@office.example", p => p.HostedDomain = "office.example"),
        Person(3, "third-party", "Address of another provider, verified", "email_verified, but no hd: Google saw it once, it proves nothing today.", "Thea Elsewhere", "thea@mail.example"),
        Person(4, "unverified", "Address not verified", "email_verified is false: only a hint.", "Ulf Unsure", "ulf@mail.example", p => p.EmailVerified = false),
        Person(5, "no-email", "No e-mail address", "The token has no email at all.", "Nora Nomail", null),
        Person(6, "taken-email", "E-mail address already taken", "Google says taken@gmail.com, verified. Register that address at Juke first.", "Sam Taken", "taken@gmail.com"),
        Person(7, "no-name", "No name", "The token has neither name nor picture.", null, "nameless@gmail.com", p => p.Picture = null),
        Person(8, "outage-token", "Outage at the exchange", "The code cannot be exchanged: /token answers 503.", "Otto Outage", "otto@gmail.com", p => p.AtToken = Fault.ServerErrorHtml),
    ];

    private static GooglePerson Person(int number, string key, string label, string shows, string? name, string? email, Action<GooglePerson>? also = null)
    {
        var person = new GooglePerson
        {
            Key = key,
            Subject = $"11000000000000000000{number}",
            Email = email,
            EmailVerified = email is not null,
            Name = name,
            Picture = $"https://lh3.googleusercontent.com/a/{key}",
            Label = label,
            Shows = shows,
        };
        also?.Invoke(person);
        return person;
    }
}
