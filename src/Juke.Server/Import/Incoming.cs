using System.Text.Json;
using Juke.Contract.Profiles;
using Juke.Server.Passwords;
using Juke.Server.Sessions;

namespace Juke.Server.Import;

/// <summary>
/// What becomes of an old user here: pure, and the same in the import, its dry run and the certificate. It holds the keys of
/// its name and address; <see cref="Neighbours"/> takes them away where another account has them.
/// </summary>
/// <param name="Old">The rows.</param>
/// <param name="SourceHash">See <see cref="OldUser.Hash"/>.</param>
/// <param name="Account">The account to be.</param>
/// <param name="Taken">The old values, field by field.</param>
/// <param name="Remarks">What does not fit.</param>
/// <param name="WasActive">The old flag.</param>
internal sealed record Incoming(OldUser Old, byte[] SourceHash, StoredAccount Account, Fingerprint Taken, IReadOnlyList<Remark> Remarks, bool WasActive)
{
    public long Id => Old.Id;

    private static readonly HashSet<string> UserColumns = new(StringComparer.Ordinal)
    {
        "id", "password", "last_login", "is_superuser", "username", "first_name", "last_name", "email", "is_staff", "is_active", "date_joined",
    };

    private static readonly HashSet<string> ProfileColumns = new(ProfileFields.Writable, StringComparer.Ordinal)
    {
        "id", "user_id", "clout", "created_at", "modified_at", ProfileFields.CompletionMarker,
    };

    /// <summary>What is not brought over, so that the rest can be.</summary>
    public LeftOut Without { get; private init; }

    /// <summary>The same user with less, to be tried because the database refused this; null when there is no less.</summary>
    public Incoming? Retreat() => LeavingOut.After(Without, Old) is { } less ? ReadFrom(Old, less, "The database refuses it.") : null;

    /// <summary>Reads the old rows, and of rows that nothing can be made of their bare id: one row never stops an import.</summary>
    public static Incoming ReadAnyhow(OldUser old) => ReadFrom(old, LeftOut.Nothing, "");

    private static Incoming ReadFrom(OldUser old, LeftOut without, string reason)
    {
        while (!without.HasFlag(LeftOut.Everything))
        {
            try
            {
                return Read(old, without, reason);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                (without, reason) = (LeavingOut.After(without, old)!.Value, $"It cannot be read ({e.GetType().Name}).");
            }
        }
        return Read(new OldUser(old.Id, "{}", [], [], [])) with
        {
            Old = old,
            SourceHash = old.Hash(),
            Taken = Fingerprint.Of(_ => null),
            Remarks = [new(Remark.Rejected, "user", old.Row, reason), .. Refused(old, LeftOut.Links | LeftOut.Tokens | LeftOut.Profile, reason)],
            Without = without,
        };
    }

    // Rejected, and kept all the same: whole rows, sealed where they could open something.
    private static IEnumerable<Remark> Refused(OldUser old, LeftOut without, string reason) =>
    [
        .. old.Profiles.Where(_ => without.HasFlag(LeftOut.Profile)).Select(row => new Remark(Remark.Rejected, "profile", row, reason)),
        .. old.Tokens.Where(_ => without.HasFlag(LeftOut.Tokens)).Select(row => new Remark(Remark.Rejected, "token", row, reason)),
        .. old.Links.Where(_ => without.HasFlag(LeftOut.Links)).Select(row => new Remark(Remark.Rejected, "spotify", row, reason)),
    ];

