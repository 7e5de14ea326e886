using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Juke.Server.Import;

/// <summary>What is followed one by one while both systems live: each is taken, or kept as it is here, by itself.</summary>
internal enum ImportField
{
    Username,
    Email,
    Name,
    Password,
    State,
    CreatedAt,
    ProfileName,
    DisplayName,
    Tagline,
    Bio,
    Place,
    AvatarUrl,
    Genres,
    Artists,
    Albums,
    Tracks,
    CustomData,
    Clout,
    Token,
    Spotify,
    SpotifyTokens,
}

/// <summary>
/// Eight bytes for each field: enough to see that a value changed. FNV-1a with a last stir; forty of them are made for every
/// user, and nothing secret or hostile hangs on them (<see cref="OldUser.Hash"/> is SHA-256).
/// </summary>
internal sealed class Fingerprint
{
    private const int Size = 8;

    /// <summary>The field's name in certificates and remarks.</summary>
    public static string NameOf(ImportField field) => field switch
    {
        ImportField.ProfileName => "profile.name",
        ImportField.DisplayName => "profile.display_name",
        ImportField.Tagline => "profile.tagline",
        ImportField.Bio => "profile.bio",
        ImportField.Place => "profile.location",
        ImportField.AvatarUrl => "profile.avatar_url",
        ImportField.Genres => "profile.favorite_genres",
        ImportField.Artists => "profile.favorite_artists",
        ImportField.Albums => "profile.favorite_albums",
        ImportField.Tracks => "profile.favorite_tracks",
        ImportField.CustomData => "profile.custom_data",
        ImportField.Clout => "profile.clout",
        ImportField.Username => "user.username",
        ImportField.Email => "user.email",
        ImportField.Name => "user.name",
        ImportField.Password => "user.password",
        ImportField.State => "user.is_active",
        ImportField.CreatedAt => "user.date_joined",
        ImportField.Token => "token",
        ImportField.Spotify => "spotify.uid",
        _ => "spotify.extra_data",
    };

    public static IReadOnlyList<ImportField> Fields { get; } = Enum.GetValues<ImportField>();

    private readonly byte[] bytes;

    private Fingerprint(byte[] bytes) => this.bytes = bytes;

    /// <summary>As it is stored.</summary>
    public byte[] Bytes => bytes;

    /// <summary>One that was stored. Fields that came later count as never taken.</summary>
    public static Fingerprint Stored(byte[] stored)
    {
        var all = new byte[Fields.Count * Size];
        stored.AsSpan(0, Math.Min(stored.Length, all.Length)).CopyTo(all);
        return new(all);
    }

    public static Fingerprint Of(Func<ImportField, string?> value)
    {
        var all = new byte[Fields.Count * Size];
        foreach (var field in Fields)
            BinaryPrimitives.WriteUInt64LittleEndian(all.AsSpan((int)field * Size), value(field) is { } text ? Hash(text) : 1);
        return new(all);
    }

    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        return hash ^ (hash >> 33);
    }

    /// <summary>Of the values of an account.</summary>
    public static Fingerprint Of(StoredAccount account) => Of(field => Value(account, field));

    public bool Same(Fingerprint other, ImportField field) => At(field).SequenceEqual(other.At(field));

    /// <summary>This one, with these fields as in another.</summary>
    public Fingerprint With(Fingerprint other, IEnumerable<ImportField> fields)
    {
        var all = (byte[])bytes.Clone();
        foreach (var field in fields) other.At(field).CopyTo(all.AsSpan((int)field * Size));
        return new(all);
    }

    private ReadOnlySpan<byte> At(ImportField field) => bytes.AsSpan((int)field * Size, Size);

    private static string? Value(StoredAccount a, ImportField field) => field switch
    {
        ImportField.Username => a.Username,
        ImportField.Email => a.Email,
        ImportField.Name => a.Name,
        ImportField.Password => a.PasswordHash,
        ImportField.State => a.State,
        ImportField.CreatedAt => Ticks(a.CreatedAt),
        ImportField.ProfileName => a.Profile.Name,
        ImportField.DisplayName => a.Profile.DisplayName,
        ImportField.Tagline => a.Profile.Tagline,
        ImportField.Bio => a.Profile.Bio,
        ImportField.Place => $"{a.Profile.Location}\0{a.Profile.City?.Latitude.ToString("R", CultureInfo.InvariantCulture)}\0{a.Profile.City?.Longitude.ToString("R", CultureInfo.InvariantCulture)}",
        ImportField.AvatarUrl => a.Profile.AvatarUrl,
        ImportField.Genres => string.Join('\0', a.Profile.FavoriteGenres),
        ImportField.Artists => string.Join('\0', a.Profile.FavoriteArtists),
        ImportField.Albums => string.Join('\0', a.Profile.FavoriteAlbums),
        ImportField.Tracks => string.Join('\0', a.Profile.FavoriteTracks),
        ImportField.CustomData => a.Profile.CustomData == "{}" ? "{}" : SortedJson(a.Profile.CustomData),
        ImportField.Clout => a.Clout.ToString("R", CultureInfo.InvariantCulture),
        ImportField.Token => a.TokenHash is null ? null : Convert.ToHexStringLower(a.TokenHash),
        ImportField.Spotify => a.SpotifyId,
        // With their texts, where there are any: the old row's date may stay when its tokens change.
        _ => a.SpotifyTokens is { } tokens ? $"{Ticks(tokens.ObtainedAt)}\0{tokens.Access}\0{tokens.Refresh}" : null,
    };

    private static string Ticks(DateTimeOffset instant) => instant.UtcTicks.ToString(CultureInfo.InvariantCulture);

    // PostgreSQL sorts the keys of jsonb and writes numbers in another way: the same object must give the same text.
    private static string SortedJson(string json)
    {
        var text = new StringBuilder();
        Write(JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 }));
        return text.ToString();

        void Write(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    text.Append('{');
                    foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                    {
                        text.Append(member.Name.Length).Append(':').Append(member.Name).Append('\0');
                        Write(member.Value);
                    }
                    text.Append('}');
                    break;
                case JsonValueKind.Array:
                    text.Append('[');
                    foreach (var element in value.EnumerateArray()) Write(element);
                    text.Append(']');
                    break;
                case JsonValueKind.Number:
                    text.Append('#').Append(PlainNumber(value.GetRawText())).Append('\0');
                    break;
                case JsonValueKind.String:
                    text.Append('"').Append(value.GetString()).Append('\0');
                    break;
                default:
                    text.Append(value.GetRawText()).Append('\0');
                    break;
            }
        }
    }

    /// <summary>Digits and the power of ten of the last one: 1.50, 15e-1 and 1.5 are one number.</summary>
    private static string PlainNumber(string number)
    {
        var e = number.IndexOfAny(['e', 'E']);
        var exponent = e < 0 ? 0 : int.Parse(number.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? number : number[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0');
        var plain = digits.TrimEnd('0');
        return plain.Length == 0 ? "0" : $"{(number[0] == '-' ? "-" : "")}{plain}e{exponent + digits.Length - plain.Length}";
    }
}
