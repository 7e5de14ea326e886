using System.Text.Json.Nodes;
using Juke.Desk;
using Juke.Desk.Ledger;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>Freezing, tried on a copy whose newest version is open.</summary>
public sealed class FreezeTests : IDisposable
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    private readonly ServedContract served;
    private readonly ContractCopy copy = new();

    public FreezeTests(ServedContract served)
    {
        this.served = served;
        copy.Folder.Write(served.Document);
    }

    public void Dispose() => copy.Dispose();

    [Fact]
    public void Freezing_writes_the_hashes_and_leaves_all_well()
    {
        copy.Freeze(served.Document).ShouldBe(copy.Newest.Version);
        copy.Newest.IsOpen.ShouldBeFalse();
        copy.Newest.Ledger!.Length.ShouldBe(64);
        copy.Newest.Samples!.Length.ShouldBe(64);
        copy.Newest.Document!.Length.ShouldBe(64);
        copy.Folder.Complaints(served.Document).ShouldBeEmpty();
        Should.Throw<DeskException>(() => copy.Freeze(served.Document)).Message.ShouldContain("frozen already");
    }

    [Fact]
    public void An_open_version_that_is_not_written_down_cannot_be_frozen() =>
        Should.Throw<DeskException>(() => copy.Freeze(WithNewMember(served.Document))).Message.ShouldContain("Not frozen");

    [Fact]
    public void After_freezing_any_change_fails_and_no_command_writes_it_down()
    {
        copy.Freeze(served.Document);
        var changed = WithNewMember(served.Document);
        copy.Folder.Complaints(changed).ShouldHaveSingleItem().ShouldContain("is frozen, and the wire changed");
        Should.Throw<DeskException>(() => copy.Folder.Write(changed)).Message.ShouldContain("./dev contract open");
        copy.Folder.Complaints(served.Document).ShouldBeEmpty();
    }

    [Fact]
    public void A_new_version_takes_an_additive_change_and_can_be_frozen_in_its_turn()
    {
        var first = copy.Freeze(served.Document);
        var changed = WithNewMember(served.Document);
        copy.Folder.Open("2999-01-01", Today);
        copy.Folder.Complaints(changed).ShouldHaveSingleItem();
        copy.Folder.Write(changed).ShouldContain(c => c.Line.Contains("$.anthem", StringComparison.Ordinal));
        copy.Folder.Complaints(changed).ShouldBeEmpty();
        copy.Freeze(changed).ShouldBe("2999-01-01");
        copy.Folder.Complaints(changed).ShouldBeEmpty();
        copy.Folder.Versions.Take(2).Select(v => v.Version).ShouldBe(["2999-01-01", first]);
    }

    [Fact]
    public void A_version_without_a_date_is_of_today_or_of_the_day_after_the_newest()
    {
        var first = DateOnly.Parse(copy.Freeze(served.Document), System.Globalization.CultureInfo.InvariantCulture);
        copy.Folder.Open(null, first).ShouldBe($"{first.AddDays(1):yyyy-MM-dd}");
        copy.Folder.Write(served.Document);
        copy.Freeze(served.Document);
        copy.Folder.Open(null, first.AddDays(40)).ShouldBe($"{first.AddDays(40):yyyy-MM-dd}");
    }

    [Fact]
    public void The_document_of_a_frozen_version_outlives_the_next_one()
    {
        var first = copy.Freeze(served.Document);
        copy.Folder.Open("2999-01-01", Today);
        copy.Folder.Write(WithNewMember(served.Document));
        copy.Read(first + ".openapi.json").ShouldNotContain("\"anthem\"");
        copy.Read("openapi.json").ShouldContain("\"anthem\"");
    }

    [Fact]
    public void A_new_version_does_not_excuse_breaking_the_clients_of_a_frozen_one()
    {
        var first = copy.Freeze(served.Document);
        copy.Folder.Open("2999-01-01", Today);
        var broken = served.Document;
        broken["components"]!["schemas"]!["User"]!["properties"]!.AsObject().Remove("role");
        copy.Folder.Write(broken);
        var complaint = copy.Folder.Complaints(broken).ShouldHaveSingleItem();
        complaint.ShouldContain($"Version {first} is frozen and still served");
        complaint.ShouldContain("GET /auth/me 200 application/json $.role");
        complaint.ShouldContain("Two ways out");
    }

    [Fact]
    public void Two_open_versions_are_refused()
    {
        Should.Throw<DeskException>(() => copy.Folder.Open("2999-01-01", Today)).Message.ShouldContain("at most one");
        copy.WriteVersions([new("2999-01-01"), copy.Newest]);
        copy.Folder.Complaints(served.Document).ShouldHaveSingleItem().ShouldContain("at most one version is open");
    }

    [Theory]
    [InlineData("2020-01-01")]
    [InlineData("2026-11-21")]
    [InlineData("tomorrow")]
    public void A_version_is_later_than_all_before(string version)
    {
        copy.Freeze(served.Document);
        Should.Throw<DeskException>(() => copy.Folder.Open(version, Today));
    }

    [Fact]
    public void A_frozen_ledger_sample_or_document_that_was_edited_is_seen()
    {
        var version = copy.Freeze(served.Document);
        copy.Append(version + ".wire", "POST /auth/sing : Anonymous\n");
        copy.Append(Path.Combine("samples", version, "User.json"), " ");
        copy.Append(version + ".openapi.json", " ");
        copy.Folder.Complaints(served.Document).Count(c => c.Contains("is frozen, but its content is another", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public void A_frozen_entry_may_not_change_go_or_open_again()
    {
        VersionEntry frozen = new("2026-11-21", new string('a', 64), new string('b', 64), new string('d', 64));
        VersionEntry.Broken([frozen], [new("2027-01-01"), frozen]).ShouldBeEmpty();
        VersionEntry.Broken([new("2026-11-21")], [frozen]).ShouldBeEmpty();
        VersionEntry.Broken([frozen], [frozen with { Ledger = new string('c', 64) }]).ShouldHaveSingleItem().ShouldContain("Frozen is frozen");
        VersionEntry.Broken([frozen], [frozen with { Samples = new string('c', 64) }]).ShouldHaveSingleItem();
        VersionEntry.Broken([frozen], [frozen with { Document = new string('c', 64) }]).ShouldHaveSingleItem();
        VersionEntry.Broken([frozen], [new("2026-11-21")]).ShouldHaveSingleItem();
        VersionEntry.Broken([frozen], []).ShouldHaveSingleItem();
    }

    private static JsonNode WithNewMember(JsonNode document)
    {
        document["components"]!["schemas"]!["User"]!["properties"]!["anthem"] = new JsonObject { ["type"] = "string" };
        return document;
    }
}