    /// <summary>Reads the old rows; never throws at their values.</summary>
    /// <param name="old">The rows.</param>
    /// <param name="without">What is kept aside instead of being brought over.</param>
    /// <param name="reason">Why, a sentence.</param>
    public static Incoming Read(OldUser old, LeftOut without = LeftOut.Nothing, string reason = "")
    {
        List<Remark> remarks = [.. Refused(old, without, reason)];
        var user = OldRow.Parse(old.Row) ?? OldRow.Parse("{}")!.Value;
        if (!user.Json.EnumerateObject().Any()) remarks.Add(new(Remark.Aside, "user", old.Row, "The row is no JSON."));
        Spare(user, UserColumns, "user.", remarks);

        var profileText = old.Profiles.Count > 0 ? old.Profiles[0] : null;
        var profileRow = profileText is null ? null : OldRow.Parse(profileText);
        var profile = LegacyProfile.Read(profileRow?.Json ?? default);
        if (without.HasFlag(LeftOut.Profile)) profile = profile with { Profile = CanonicalProfile.Empty };
        else
        {
            foreach (var more in old.Profiles.Skip(1)) remarks.Add(new(Remark.Aside, "profile", more, "A newer profile of the same user counts."));
            if (profileText is not null && profileRow is null) remarks.Add(new(Remark.Aside, "profile", profileText, "The row is no JSON."));
            remarks.AddRange(profile.KeptAside.Select(k => new Remark(Remark.Aside, k.Field.Length == 0 ? "profile" : "profile." + k.Field, k.Raw, k.Reason)));
        }
        if (profileRow is { } row) Spare(row, ProfileColumns, "profile.", remarks);
        var clout = profileRow?.Number("clout");
        if (clout is null && profileRow?.Has("clout") == true) remarks.Add(new(Remark.Aside, "profile.clout", profileRow.Value.Raw("clout"), "Not a finite number."));

        var links = OldLinks.Read(without.HasFlag(LeftOut.Links) ? [] : old.Links, remarks);
        var password = Password(user, remarks);
        var isActive = user.IsTrue("is_active");
        var state = isActive ? "active" : password is not null && !user.Has("last_login") && old.Links.Count == 0 ? "pending" : "disabled";
        var joined = Date(user, "date_joined", remarks) ?? profileRow?.Instant("created_at") ?? DateTimeOffset.UnixEpoch;

        var username = without.HasFlag(LeftOut.Username) ? null : Text(user, "username", remarks);
        if (without.HasFlag(LeftOut.Username)) remarks.Add(new(Remark.Rejected, "user.username", user.Raw("username"), reason));
        var usernameKey = KeyClaim.UsernameKey(username);
        var email = Text(user, "email", remarks) is { } address && !string.IsNullOrWhiteSpace(address) ? address : null;
        var emailKey = KeyClaim.EmailKey(email);
        if (email is not null && emailKey is null)
            remarks.Add(new(Remark.Aside, "user.email", null, "Not an address: it is shown, and nothing is ever mailed to it."));

        var doneAt = profile.CompletedAt ?? profileRow?.Instant("modified_at") ?? profileRow?.Instant("created_at") ?? joined;
        if (usernameKey is null && profile.CountsAsOnboarded)
            remarks.Add(new(Remark.Aside, "profile." + ProfileFields.CompletionMarker, JsonSerializer.Serialize(doneAt), "The username is blank, so onboarding is asked for."));

        var account = new StoredAccount
        {
            Id = old.Id,
            State = state,
            Email = email,
            EmailKey = emailKey,
            EmailProvedAt = isActive && password is not null && emailKey is not null ? joined : null,
            Username = username,
            UsernameKey = usernameKey,
            Name = Name(user, remarks),
            PasswordHash = password,
            CreatedAt = joined,
            LastSignInAt = Date(user, "last_login", remarks),
            OnboardedAt = usernameKey is not null && profile.CountsAsOnboarded ? doneAt : null,
            Profile = profile.Profile,
            Clout = clout ?? 0,
            ProfileCreatedAt = profileRow?.Instant("created_at"),
            ProfileModifiedAt = profileRow?.Instant("modified_at"),
            TokenHash = Token(without.HasFlag(LeftOut.Tokens) ? [] : old.Tokens, isActive, remarks),
            SpotifyId = links.SpotifyId,
            SpotifyLinkedAt = links.LinkedAt,
            SpotifyTokens = links.Tokens,
        };
        var taken = Fingerprint.Of(field => without.Holds(field) ? null : field == ImportField.State ? state : RawOf(old, user, profileRow, field));
        return new(old, old.Hash(), account, taken, remarks, isActive) { Without = without };
    }

    /// <summary>The old value of a field, as JSON text.</summary>
    public string? RawOf(ImportField field) =>
        RawOf(Old, OldRow.Parse(Old.Row) ?? default, Old.Profiles.Count > 0 ? OldRow.Parse(Old.Profiles[0]) : null, field);

