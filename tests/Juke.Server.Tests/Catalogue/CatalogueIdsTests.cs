using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Contract;
using Juke.Server.Catalogue;
using Juke.Server.JukeApi;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Catalogue;

public sealed class CatalogueIdsTests
{
    private const string Tool = "2yEwvVSSSUkcLeSTNyHKh8";

    // Written down: these ids must never change, or clients see the same artist as another one.
    [Theory]
    [InlineData(Tool, 2047289, "3d2b36f8-0559-8cc5-a651-1c03ff59b135")]
    public void Ids_are_made_from_the_Spotify_id_and_never_change(string spotifyId, int pk, string jukeId)
    {
        CatalogueIds.Pk(spotifyId).ShouldBe(pk);
        CatalogueIds.JukeId(spotifyId).ShouldBe(new Guid(jukeId));
    }

    [Fact]
    public void Pk_fits_32_bits_and_juke_id_is_a_UUID_of_version_8()
    {
        var ids = Enumerable.Range(0, 10_000).Select(i => $"{i:D22}").ToList();
        ids.ShouldAllBe(id => CatalogueIds.Pk(id) > 0);
        ids.Select(CatalogueIds.Pk).Distinct().Count().ShouldBe(ids.Count);
        ids.ShouldAllBe(id => CatalogueIds.JukeId(id).Version == 8 && CatalogueIds.JukeId(id).Variant >= 8 && CatalogueIds.JukeId(id).Variant <= 11);
        ids.Select(CatalogueIds.JukeId).ShouldBeUnique();
    }

    [Fact]
    public void An_artist_has_the_keys_of_the_old_catalogue_in_their_order()
    {
        var found = new FoundArtist(Tool, "Sigur Rós", 71, 5_000_000, ["https://i.example/640", "https://i.example/64"], ["post-rock"]);
        var shown = CatalogueRoutes.Show(found, new Uri("https://juke.example/"), new DateTimeOffset(2026, 11, 21, 12, 0, 0, 123, TimeSpan.Zero));
        var text = JsonSerializer.Serialize(shown, JukeJson.Plain.Artist);
        var json = JsonNode.Parse(text)!.AsObject();

        json.Select(p => p.Key).ShouldBe(["url", "pk", "juke_id", "spotify_id", "created_at", "modified_at", "spotify_data", "custom_data", "name", "mbid", "genres"]);
        json["spotify_data"]!.AsObject().Select(p => p.Key).ShouldBe(["type", "uri", "popularity", "followers", "images", "genres"]);
        json["url"]!.GetValue<string>().ShouldBe($"https://juke.example/api/v1/artists/{CatalogueIds.Pk(Tool)}/");
        json["pk"]!.GetValue<int>().ShouldBe(CatalogueIds.Pk(Tool));
        json["spotify_data"]!["uri"]!.GetValue<string>().ShouldBe("spotify:artist:" + Tool);
        json["spotify_data"]!["images"]![0]!.GetValue<string>().ShouldBe("https://i.example/640");
        json["created_at"]!.GetValue<string>().ShouldBe("2026-11-21T12:00:00.123Z");
        json["custom_data"]!.ToJsonString().ShouldBe("{}");
        json["mbid"].ShouldBeNull();
        text.ShouldContain("Sigur Rós");
    }
}
