using Juke.Contract;
using Juke.Server.Plumbing;

namespace Juke.Server.SignUp;

/// <summary>
/// The name that a new account starts with: what the provider calls the person, unless that is an id or an address in
/// disguise (Spotify shows the id of who never chose a name). The suggested username is made from it, and is seen by others.
/// </summary>
internal static class DisplayName
{
    private const int MaxLength = 255;

    public static string? Of(ProviderPerson person)
    {
        var name = person.Name?.Trim();
        if (name is not { Length: > 0 and <= MaxLength } || !Text.IsWellFormed(name) || name.Any(char.IsControl)) return null;
        if (name.Contains('@', StringComparison.Ordinal) || Is(person.ExternalId) || Is(person.Subject)) return null;
        return name;

        bool Is(string? secret) => string.Equals(name, secret, StringComparison.OrdinalIgnoreCase);
    }
}
