using System.Security.Cryptography;

namespace Juke.Desk.StandIns;

/// <summary>Ids and tokens that nobody can guess or read.</summary>
internal static class Secret
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>So many letters and digits after this beginning.</summary>
    public static string Make(int length, string prefix = "") => prefix + RandomNumberGenerator.GetString(Letters, length);
}
