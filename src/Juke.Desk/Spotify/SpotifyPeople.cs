using Juke.Desk.StandIns;

namespace Juke.Desk.Spotify;

/// <summary>The people of the picker: the same ones, with the same ids, each time.</summary>
internal static class SpotifyPeople
{
    /// <summary>New copies of them.</summary>
    public static IEnumerable<SpotifyPerson> All() =>
    [
        Person("first-timer", "First-timer", "Has never seen Juke: a name, an address, a picture.", "Nia Okafor", "nia@listeners.example"),
        Person("returning", "Returning listener", "Has approved Juke before: once this browser knows them, no question is asked.", "Ravi Menon", "ravi@listeners.example", p => p.ApprovedBefore = true),
        Person("no-email", "No e-mail address", "Spotify gives no address, as for every app in development mode.", "Lena Vogt", null),
        Person("taken-email", "E-mail address already taken", "Spotify says taken@example.com, unverified. Register that address at Juke first: the accounts must stay apart.", "Sam Taken", "taken@example.com"),
        Person("no-name", "No display name", "display_name is null and there is no picture.", null, "quiet@listeners.example", p => p.ImageUrl = null),
        Person("free", "Free plan", "product is free.", "Jo Freeman", "jo@listeners.example", p => p.Product = "free"),
        Person("not-listed", "Not on the allow-list", "Sign-in works, then the Web API answers 403 in plain text.", "Uma Uninvited", null, p => p.NotOnAllowList = true),
        Person("not-listed-json", "Not on the allow-list (JSON)", "The same 403, as JSON.", "Uwe Uninvited", null, p => (p.NotOnAllowList, p.RefusedInJson) = (true, true)),
        Person("outage-token", "Outage at the exchange", "The code cannot be exchanged: /api/token answers 503.", "Otto Outage", null, p => p.AtToken = Fault.ServerErrorHtml),
        Person("outage-me", "Outage at the profile", "The code is exchanged, then /v1/me answers 503.", "Ottilie Outage", null, p => p.AtMe = Fault.ServerErrorHtml),
    ];

    private static SpotifyPerson Person(string key, string label, string shows, string? name, string? email, Action<SpotifyPerson>? also = null)
    {
        var person = new SpotifyPerson
        {
            Key = key,
            Id = $"31standin{key.Replace("-", "", StringComparison.Ordinal)}",
            AccountId = $"acct{key.Replace("-", "", StringComparison.Ordinal)}".PadRight(22, '0'),
            DisplayName = name,
            Email = email,
            ImageUrl = "https://i.scdn.co/image/" + key,
            Label = label,
            Shows = shows,
        };
        also?.Invoke(person);
        return person;
    }
}
