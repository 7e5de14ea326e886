using System.Text.Json.Nodes;
using Juke.Desk.StandIns;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.Google;

/// <summary>The control page of the Google stand-in and its people.</summary>
internal sealed class GoogleDesk(GoogleStandIn google)
{
    /// <summary>Adds its routes.</summary>
    public void Map(Listener listener)
    {
        listener.Plain(HttpMethods.Get, "/desk/forgeries", context => Reply.JsonAsync(context, new JsonArray([.. Forge.All.Select(forgery => Line(forgery))])));
        Control.Map(listener);
    }

    private ControlPage Control => new("Google", google.Faults, [])
    {
        People = () => google.People.Select(Line),
        Put = Put,
        Reset = google.Reset,
        Button = ("rotate-keys", "Rotate the keys"),
        Verbs = new Dictionary<string, Func<Words, JsonObject>>(StringComparer.Ordinal)
        {
            ["codes"] = words => new() { ["code"] = google.IssueCode(Known(words), words["redirectUri"] ?? throw new ControlException("redirectUri is missing."), words["codeChallenge"], words["nonce"]) },
            ["id-tokens"] = words => words["forgery"] is { } forgery
                ? Forged(words, forgery)
                : new() { ["idToken"] = google.IdToken(Known(words), words["nonce"], words["audience"], words["azp"], words["issuer"]) },
            ["rotate-keys"] = _ =>
            {
                google.RotateKeys();
                return [];
            },
        },
    };

    private GooglePerson Known(Words words) => google.Find(words["person"]) ?? throw new ControlException("person is the key of somebody; GET /desk/people lists them.");

    /// <summary>One of <see cref="Forge.All"/>, and what to post beside it.</summary>
    private JsonObject Forged(Words words, string name)
    {
        if (words.All.Keys.FirstOrDefault(word => word is not ("person" or "forgery")) is { } odd) throw new ControlException($"A forgery is made as it is: leave {odd} out.");
        var forgery = Forge.All.FirstOrDefault(one => one.Name == name) ?? throw new ControlException("forgery is one of those that GET /desk/forgeries lists.");
        var line = Line(forgery);
        line["idToken"] = forgery.Token(google, Known(words));
        return line;
    }

    private static JsonObject Line(Forgery forgery) => new() { ["forgery"] = forgery.Name, ["nonce"] = forgery.Nonce, ["shouldPass"] = forgery.ShouldPass };

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
