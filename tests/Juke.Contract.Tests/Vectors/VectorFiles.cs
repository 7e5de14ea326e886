using System.Text.Json;

namespace Juke.Contract.Tests.Vectors;

/// <summary>The golden vectors as they lie in contract/vectors.</summary>
public static class VectorFiles
{
    // routes.json and session.json are about clients, and played by theirs.
    private static readonly Dictionary<string, JsonElement> Files = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "vectors"), "*.json")
        .Where(f => Path.GetFileName(f) is not ("routes.json" or "session.json"))
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => JsonElement.Parse(File.ReadAllBytes(f)), StringComparer.Ordinal);

    public static IEnumerable<(string File, JsonElement Case)> Cases(Func<string, bool> isWanted) =>
        from file in Files
        where isWanted(file.Key)
        orderby file.Key
        from c in file.Value.GetProperty("cases").EnumerateArray()
        select (file.Key, c);

    public static JsonElement Case(string file, string name) =>
        Files[file].GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);

    public static TheoryData<string, string> Names(Func<string, bool> isWanted)
    {
        var names = new TheoryData<string, string>();
        foreach (var (file, c) in Cases(isWanted)) names.Add(file, c.GetProperty("name").GetString()!);
        return names;
    }

    /// <summary>A canonical profile written as a vector writes it: absent keys are empty, the rest is taken at its word.</summary>
    public static CanonicalProfile Profile(JsonElement keys)
    {
        var profile = CanonicalProfile.Empty;
        foreach (var key in keys.EnumerateObject())
            profile = key.Name switch
            {
                "name" => profile with { Name = key.Value.GetString() },
                "display_name" => profile with { DisplayName = key.Value.GetString()! },
                "tagline" => profile with { Tagline = key.Value.GetString()! },
                "bio" => profile with { Bio = key.Value.GetString()! },
                "location" => profile with { Location = key.Value.GetString()! },
                "avatar_url" => profile with { AvatarUrl = key.Value.GetString()! },
                "favorite_genres" => profile with { FavoriteGenres = List(key.Value) },
                "favorite_artists" => profile with { FavoriteArtists = List(key.Value) },
                "favorite_albums" => profile with { FavoriteAlbums = List(key.Value) },
                "favorite_tracks" => profile with { FavoriteTracks = List(key.Value) },
                "city_lat" => profile with { City = key.Value.ValueKind == JsonValueKind.Null ? null : new(key.Value.GetDouble(), keys.GetProperty("city_lng").GetDouble()) },
                "city_lng" => profile,
                "custom_data" => profile with { CustomData = key.Value.GetRawText() },
                _ => throw new InvalidDataException($"{key.Name} is no writable key."),
            };
        return profile;
    }

    /// <summary>The stored keys with the ones of <c>after</c> in their place, as text.</summary>
    public static string Expected(JsonElement stored, JsonElement after)
    {
        var keys = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var source in new[] { stored, after })
            foreach (var key in source.EnumerateObject()) keys[key.Name] = key.Value;
        return Profile(JsonElement.Parse("{" + string.Join(',', keys.Select(k => $"\"{k.Key}\":{k.Value.GetRawText()}")) + "}")).ToJson();
    }

    private static string[] List(JsonElement value) => [.. value.EnumerateArray().Select(e => e.GetString()!)];
}
