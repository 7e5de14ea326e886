using FsCheck;
using FsCheck.Fluent;

namespace Juke.Contract.Tests;

/// <summary>JSON texts as a stranger might send them: near the fields' shapes, and far from any.</summary>
public static class HostileJson
{
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0", "-0.0", "1", "-1", "12", "90", "-90", "90.01", "180", "181", "2.675", "1.115", "0.125", "1e1", "1e308", "1e309", "-1e999", "1E-400",
        "1e70000", "1e-20000", "1e99999999999999999999", "123456789012345678901234567890", "0.1000000000000000055511151231257827", "1.50", "0.000",
    ];

    // As JSON string literals, so that escapes that stand for no character can be among them.
    private static readonly string[] Texts =
    [
        "\"\"", "\" \"", "\"\\t\\n\"", "\"pop\"", "\"Hip-Hop\"", "\"R&B\"", "\"r-n-b\"", "\"mellow\"", "\"edm\"", "\"90s\"", "\"album\"", "\"55+\"", "\"polka\"",
        "\"4Z8W4fKeB5YxbusRsdQVPb\"", "\"spotify:artist:4Z8W4fKeB5YxbusRsdQVPb\"", "\"https://open.spotify.com/intl-de/track/4Z8W4fKeB5YxbusRsdQVPb?si=1\"",
        "\"https://open.spotify.com/artist/short\"", "\"https://example.com/a.png\"", "\"http://[::1]/\"", "\"http://\"", "\"javascript:alert(1)\"", "\"London\"", "\"S\\u00e3o Paulo\"",
        "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\ude00\\ud83d\"", "\"a\\u0000b\"", "\"\\u2028\"", "\"\\ufeff\"", "\"\\uffff\"", "\"\\u202e\"", "\"İıſK\"", "\"e\\u0301\"",
        "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1e999\"", "\" 51.5 \"", "\"1,5\"", "\"∞\"", "\"١٢\"", "\"2026-02-01T10:00:00Z\"", "\"2026-02-30\"", "\"9999-12-31T23:59:59-23:59\"",
        "\"0001-01-01T00:00:00+23:59\"", "\"2026-02-01 10:00\"", "\"" + new string('x', 121) + "\"", "\"" + new string('ü', 201) + "\"", "\"" + new string('z', 300) + "\"",
    ];

    private static readonly string[] Known = [.. ProfileFields.All, "hated_genres", .. AnswerChoices.ByKey.Keys];

    private static readonly Gen<string> Scalar = Gen.Frequency(
        (3, Gen.Elements(Scalars)),
        (5, Gen.Elements(Texts)),
        (1, from n in Gen.Choose(-200_000, 200_000) select (n / 1000.0).ToString("R", System.Globalization.CultureInfo.InvariantCulture)),
        (2, from s in ArbMap.Default.GeneratorFor<string>() select System.Text.Json.JsonSerializer.Serialize(s ?? "")));

    private static readonly Gen<string> Name = Gen.Frequency(
        (6, from n in Gen.Elements(Known) select $"\"{n}\""),
        (2, from n in Gen.Choose(1, 6) select $"\"k{n}\""),
        (1, Gen.Elements(Texts)));

    /// <summary>Any JSON value.</summary>
    public static Gen<string> Value(int depth = 3) => depth == 0
        ? Scalar
        : Gen.Frequency(
            (5, Scalar),
            (2, from items in Value(depth - 1).ListOf(4) select $"[{string.Join(',', items)}]"),
            (2, Members(Value(depth - 1))));

    /// <summary>An object with known and unknown names, now and then the same twice.</summary>
    public static Gen<string> Members(Gen<string> value) =>
        from size in Gen.Choose(0, 6)
        from members in Gen.Zip(Name, value).ArrayOf(size)
        select $"{{{string.Join(',', members.Select(m => $"{m.Item1}:{m.Item2}"))}}}";

    /// <summary>A payload: each field with a value that may well fit, or with anything.</summary>
    public static Gen<string> Payload { get; } = Gen.Frequency(
        (8, from fields in Gen.Elements(ProfileFields.All.ToArray()).ListOf()
            from members in Gen.CollectToList(fields.Distinct().Take(8), Field)
            select $"{{{string.Join(',', members)}}}"),
        (2, Members(Value())),
        (1, Value()));

    private static Gen<string> Field(string name)
    {
        var list = from items in Gen.Elements(Texts).ListOf() select $"[{string.Join(',', items.Take(12))}]";
        var fitting = name switch
        {
            "favorite_genres" or "favorite_artists" or "favorite_albums" or "favorite_tracks" => list,
            "city_lat" or "city_lng" => from n in Gen.Choose(-90_000, 90_000) select (n / 1000.0).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            "custom_data" => Members(Value(2)),
            _ => Gen.Elements(Texts),
        };
        return from value in Gen.Frequency((6, fitting), (1, Value(2)))
               from pair in Gen.Elements(true, true, false)
               select name == "city_lat" && pair ? $"\"city_lat\":{value},\"city_lng\":{value}" : $"\"{name}\":{value}";
    }
}
