using Juke.Contract.Profiles;

namespace Juke.Server.Import;

/// <summary>
/// The answer to the question of every later run: which of the old values that changed since the last one are taken. Pure.
/// A field is taken if it changed there and not here; if both changed, here wins and theirs is kept aside as a conflict.
/// Completion, a password set here, disabling, an ended token and a removed link are never undone; deactivation and the end
/// of a token in the old system do carry over.
/// </summary>
/// <param name="Account">The account to be.</param>
/// <param name="Fields">What was taken.</param>
/// <param name="Settled">Fields where both systems say the same now, taken ones included: remembered as taken.</param>
/// <param name="Conflicts">Where here won.</param>
internal sealed record Merge(StoredAccount Account, IReadOnlySet<ImportField> Fields, IReadOnlyList<ImportField> Settled, IReadOnlyList<Remark> Conflicts)
{
    private static readonly Fingerprint TakenActive = Fingerprint.Of(_ => "active");

    /// <summary>Decides.</summary>
    /// <param name="incoming">The old user now.</param>
    /// <param name="here">The account here now, and what was taken before.</param>
    public static Merge Of(Incoming incoming, HereRow here)
    {
        var account = here.Account!;
        var wanted = incoming.Account with { State = StateOf(incoming, here) };
        var (now, wants) = (Fingerprint.Of(account), Fingerprint.Of(wanted));
        var taken = new HashSet<ImportField>();
        var settled = new List<ImportField>();
        var conflicts = new List<Remark>();
        foreach (var field in Fingerprint.Fields)
        {
            // What the database refuses changes nothing here.
            if (incoming.Without.Holds(field)) continue;
            var changedThere = !incoming.Taken.Same(here.Taken, field)
                // A link that was refused, because somebody else here has its Spotify account: asked again.
                || (field == ImportField.Spotify && account.SpotifyId is null && wanted.SpotifyId is not null && !here.Changed(field, now));
            // Another Spotify account brings its own tokens.
            if (!changedThere && !(field == ImportField.SpotifyTokens && taken.Contains(ImportField.Spotify))) continue;
            // Setting a password here, or losing it to who proved the address, ended every token; the old password goes on
            // giving new ones there.
            if (field == ImportField.Token && wanted.TokenHash is { } token && !token.AsSpan().SequenceEqual(here.TokenHash) && here.Changed(ImportField.Password, now))
            {
                conflicts.Add(Conflict(incoming, field, "The password was changed here: a token that was given there since opens nothing."));
                continue;
            }
            // Deactivation acts whatever happened here; a token has its own life, whichever session it made here.
            var always = field == ImportField.Token || (field == ImportField.State && !incoming.WasActive);
            if (field == ImportField.Spotify && wanted.SpotifyId is null && account.SpotifyId is not null && account.PasswordHash is null)
                conflicts.Add(Conflict(incoming, field, "The link was removed there; here it is the only way to sign in, and stays."));
            else if (field == ImportField.SpotifyTokens && taken.Contains(ImportField.Spotify)) taken.Add(field);
            else if (field == ImportField.SpotifyTokens && wanted.SpotifyId != account.SpotifyId) settled.Add(field); // Tokens of a link that is not here.
            else if (wants.Same(now, field)) settled.Add(field);
            else if (!always && here.Changed(field, now)) conflicts.Add(Conflict(incoming, field, "Changed there and here; here wins."));
            else taken.Add(field);
        }
        settled.AddRange(taken);
        return new(Apply(account, wanted, taken), taken, settled, conflicts);
    }

    /// <summary>
    /// The state that the old system asks for. Pending is a state of those who never came in: who was active there before is
    /// disabled, and whose row only looks pending now stays as it is here.
    /// </summary>
    private static string StateOf(Incoming incoming, HereRow here) =>
        incoming.Account.State == "pending" && !here.Taken.Same(TakenActive, ImportField.State) ? here.Account!.State
        : incoming.WasActive ? "active" : "disabled";

