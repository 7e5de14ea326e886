using Juke.Server.Plumbing;

namespace Juke.Server.SignUp;

/// <summary>What becomes of a provider's sign-in whose address an account has already.</summary>
internal enum LinkDecision
{
    /// <summary>The address may not link: the person signs in as before, or resets the password.</summary>
    Refuse,

    /// <summary>Said only because the person proved to own the disabled account.</summary>
    RefuseDisabled,

    /// <summary>Both sides proved the address: one more way to sign in.</summary>
    Link,

    /// <summary>The address is proved for the first time: what whoever made the account could come in with goes, then it is theirs.</summary>
    TakeOver,

    /// <summary>A claim that was never proved, by an account that cannot sign in: it yields, and the person gets an account of their own.</summary>
    ClaimYields,
}

/// <summary>Contract §4 as one table: never by an address alone, only where the provider runs the mailbox.</summary>
internal static class Linking
{
    /// <summary>Decides.</summary>
    /// <param name="word">What the provider's word about the address is worth.</param>
    /// <param name="state">State of the account that has the address.</param>
    /// <param name="isProved">Whether the address was proved for that account.</param>
    /// <param name="hasOther">Whether that account signs in with another identity of the same provider.</param>
    public static LinkDecision Decide(EmailWord word, string state, bool isProved, bool hasOther) => (word, state, isProved) switch
    {
        // After seven days it yields to anybody: AccountCreation sees to that.
        (EmailWord.Authoritative, "pending", _) => LinkDecision.ClaimYields,
        (EmailWord.Authoritative, "active", false) => LinkDecision.TakeOver,
        // Two Google accounts for one mailbox: it changed hands (a hosted domain), and the first owner keeps the account.
        (EmailWord.Authoritative, "active", true) => hasOther ? LinkDecision.Refuse : LinkDecision.Link,
        (EmailWord.Authoritative, "disabled", true) => LinkDecision.RefuseDisabled,
        _ => LinkDecision.Refuse,
    };
}
