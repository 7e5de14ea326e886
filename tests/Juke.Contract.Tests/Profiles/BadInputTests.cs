using System.Text;

namespace Juke.Contract.Tests.Profiles;

/// <summary>The sizes that no vector file should hold, and hostile bodies in bytes. The rest of the bad input is contract/vectors/refusals.json.</summary>
public sealed class BadInputTests
{
    private static readonly CanonicalProfile Stored = CanonicalProfile.Empty with { CustomData = """{"a":1}""" };

    [Fact]
    public void Custom_data_of_64_KiB_is_kept_and_one_byte_more_is_refused()
    {
        var frame = """{"a":1,"big":""}""".Length; // What stands around the text once it is merged.
        Errors(Big(ProfileFields.CustomDataMaxBytes - frame)).ShouldBeEmpty();
        Errors(Big(ProfileFields.CustomDataMaxBytes - frame + 1)).ShouldBe([("custom_data", "Ensure this field has no more than 65536 bytes.")]);
        Errors(Big(65 * 1024)).ShouldHaveSingleItem().Field.ShouldBe("custom_data");

        static string Big(int length) => $$$"""{"custom_data":{"big":"{{{new string('x', length)}}}"}}""";
    }

    [Fact]
    public void The_size_is_that_of_the_merged_object_so_many_small_saves_come_to_the_same_end()
    {
        var stored = Stored;
        var saved = 0;
        for (; saved < 100; saved++)
        {
            var outcome = Judge($$$"""{"custom_data":{"k{{{saved}}}":"{{{new string('x', 1000)}}}"}}""", stored);
            if (outcome.Change is null) break;
            stored = outcome.Change.ApplyTo(stored);
        }
        saved.ShouldBe(64);
        Judge("""{"custom_data":{"k1":null}}""", stored).Errors.ShouldBeEmpty("what is too full can be emptied");
    }

    [Fact]
    public void An_imported_object_beyond_the_limit_can_shrink_and_change_but_not_grow()
    {
        var large = CanonicalProfile.Empty with { CustomData = $$"""{"a":"{{new string('x', 70_000)}}"}""" };
        Judge($$$"""{"custom_data":{"a":"{{{new string('y', 70_000)}}}"}}""", large).Errors.ShouldBeEmpty();
        Judge("""{"custom_data":{"b":1}}""", large).Errors.ShouldHaveSingleItem().Field.ShouldBe("custom_data");
    }

    [Fact]
    public void Numbers_count_as_they_are_written_out_so_that_bytes_cannot_be_blown_up()
    {
        var numbers = string.Join(',', Enumerable.Repeat("1e308", 1000));
        Errors($$$"""{"custom_data":{"n":[{{{numbers}}}]}}""").ShouldBe([("custom_data", "Ensure this field has no more than 65536 bytes.")]);
        Errors("""{"custom_data":{"n":1e308,"m":-1.5e-300,"z":0e10}}""").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public void Nesting_beyond_all_reason_names_the_field(int depth) =>
        Errors($$$"""{"tagline":"x","custom_data":{"a":{{{new string('[', depth)}}}{{{new string(']', depth)}}}}}""")
            .ShouldBe([("custom_data", "Ensure this field is nested no deeper than 16 levels.")]);

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused_where_they_would_be_stored()
    {
        byte[] body = [.. "{\"bio\":\""u8, 0xFF, 0xC0, .. "\",\"nobody\":\""u8, 0xFF, .. "\"}"u8];
        ProfileRules.Judge(body, Stored, alreadyOnboarded: false).Errors.Select(e => e.Field).ShouldBe(["bio"]);
    }

    [Fact]
    public void A_huge_name_is_not_repeated_to_who_sent_it()
    {
        var name = new string('n', 100_000);
        Errors($$"""{"{{name}}":1,"{{name}}":2}""").ShouldBe([("non_field_errors", "This member is there twice.")]);
        var message = Errors($$$"""{"custom_data":{"{{{name}}}":1,"{{{name}}}":2,"age_range":"{{{name}}}"}}""").ShouldHaveSingleItem().Message;
        message.Length.ShouldBeLessThan(200);
        Errors($$$"""{"custom_data":{"age_range":"{{{name}}}"}}""").ShouldHaveSingleItem().Message.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void A_body_full_of_traps_costs_no_more_than_its_length()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Errors("{" + string.Join(',', Enumerable.Repeat("\"\\ud800\":1", 100_000)) + "}").ShouldHaveSingleItem();
        var keys = Enumerable.Range(0, 5_000).Select(i => $"\"k{i}\":");
        var full = Judge("{\"custom_data\":{" + string.Join(',', keys.Select(k => k + "1")) + "}}", Stored).Change!.ApplyTo(Stored);
        Judge("{\"custom_data\":{\"z\":1," + string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"m{i}\":null")) + "}}", full).Errors.ShouldBeEmpty();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), "an exception per name, or a scan per key, takes minutes");
    }

    [Fact]
    public void Detail_can_be_made_of_the_messages_in_field_order() =>
        Errors("""{"is_owner":1,"custom_data":1,"city_lng":"x","city_lat":"y","favorite_tracks":1,"name":[]}""").Select(e => e.Field)
            .ShouldBe(["name", "favorite_tracks", "city_lat", "city_lng", "custom_data"]);

    private static ProfileOutcome Judge(string payload, CanonicalProfile stored) => ProfileRules.Judge(Encoding.UTF8.GetBytes(payload), stored, alreadyOnboarded: false);

    private static IEnumerable<(string Field, string Message)> Errors(string payload) => Judge(payload, Stored).Errors.Select(e => (e.Field, e.Message));
}
