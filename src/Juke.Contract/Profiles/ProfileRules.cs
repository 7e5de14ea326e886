using System.Text.Json;

namespace Juke.Contract.Profiles;

/// <summary>What a save does with keys that are no field of the profile, and with those that only the server writes.</summary>
public enum OtherKeys
{
    /// <summary>Nothing, silently: the Juke dialect, since shipped apps send back what they got.</summary>
    Ignored,

    /// <summary>They are refused by name: the core dialect.</summary>
    Refused,
}

/// <summary>
/// The one normalisation of the music profile: a payload becomes a change to canonical values, or field errors. Pure; the
/// same for POST, PUT and PATCH, for completion and for the import (contract §6, §7).
/// </summary>
public static class ProfileRules
{
    /// <summary>Judges the body of a request.</summary>
    /// <param name="utf8Json">The body, UTF-8.</param>
    /// <param name="stored">The profile before; needed for what may stay though it would be refused today.</param>
    /// <param name="alreadyOnboarded">Whether onboarding is done: then a completion marker means a replayed wizard.</param>
    /// <param name="otherKeys">What becomes of keys that cannot be written.</param>
    public static ProfileOutcome Judge(
        ReadOnlySpan<byte> utf8Json, CanonicalProfile stored, bool alreadyOnboarded, OtherKeys otherKeys = OtherKeys.Ignored) =>
        ProfilePayload.Parse(utf8Json, out var refusal) is { } payload ? Judge(payload, stored, alreadyOnboarded, otherKeys) : refusal!;

    /// <summary>Judges a payload that is JSON already. Members that are there twice must still be in it.</summary>
    /// <inheritdoc cref="Judge(ReadOnlySpan{byte}, CanonicalProfile, bool, OtherKeys)"/>
    /// <param name="payload">The body, or <c>profile</c> inside a completion.</param>
    /// <param name="stored">The profile before.</param>
    /// <param name="alreadyOnboarded">Whether onboarding is done.</param>
    /// <param name="otherKeys">What becomes of keys that cannot be written.</param>
    public static ProfileOutcome Judge(JsonElement payload, CanonicalProfile stored, bool alreadyOnboarded, OtherKeys otherKeys = OtherKeys.Ignored)
    {
        var errors = new List<FieldError>();
        var members = ProfilePayload.Members(payload, errors);
        var asks = HasMarker(members);
        var fields = new PayloadReader(members, errors, IsReplay: asks && alreadyOnboarded);
        var change = new ProfileChange
        {
            Name = fields.NullableText("name", ProfileFields.NameMaxLength),
            DisplayName = fields.Text("display_name", ProfileFields.NameMaxLength),
            Tagline = fields.Text("tagline", ProfileFields.TaglineMaxLength),
            Bio = fields.Text("bio", max: null),
            Location = fields.Text("location", ProfileFields.LocationMaxLength),
            AvatarUrl = fields.Url("avatar_url", stored.AvatarUrl),
            FavoriteGenres = fields.List("favorite_genres", Genres.Canonical, stored.FavoriteGenres),
            FavoriteArtists = fields.List("favorite_artists", static t => SpotifyReference.Canonical("artist", t), stored.FavoriteArtists),
            FavoriteAlbums = fields.List("favorite_albums", static t => SpotifyReference.Canonical("album", t), stored.FavoriteAlbums),
            FavoriteTracks = fields.List("favorite_tracks", static t => SpotifyReference.Canonical("track", t), stored.FavoriteTracks),
            City = fields.City(),
            CustomData = members.TryGetValue("custom_data", out var customData)
                ? CustomDataRule.Read(customData, stored.CustomData, fields.IsReplay, errors)
                : CustomDataChange.None,
            AsksToComplete = asks,
        };
        if (otherKeys == OtherKeys.Refused)
            foreach (var name in members.Keys)
                if (name != ProfileFields.CompletionMarker && !ProfileFields.Writable.Contains(name, StringComparer.Ordinal))
                    errors.Add(new(ProfilePayload.Nameable(name), Messages.Unknown));
        return errors.Count == 0 ? ProfileOutcome.Of(change) : ProfileOutcome.Refused(errors);
    }

    // Phones send it at the top level, web inside custom_data (legacy-drift.md §1).
    private static bool HasMarker(Dictionary<string, JsonElement> members)
    {
        if (members.TryGetValue(ProfileFields.CompletionMarker, out var marker) && CompletionMarker.Read(marker) is not null) return true;
        if (!members.TryGetValue("custom_data", out var customData) || customData.ValueKind != JsonValueKind.Object) return false;
        foreach (var member in customData.EnumerateObject())
            if (JsonText.TryName(member, out var name) && name == ProfileFields.CompletionMarker && CompletionMarker.Read(member.Value) is not null) return true;
        return false;
    }
}
