using Juke.Contract.Wire;

namespace Juke.Cli.Verbs;

/// <summary>How a person is called before they have a name.</summary>
internal static class Names
{
    public static string Of(User user) => user switch
    {
        { Username: { Length: > 0 } username, Email: { } email } => $"{username} ({email})",
        { Username: { Length: > 0 } username } => username,
        { Email: { } email } => email,
        _ => user.Name ?? $"user {user.Id}",
    };
}
