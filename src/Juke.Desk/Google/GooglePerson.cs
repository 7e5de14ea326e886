using System.Globalization;
using System.Security.Cryptography;
using Juke.Desk.StandIns;

namespace Juke.Desk.Google;

/// <summary>Somebody with a Google account. All but the subject can change while the stand-in runs.</summary>
internal sealed class GooglePerson
{
    /// <summary>What the picker and the control API call them.</summary>
    public string Key { get; init; } = Secret.Make(12);

    /// <summary>The only key of an account: never reused, never changed.</summary>
    public string Subject { get; init; } = "1" + RandomNumberGenerator.GetInt32(1_000_000_000).ToString("D10", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetInt32(1_000_000_000).ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>Can change. Null = absent.</summary>
    public string? Email { get; set; }

    /// <summary>Whether Google saw that the address was theirs, once.</summary>
    public bool EmailVerified { get; set; } = true;

    /// <summary>hd: the Workspace domain; null = none.</summary>
    public string? HostedDomain { get; set; }

    /// <summary>Null = absent.</summary>
    public string? Name { get; set; }

    /// <summary>Null = absent.</summary>
    public string? Picture { get; set; }

    /// <summary>What happens each time a code of theirs is exchanged; null = it works.</summary>
    public Fault? AtToken { get; set; }

    /// <summary>The button of the picker; null = their name.</summary>
    public string? Label { get; set; }

    /// <summary>What the picker says that choosing them demonstrates.</summary>
    public string Shows { get; set; } = "Added while the stand-in runs.";

    /// <summary>As a choice of the picker.</summary>
    public Choice Choice => new(Key, Label ?? Name ?? Email ?? Subject, Shows);
}