    /// <summary>Follows the old values into the account; the keys in it are claims, which <see cref="Neighbours"/> judges anew.</summary>
    private static StoredAccount Apply(StoredAccount here, StoredAccount there, HashSet<ImportField> taken)
    {
        var profile = here.Profile;
        if (taken.Contains(ImportField.ProfileName)) profile = profile with { Name = there.Profile.Name };
        if (taken.Contains(ImportField.DisplayName)) profile = profile with { DisplayName = there.Profile.DisplayName };
        if (taken.Contains(ImportField.Tagline)) profile = profile with { Tagline = there.Profile.Tagline };
        if (taken.Contains(ImportField.Bio)) profile = profile with { Bio = there.Profile.Bio };
        if (taken.Contains(ImportField.Place)) profile = profile with { Location = there.Profile.Location, City = there.Profile.City };
        if (taken.Contains(ImportField.AvatarUrl)) profile = profile with { AvatarUrl = there.Profile.AvatarUrl };
        if (taken.Contains(ImportField.Genres)) profile = profile with { FavoriteGenres = there.Profile.FavoriteGenres };
        if (taken.Contains(ImportField.Artists)) profile = profile with { FavoriteArtists = there.Profile.FavoriteArtists };
        if (taken.Contains(ImportField.Albums)) profile = profile with { FavoriteAlbums = there.Profile.FavoriteAlbums };
        if (taken.Contains(ImportField.Tracks)) profile = profile with { FavoriteTracks = there.Profile.FavoriteTracks };
        if (taken.Contains(ImportField.CustomData)) profile = profile with { CustomData = there.Profile.CustomData };

        var account = here with { Profile = profile };
        if (taken.Contains(ImportField.Username)) account = account with { Username = there.Username, UsernameKey = there.UsernameKey, UsernameTwinKey = null };
        if (taken.Contains(ImportField.Email)) account = account with { Email = there.Email, EmailKey = there.EmailKey, EmailProvedAt = there.EmailProvedAt };
        if (taken.Contains(ImportField.Name)) account = account with { Name = there.Name };
        if (taken.Contains(ImportField.Password)) account = account with { PasswordHash = there.PasswordHash };
        if (taken.Contains(ImportField.CreatedAt)) account = account with { CreatedAt = there.CreatedAt };
        if (taken.Contains(ImportField.Clout)) account = account with { Clout = there.Clout };
        if (taken.Contains(ImportField.State)) account = account with { State = there.State };
        if (taken.Contains(ImportField.Token)) account = account with { TokenHash = there.TokenHash };
        if (taken.Contains(ImportField.Spotify)) account = account with { SpotifyId = there.SpotifyId, SpotifyLinkedAt = there.SpotifyLinkedAt };
        if (taken.Contains(ImportField.SpotifyTokens)) account = account with { SpotifyTokens = there.SpotifyTokens };
        var emailKey = account.EmailKey ?? KeyClaim.EmailKey(account.Email);
        return account with
        {
            UsernameKey = account.UsernameKey ?? KeyClaim.UsernameKey(account.Username),
            UsernameTwinKey = null,
            EmailKey = emailKey,
            // Proved there, if it is still the one.
            EmailProvedAt = account.EmailProvedAt ?? (emailKey == there.EmailKey ? there.EmailProvedAt : null),
            LastSignInAt = Later(here.LastSignInAt, there.LastSignInAt),
            OnboardedAt = here.OnboardedAt ?? (KeyClaim.UsernameKey(account.Username) is null ? null : there.OnboardedAt),
            ProfileCreatedAt = here.ProfileCreatedAt ?? there.ProfileCreatedAt,
        };
    }

    private static Remark Conflict(Incoming incoming, ImportField field, string reason) =>
        new(Remark.Conflict, Fingerprint.NameOf(field), incoming.RawOf(field), reason);

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a > b ? a : b;
}