    private static string? RawOf(OldUser old, OldRow user, OldRow? profile, ImportField field) => field switch
    {
        ImportField.Username => user.Raw("username"),
        ImportField.Email => user.Raw("email"),
        ImportField.Name => $"[{user.Raw("first_name")},{user.Raw("last_name")}]",
        ImportField.Password => user.Raw("password"),
        ImportField.State => user.Raw("is_active"),
        ImportField.CreatedAt => user.Raw("date_joined"),
        ImportField.ProfileName => profile?.Raw("name"),
        ImportField.DisplayName => profile?.Raw("display_name"),
        ImportField.Tagline => profile?.Raw("tagline"),
        ImportField.Bio => profile?.Raw("bio"),
        ImportField.Place => profile is null ? null : $"[{profile?.Raw("location")},{profile?.Raw("city_lat")},{profile?.Raw("city_lng")}]",
        ImportField.AvatarUrl => profile?.Raw("avatar_url"),
        ImportField.Genres => profile?.Raw("favorite_genres"),
        ImportField.Artists => profile?.Raw("favorite_artists"),
        ImportField.Albums => profile?.Raw("favorite_albums"),
        ImportField.Tracks => profile?.Raw("favorite_tracks"),
        ImportField.CustomData => profile?.Raw("custom_data"),
        ImportField.Clout => profile?.Raw("clout"),
        // An inactive account's token is not taken, so that it counts as new once the account is active.
        ImportField.Token => user.IsTrue("is_active") ? string.Concat(old.Tokens) : null,
        ImportField.Spotify => string.Concat(old.Links.Select(l => OldRow.Parse(l)?.Raw("uid"))),
        _ => string.Concat(old.Links.Select(l => OldRow.Parse(l)?.Raw("extra_data"))),
    };

    private static string? Password(OldRow user, List<Remark> remarks)
    {
        var password = user.Text("password");
        if (DjangoPassword.IsUsable(password)) return password;
        // "!" and what follows is how the old system says that there is none.
        if (user.Has("password") && (password is null || (password.Length > 0 && password[0] != '!')))
            remarks.Add(new(Remark.Aside, "user.password", user.Raw("password"), "No format that can be verified: the person sets a new one by mail."));
        return null;
    }

    private static byte[]? Token(IReadOnlyList<string> rows, bool isActive, List<Remark> remarks)
    {
        byte[]? hash = null;
        foreach (var text in rows)
        {
            var key = OldRow.Parse(text)?.Text("key");
            if (string.IsNullOrEmpty(key)) remarks.Add(new(Remark.Rejected, "token", null, "The token is empty."));
            else if (!isActive) remarks.Add(new(Remark.Rejected, "token", null, "Tokens of accounts that are not active do not sign in."));
            else if (hash is not null) remarks.Add(new(Remark.Rejected, "token", null, "One token an account is brought over."));
            else hash = NewSession.HashSecret(key);
        }
        return hash;
    }

    private static string? Name(OldRow user, List<Remark> remarks)
    {
        var name = $"{Text(user, "first_name", remarks)?.Trim()} {Text(user, "last_name", remarks)?.Trim()}".Trim();
        return name.Length == 0 ? null : name;
    }

    private static string? Text(OldRow row, string column, List<Remark> remarks)
    {
        var text = row.Text(column);
        if (text is null && row.Has(column)) remarks.Add(new(Remark.Aside, "user." + column, row.Raw(column), "Not a text that can be stored."));
        return text;
    }

    private static DateTimeOffset? Date(OldRow row, string column, List<Remark> remarks)
    {
        var date = row.Instant(column);
        if (date is null && row.Has(column)) remarks.Add(new(Remark.Aside, "user." + column, row.Raw(column), "Not a date and time."));
        return date;
    }

    private static void Spare(OldRow row, HashSet<string> known, string prefix, List<Remark> remarks)
    {
        if (row.Json.ValueKind != JsonValueKind.Object) return;
        foreach (var column in row.Json.EnumerateObject())
            if (!known.Contains(column.Name) && column.Value.ValueKind != JsonValueKind.Null)
                remarks.Add(new(Remark.Aside, prefix + column.Name, OldRow.Raw(column.Value), "There is no such field here."));
        if (row.IsTrue("is_superuser") || row.IsTrue("is_staff"))
            remarks.Add(new(Remark.Rejected, "user.is_staff", "true", "Administrators are named here, by juke-server users."));
    }
}
