namespace Juke.Contract.Tests;

public sealed class GenresTests
{
    [Fact]
    public void Featured_are_the_old_twenty_in_the_old_order()
    {
        Genres.Featured.Select(g => g.Id).ShouldBe("hiphop pop rock rnb electronic country jazz classical latin indie metal reggae folk blues funk punk soul rap edm house".Split(' '));
        Genres.Featured.Select(g => g.Name).ShouldBe("Hip-Hop,Pop,Rock,R&B,Electronic,Country,Jazz,Classical,Latin,Indie,Metal,Reggae,Folk,Blues,Funk,Punk,Soul,Rap,EDM,House".Split(','));
        Genres.Featured.Where(g => g.SpotifyId != g.Id).Select(g => g.SpotifyId).ShouldBe(["hip-hop", "r&b"]);
        Genres.Featured.Where(g => g.BuiltIn).Select(g => g.Id).ShouldBe("hiphop pop rock rnb electronic country jazz classical latin indie".Split(' '));
    }

    [Theory]
    [InlineData("hip-hop", "hiphop")]
    [InlineData("Hip-Hop", "hiphop")]
    [InlineData(" HIPHOP ", "hiphop")]
    [InlineData("r&b", "rnb")]
    [InlineData("R-N-B", "rnb")]
    [InlineData("RnB", "rnb")]
    [InlineData("edm", "edm")]
    [InlineData("EDM", "edm")]
    [InlineData("hip hop", "hip hop")]
    [InlineData(" Future Garage ", "Future Garage")]
    [InlineData("  ", "")]
    public void Known_spellings_become_ids_and_the_rest_stays(string text, string canonical) => Genres.Canonical(text).ShouldBe(canonical);

    [Fact]
    public void Every_id_and_name_leads_to_its_id()
    {
        foreach (var genre in Genres.Featured)
            foreach (var spelling in new[] { genre.Id, genre.Name, genre.SpotifyId, genre.Name.ToUpperInvariant() })
                Genres.Canonical(spelling).ShouldBe(genre.Id);
    }
}
