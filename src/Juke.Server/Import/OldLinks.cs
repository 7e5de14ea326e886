using System.Text.Json;
using Juke.Contract.Profiles;

namespace Juke.Server.Import;

/// <summary>
/// The provider links of an old user. The newest Spotify row is the link; what its <c>extra_data</c> holds has many shapes
/// (legacy-drift.md §10), and none of them is needed to sign in.
/// </summary>
/// <param name="SpotifyId">Id of the Spotify account, or null.</param>
/// <param name="LinkedAt">When the row was made.</param>
/// <param name="Tokens">What the old server could do there, or null.</param>
internal sealed record OldLinks(string? SpotifyId, DateTimeOffset? LinkedAt, LinkTokens? Tokens)
{
    /// <summary>Spotify's access tokens live for an hour; the old server seldom wrote that down.</summary>
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private static readonly string[] Understood = ["auth_time", "access_token", "refresh_token", "token_type", "expires", "expires_at", "expires_in", "scope", "scopes", "id"];

    /// <summary>Reads the rows, newest first; what is not the link goes to <paramref name="remarks"/>.</summary>
    public static OldLinks Read(IReadOnlyList<string> rows, List<Remark> remarks)
    {
        OldLinks? link = null;
        foreach (var text in rows)
        {
            if (OldRow.Parse(text) is not { } row) remarks.Add(new(Remark.Aside, "spotify", text, "The row is no JSON."));
            else if (row.Text("provider") is not "spotify") remarks.Add(new(Remark.Aside, "spotify", text, "Only links to Spotify are brought over."));
            else if (row.Text("uid") is not { Length: > 0 } uid) remarks.Add(new(Remark.Aside, "spotify", text, "The link names no account."));
            else if (link is not null) remarks.Add(new(Remark.Aside, "spotify", text, "A newer link of the same user counts."));
            else link = new(uid, row.Instant("created"), ReadTokens(row, remarks));
        }
        return link ?? new(null, null, null);
    }

    private static LinkTokens? ReadTokens(OldRow row, List<Remark> remarks)
    {
        var data = row["extra_data"];
        // From the time when the column was a text: JSON inside a string.
        if (OldRow.Text(data) is { } inner && OldRow.Parse(inner) is { } parsed) data = parsed.Json;
        if (data.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (data.ValueKind != JsonValueKind.Object)
        {
            remarks.Add(new(Remark.Aside, "spotify.extra_data", row.Raw("extra_data"), "Not an object."));
            return null;
        }
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var isOdd = false;
        foreach (var member in data.EnumerateObject())
        {
            if (OldRow.Name(member) is { } name && Understood.Contains(name, StringComparer.Ordinal)) members[name] = member.Value;
            else isOdd = true;
        }
        if (isOdd) remarks.Add(new(Remark.Aside, "spotify.extra_data", row.Raw("extra_data"), "It holds keys that mean nothing here."));

        var access = Find(members, "access_token");
        var refresh = Find(members, "refresh_token");
        if (access is null && refresh is null) return null;
        var obtained = Seconds(members, "auth_time") is { } at ? Instant(at) : row.Instant("modified") ?? row.Instant("created");
        return new(access, refresh, ExpiresAt(members, obtained), Scopes(members), row.Instant("modified") ?? obtained ?? DateTimeOffset.UnixEpoch);
    }

    private static DateTimeOffset? ExpiresAt(Dictionary<string, JsonElement> data, DateTimeOffset? obtained)
    {
        foreach (var key in (string[])["expires_at", "expires", "expires_in"])
        {
            if (Seconds(data, key) is not { } seconds) continue;
            // A small number is a length, whatever its key: as an instant it would lie in the year 1970.
            if (seconds >= 1_000_000_000) return Instant(seconds);
            if (seconds > 0 && obtained is not null) return Instant((obtained.Value.ToUnixTimeMilliseconds() / 1000.0) + seconds);
        }
        // The last hour of the calendar has no hour after it.
        return obtained > DateTimeOffset.MaxValue - TokenLifetime ? obtained : obtained + TokenLifetime;
    }

    private static string[] Scopes(Dictionary<string, JsonElement> data)
    {
        if (data.TryGetValue("scopes", out var list) && list.ValueKind == JsonValueKind.Array)
            return [.. list.EnumerateArray().Select(OldRow.Text).OfType<string>().Where(s => s.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return Find(data, "scope") is { } text
            ? [.. text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : [];
    }

    private static string? Find(Dictionary<string, JsonElement> data, string key) =>
        data.TryGetValue(key, out var value) && OldRow.Text(value) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    // Numbers and the digits of numbers; NaN, infinities and what no calendar holds are no time.
    private static double? Seconds(Dictionary<string, JsonElement> data, string key)
    {
        if (!data.TryGetValue(key, out var value)) return null;
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : OldRow.Text(value);
        return double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < 253_000_000_000 ? seconds : null;
    }

    private static DateTimeOffset? Instant(double seconds) => seconds < 253_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;
}
