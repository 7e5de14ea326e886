using System.Buffers.Text;
using System.Security.Cryptography;

namespace Juke.Server.Import;

/// <summary>
/// Whether everything of an old user is here or explained: pure. What stands here is compared with what the old rows say now.
/// A difference counts as made here only where something here could have made it and left its trace; else it is missing.
/// </summary>
internal sealed class Comparison
{
    private readonly Incoming user;
    private readonly HereRow here;
    private readonly IReadOnlyList<Remark> remarks;
    private readonly bool wasUsed;
    private readonly bool addressIsHeld;
    private readonly bool nameIsHeld;
    private readonly Fingerprint wanted;
    private readonly Fingerprint now;
    private readonly Verdict verdict = new();

    private Comparison(Incoming user, HereRow here, IReadOnlyList<Remark> remarks, Traces traces)
    {
        (this.user, this.here, this.remarks, wasUsed) = (user, here, remarks, !traces.Unused.Contains(user.Id));
        addressIsHeld = user.Account.EmailKey is { } key && traces.HeldAddresses.Contains(key);
        nameIsHeld = user.Account.UsernameKey is { } name && traces.HeldNames.Contains(name);
        (wanted, now) = (Fingerprint.Of(user.Account.AsStored()), Fingerprint.Of(here.Account!));
    }

    /// <summary>Judges field by field, then what is no field of its own.</summary>
    /// <param name="user">The old user now.</param>
    /// <param name="here">What stands here.</param>
    /// <param name="remarks">What is kept beside the account.</param>
    /// <param name="traces">What else in the database explains a difference.</param>
    /// <param name="open">Unseals a provider token.</param>
    public static Verdict Of(Incoming user, HereRow here, IReadOnlyList<Remark> remarks, Traces traces, Func<string, string> open)
    {
        var comparison = new Comparison(user, here, remarks, traces);
        foreach (var field in Fingerprint.Fields) comparison.Add(field, open);
        if (!comparison.IsRejected("user")) comparison.AddTheRest();
        return comparison.verdict;
    }

    private void Add(ImportField field, Func<string, string> open)
    {
        var name = Fingerprint.NameOf(field);
        // Tokens share the fate of the link that they belong to.
        var judged = field == ImportField.SpotifyTokens && user.Account.SpotifyId != here.Account!.SpotifyId ? ImportField.Spotify : field;
        if (remarks.Any(r => r.Kind == Remark.Conflict && r.Field == name)) verdict.Conflicts.Add(name);
        else if (IsRejected(Fingerprint.NameOf(judged))) verdict.Rejected++;
        else if (wanted.Same(now, field))
        {
            if (field == ImportField.SpotifyTokens && !HasTheTokens(open)) Miss(name);
            else if (remarks.Any(r => r is { Kind: Remark.Aside, Raw: not null } && r.Field == name)) verdict.Aside++;
            else verdict.Mapped.Add(name);
        }
        // A change there that nobody has taken yet.
        else if (!user.Taken.Same(here.Taken, judged)) Miss(name);
        else if (here.Written.Same(now, judged))
        {
            if (IsAsGood(field)) verdict.Mapped.Add(name);
            else Miss(name);
        }
        else if (IsRehashed(field)) verdict.Mapped.Add(name);
        else if (CouldBeMadeHere(judged)) verdict.NewerHere.Add(name);
        else Miss(name);

        void Miss(string missing)
        {
            verdict.Missing.Add(missing);
            verdict.FieldsMissing++;
        }
    }

    /// <summary>What opens a door, and what is no field of its own.</summary>
    private void AddTheRest()
    {
        var (there, account) = (user.Account, here.Account!);
        var hasName = there.Username == account.Username;
        // Without a name the gate asks for one, and that completes.
        if (there.OnboardedAt is not null && account.OnboardedAt is null && account.Username is not null) verdict.Missing.Add("profile.onboarding_completed_at");
        if (there.LastSignInAt is { } seen && !(account.LastSignInAt >= seen)) verdict.Missing.Add("user.last_login");
        if (there.ProfileCreatedAt is not null && account.ProfileCreatedAt is null) verdict.Missing.Add("profile.created_at");
        // Without either key the name is free for anybody.
        if (hasName && there.UsernameKey is not null && account.UsernameKey is null && account.UsernameTwinKey is null) verdict.Missing.Add("user.username.key");
        if (there.Email == account.Email && there.EmailKey is not null && account.EmailKey is null && !addressIsHeld) verdict.Missing.Add("user.email.key");
        // Everything that does not fit must be kept.
        var kept = remarks.ToLookup(r => r.Field, StringComparer.Ordinal);
        verdict.Missing.AddRange(user.Remarks.Where(r => !kept[r.Field].Any() && !IsRejected(r.Field)).Select(r => r.Field));
    }

    // A part that was rejected takes its fields along: "profile" stands for "profile.bio". One of several tokens does not.
    private bool IsRejected(string name) => name == "token"
        ? remarks.Count(r => r is { Kind: Remark.Rejected, Field: "token" }) is > 0 and var count && count >= user.Old.Tokens.Count
        : remarks.Any(r => r.Kind == Remark.Rejected && (r.Field == name || (name.StartsWith(r.Field, StringComparison.Ordinal) && name[r.Field.Length] == '.')));

    // Written otherwise than the old row says, by the rules of a later run (Merge): no inactive account becomes a livelier
    // one, and tokens are dated by a row that may be written again with the same tokens.
    private bool IsAsGood(ImportField field) => field switch
    {
        ImportField.State => user.Account.State != "active" && here.Account!.State != "active",
        ImportField.SpotifyTokens => user.Account.SpotifyTokens is not null && here.Account!.SpotifyTokens is not null,
        _ => false,
    };

    // A sign-in stores the same password in our format; whether it is the same only the person knows.
    private bool IsRehashed(ImportField field) =>
        field == ImportField.Password && wasUsed && !here.PasswordWasSetHere && here.Account!.PasswordHash is { } hash && IsOurs(hash);

    private static bool IsOurs(string hash) => Base64.IsValid(hash, out var length) && length >= 61 && Convert.FromBase64String(hash)[0] == 1;

    private bool CouldBeMadeHere(ImportField field) => field switch
    {
        // Nothing here ever writes these.
        ImportField.CreatedAt or ImportField.Clout => false,
        // An operator's to change.
        ImportField.State => true,
        // An unverified registration gives its name up after a while, and its address to whoever proves it.
        ImportField.Username => here.Account!.Username is null ? here.Account.State == "pending" || nameIsHeld : wasUsed,
        ImportField.Email => here.Account!.Email is null || wasUsed,
        ImportField.Password => here.PasswordWasSetHere || (here.Account!.PasswordHash is null && wasUsed),
        // Sessions end, their rows stay.
        ImportField.Token => here.HasTokenRow,
        // An account without a name and any other way in gives its link to whoever signs in with it.
        ImportField.Spotify or ImportField.SpotifyTokens => wasUsed || here.Account is { PasswordHash: null, Email: null, OnboardedAt: null },
        ImportField.Name => wasUsed,
        _ => wasUsed && here.Revision > 1,
    };

    private bool HasTheTokens(Func<string, string> open)
    {
        if (user.Account.SpotifyTokens is not { } tokens) return true;
        try
        {
            return tokens.Access == (here.SealedAccess is { } access ? open(access) : null) && tokens.Refresh == (here.SealedRefresh is { } refresh ? open(refresh) : null);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
