using System.Text.Json.Nodes;
using Juke.Desk.StandIns;

namespace Juke.Desk.Spotify;

/// <summary>The control page of the Spotify stand-in, its switches and its people.</summary>
internal sealed class SpotifyDesk(SpotifyStandIn spotify)
{
    /// <summary>Adds its routes.</summary>
    public void Map(Listener listener) => new ControlPage("Spotify", spotify.Faults,
    [
        new("mode", "The app's mode", () => spotify.Mode.ToString(), value => spotify.Mode = Enum.Parse<SpotifyMode>(value!), Enum.GetNames<SpotifyMode>()),
        Switch.OnOff("giveAccountId", "/v1/me gives account_id", () => spotify.GiveAccountId, value => spotify.GiveAccountId = value),
        Switch.OnOff("rotateRefreshTokens", "A refresh gives a new refresh token", () => spotify.RotateRefreshTokens, value => spotify.RotateRefreshTokens = value),
        Switch.OnOff("ownerHasPremium", "The app's owner has Premium", () => spotify.OwnerHasPremium, value => spotify.OwnerHasPremium = value),
        new("grantOnly", "Scopes granted at most (nothing: all)", () => spotify.GrantOnly, value => spotify.GrantOnly = value),
    ])
    {
        People = () => spotify.People.Select(Line),
        Put = Put,
        Reset = spotify.Reset,
        PersonButtons = [("revoke", "Take Juke off the list of"), ("expire", "End the six months of")],
        Verbs = new Dictionary<string, Func<Words, JsonObject>>(StringComparer.Ordinal)
        {
            ["codes"] = words => new() { ["code"] = spotify.IssueCode(Known(words), words["redirectUri"] ?? throw new ControlException("redirectUri is missing."), words["codeChallenge"], words["scope"] ?? "") },
            ["access-tokens"] = words => new() { ["accessToken"] = spotify.IssueAccessToken(Known(words), words["ofAnotherApp"] == "true", words["scope"] ?? "") },
            ["expire"] = words =>
            {
                spotify.ExpireRefreshTokens(Known(words));
                return [];
            },
            ["revoke"] = words =>
            {
                spotify.RevokeRefreshTokens(Known(words));
                return [];
            },
        },
    }.Map(listener);

    private SpotifyPerson Known(Words words) => spotify.Find(words["person"]) ?? throw new ControlException("person is the key of somebody; GET /desk/people lists them.");

    private JsonObject Put(Words words)
    {
        var person = spotify.Find(words["key"]) ?? (words["key"] is { } key ? new() { Key = key } : new());
        foreach (var (name, value) in words.All)
        {
            Action set = name switch
            {
                "key" => () => { }
                ,
                "id" => () => person.Id = value ?? person.Id,
                "accountId" => () => person.AccountId = value,
                "displayName" => () => person.DisplayName = value,
                "email" => () => person.Email = value,
                "imageUrl" => () => person.ImageUrl = value,
                "product" => () => person.Product = value ?? person.Product,
                "country" => () => person.Country = value ?? person.Country,
                "label" => () => person.Label = value,
                "notOnAllowList" => () => person.NotOnAllowList = value == "true",
                "refusedInJson" => () => person.RefusedInJson = value == "true",
                _ => throw new ControlException($"{name} is nothing that a person has here."),
            };
            set();
        }
        if (spotify.Find(person.Key) is null) spotify.Add(person);
        return Line(person);
    }

    private static JsonObject Line(SpotifyPerson person) => new()
    {
        ["key"] = person.Key,
        ["label"] = person.Choice.Label,
        ["id"] = person.Id,
        ["accountId"] = person.AccountId,
        ["displayName"] = person.DisplayName,
        ["email"] = person.Email,
        ["imageUrl"] = person.ImageUrl,
        ["product"] = person.Product,
        ["country"] = person.Country,
        ["notOnAllowList"] = person.NotOnAllowList,
        ["refusedInJson"] = person.RefusedInJson,
    };
}
