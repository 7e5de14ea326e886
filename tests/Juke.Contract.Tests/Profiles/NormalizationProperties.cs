using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Juke.Contract.Tests.Profiles;

public sealed class NormalizationProperties
{
    private static readonly int Payloads = Environment.GetEnvironmentVariable("JUKE_SOAK") == "1" ? 100_000 : 10_000;

    // Most profiles are old rows or reached by a save, so that rules about stored values meet stored values.
    private static readonly Gen<CanonicalProfile> Stored = Gen.Frequency(
        (1, Gen.Constant(CanonicalProfile.Empty)),
        (3, from payload in HostileJson.Payload select After(payload, CanonicalProfile.Empty)),
        (3, from row in HostileJson.Payload select LegacyProfile.Read(JsonElement.Parse(row)).Profile));

    [Fact]
    public void Any_payload_gives_a_change_or_named_errors_and_never_an_exception() => Check(HostileJson.Payload, Stored, (payload, stored) =>
    {
        foreach (var onboarded in new[] { false, true })
            foreach (var otherKeys in new[] { OtherKeys.Ignored, OtherKeys.Refused })
            {
                var outcome = Judge(payload, stored, onboarded, otherKeys);
                (outcome.Change is null).ShouldBe(outcome.Errors.Count > 0);
                (outcome.Change is null).ShouldBe(outcome.Code is not null);
                outcome.Errors.All(e => e.Field.Length > 0 && e.Message.Length > 0 && Text.IsWellFormed(e.Field) && Text.IsWellFormed(e.Message)).ShouldBeTrue();
            }
    });

    [Fact]
    public void Normalising_twice_is_normalising_once() => Check(HostileJson.Payload, Stored, (payload, stored) =>
    {
        if (Judge(payload, stored).Change is not { } change) return;
        var once = change.ApplyTo(stored);
        var again = Judge(once.ToJson(), once);
        again.Errors.ShouldBeEmpty();
        SameJson.ShouldBe(again.Change!.ApplyTo(once).ToJson(), once.ToJson(), "the canonical profile asks for itself");
        SameJson.ShouldBe(Judge(payload, once).Change!.ApplyTo(once).ToJson(), once.ToJson(), "the same payload again changes nothing");
    });

    [Fact]
    public void What_was_accepted_reads_back_equal_through_the_wire() => Check(HostileJson.Payload, Stored, (payload, stored) =>
    {
        if (Judge(payload, stored).Change is not { } change) return;
        var profile = change.ApplyTo(stored);
        var wire = profile.ToWire(1, "ada", null, 0, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, isOwner: true);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(wire, JukeJson.Plain.MusicProfile);
        var read = Judge(Encoding.UTF8.GetString(bytes), profile);
        read.Errors.ShouldBeEmpty();
        SameJson.ShouldBe(read.Change!.ApplyTo(profile).ToJson(), profile.ToJson(), "the wire carries everything");
        JsonSerializer.Deserialize(bytes, JukeJson.Plain.MusicProfile).ShouldNotBeNull().FavoriteArtists.ShouldBe(profile.FavoriteArtists);
    });

    [Fact]
    public void Merging_never_removes_a_key_that_it_was_not_told_to() => Check(HostileJson.Payload, Stored, (payload, stored) =>
    {
        if (Judge(payload, stored).Change is not { } change) return;
        var after = Keys(change.CustomData.ApplyTo(stored.CustomData));
        var told = Keys(change.CustomData.Set).Keys.Concat(change.CustomData.Remove).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in Keys(stored.CustomData))
            if (!told.Contains(key)) after.ShouldContainKeyAndValue(key, value);
        change.CustomData.Remove.Any(after.ContainsKey).ShouldBeFalse();
        Keys(change.CustomData.Set).Keys.Intersect(change.CustomData.Remove, StringComparer.Ordinal).ShouldBeEmpty();
    });

    [Fact]
    public void A_replayed_wizard_never_empties_a_field() => Check(HostileJson.Payload, Stored, (payload, stored) =>
    {
        var outcome = Judge(payload, stored, onboarded: true);
        if (outcome.Change is not { AsksToComplete: true } change) return;
        var after = change.ApplyTo(stored);
        (after.FavoriteGenres.Count == 0).ShouldBe(stored.FavoriteGenres.Count == 0 && !change.FavoriteGenres.IsPresent);
        if (stored.Tagline.Length > 0) after.Tagline.ShouldNotBeEmpty();
        if (stored.Location.Length > 0) after.Location.ShouldNotBeEmpty();
        change.CustomData.Remove.ShouldBeEmpty();
        if (stored.City is not null && after.City is null) after.Location.ShouldNotBe(stored.Location);
    });

    [Fact]
    public void An_old_row_of_any_shape_is_read_and_what_it_gives_is_canonical() => Check(HostileJson.Payload, HostileJson.Value(), (row, other) =>
    {
        foreach (var text in new[] { row, other })
        {
            var legacy = LegacyProfile.Read(JsonElement.Parse(text));
            var again = Judge(legacy.Profile.ToJson(), legacy.Profile);
            again.Errors.ShouldBeEmpty();
            SameJson.ShouldBe(again.Change!.ApplyTo(legacy.Profile).ToJson(), legacy.Profile.ToJson(), "an imported profile asks for itself");
            legacy.KeptAside.All(k => k.Raw.Length > 0 && k.Reason.Length > 0 && Text.IsWellFormed(k.Field + k.Raw + k.Reason)).ShouldBeTrue();
        }
    });

    private static void Check<TA, TB>(Gen<TA> a, Gen<TB> b, Action<TA, TB> holds) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Payloads).WithEndSize(40),
            Prop.ForAll(Arb.From(Gen.Zip(a, b)), pair => holds(pair.Item1, pair.Item2)));

    private static ProfileOutcome Judge(string payload, CanonicalProfile stored, bool onboarded = false, OtherKeys otherKeys = OtherKeys.Ignored) =>
        ProfileRules.Judge(Encoding.UTF8.GetBytes(payload), stored, onboarded, otherKeys);

    private static CanonicalProfile After(string payload, CanonicalProfile stored) =>
        Judge(payload, stored).Change?.ApplyTo(stored) ?? stored;

    private static Dictionary<string, string> Keys(string customData) =>
        JsonElement.Parse(customData).EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetRawText(), StringComparer.Ordinal);
}
