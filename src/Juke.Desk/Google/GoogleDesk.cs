using System.Text.Json.Nodes;
using Juke.Desk.StandIns;

namespace Juke.Desk.Google;

/// <summary>The control page of the Google stand-in and its people.</summary>
internal sealed class GoogleDesk(GoogleStandIn google)
{
    /// <summary>Adds its routes.</summary>
    public void Map(Listener listener) => new ControlPage("Google", google.Faults, [])
    {
        People = () => google.People.Select(Line),
        Put = Put,
        Reset = google.Reset,
        Button = ("rotate-keys", "Rotate the keys"),
        Verbs = new Dictionary<string, Func<Words, JsonObject>>(StringComparer.Ordinal)
        {
            ["codes"] = words => new() { ["code"] = google.IssueCode(Known(words), words["redirectUri"] ?? throw new ControlException("redirectUri is missing."), words["codeChallenge"], words["nonce"]) },
            ["id-tokens"] = words => new() { ["idToken"] = google.IdToken(Known(words), words["nonce"], words["audience"], words["azp"], words["issuer"]) },
            ["rotate-keys"] = _ =>
            {
                google.RotateKeys();
                return [];
            },
        },
    }.Map(listener);

    private GooglePerson Known(Words words) => google.Find(words["person"]) ?? throw new ControlException("person is the key of somebody; GET /desk/people lists them.");

    private JsonObject Put(Words words)
    {
        var person = google.Find(words["key"]) ?? new() { Key = words["key"] ?? Secret.Make(12), Subject = words["subject"] ?? new GooglePerson().Subject };
        foreach (var (name, value) in words.All)
        {
            Action set = name switch
            {
                "key" => () => { }
                ,
                "subject" => () =>
                {
                    if (value != person.Subject) throw new ControlException("A subject never changes.");
                }
                ,
                "email" => () => person.Email = value,
                "emailVerified" => () => person.EmailVerified = value == "true",
                "hostedDomain" => () => person.HostedDomain = value,
                "name" => () => person.Name = value,
                "picture" => () => person.Picture = value,
                "label" => () => person.Label = value,
                _ => throw new ControlException($"{name} is nothing that a person has here."),
            };
            set();
        }
        if (google.Find(person.Key) is null) google.Add(person);
        return Line(person);
    }

    private static JsonObject Line(GooglePerson person) => new()
    {
        ["key"] = person.Key,
        ["label"] = person.Choice.Label,
        ["subject"] = person.Subject,
        ["email"] = person.Email,
        ["emailVerified"] = person.EmailVerified,
        ["hostedDomain"] = person.HostedDomain,
        ["name"] = person.Name,
        ["picture"] = person.Picture,
    };
}
