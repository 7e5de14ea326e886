using Juke.Desk.StandIns;

namespace Juke.Desk.Spotify;

/// <summary>Whether the app is small or let into the large programme (reference A9).</summary>
internal enum SpotifyMode
{
    /// <summary>No e-mail, country, product or followers at /v1/me; search gives 10 at most.</summary>
    Development,

    /// <summary>Everything that the granted scopes allow; search gives 50 at most.</summary>
    Extended,
}

/// <summary>Somebody with a Spotify account. All of it can be changed while the stand-in runs.</summary>
internal sealed class SpotifyPerson
{
    /// <summary>What the picker and the control API call them; stays the same whatever else changes.</summary>
    public string Key { get; init; } = Secret.Make(12);

    /// <summary>The user id; can change while <see cref="AccountId"/> stays.</summary>
    public string Id { get; set; } = Secret.Make(25, "31");

    /// <summary>The immutable id; null = Spotify does not give it for this person.</summary>
    public string? AccountId { get; set; } = Secret.Make(22);

    /// <summary>Null is possible, and sent as null.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Unverified. Null = absent.</summary>
    public string? Email { get; set; }

    /// <summary>Null = no pictures.</summary>
    public string? ImageUrl { get; set; }

    /// <summary>premium or free.</summary>
    public string Product { get; set; } = "premium";

    /// <summary>Two letters.</summary>
    public string Country { get; set; } = "NL";

    /// <summary>Sign-in and exchange work, then each call of the Web API is 403: they are not on the app's list of users.</summary>
    public bool NotOnAllowList { get; set; }

    /// <summary>That 403 is JSON; the older one is plain text.</summary>
    public bool RefusedInJson { get; set; }

    /// <summary>What happens each time a code of theirs is exchanged; null = it works.</summary>
    public Fault? AtToken { get; set; }

    /// <summary>What happens each time /v1/me is asked about them; null = it works.</summary>
    public Fault? AtMe { get; set; }

    /// <summary>Approved this app at an earlier time, with every scope.</summary>
    public bool ApprovedBefore { get; set; }

    /// <summary>The button of the picker; null = their name.</summary>
    public string? Label { get; set; }

    /// <summary>What the picker says that choosing them demonstrates.</summary>
    public string Shows { get; set; } = "Added while the stand-in runs.";

    /// <summary>As a choice of the picker.</summary>
    public Choice Choice => new(Key, Label ?? DisplayName ?? Id, Shows);
}
