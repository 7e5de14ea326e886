namespace Juke.Contract.Tests.Profiles;

public sealed class SpotifyReferenceTests
{
    private const string Id = "4Z8W4fKeB5YxbusRsdQVPb";

    [Theory]
    [InlineData(Id)]
    [InlineData(" " + Id + " ")]
    [InlineData("spotify:artist:" + Id)]
    [InlineData("http://open.spotify.com/artist/" + Id)]
    [InlineData("https://open.spotify.com/artist/" + Id + "/")]
    [InlineData("https://OPEN.spotify.com/artist/" + Id + "?si=abc&x=y#z")]
    [InlineData("https://open.spotify.com/intl-pt-br/artist/" + Id)]
    [InlineData("open.spotify.com/artist/" + Id)]
    public void Becomes_the_URI(string text) => SpotifyReference.Canonical("artist", text).ShouldBe("spotify:artist:" + Id);

    [Theory]
    [InlineData("Prince")]
    [InlineData("4Z8W4fKeB5YxbusRsdQVP")]
    [InlineData("4Z8W4fKeB5YxbusRsdQVPbX")]
    [InlineData("4Z8W4fKeB5YxbusRsdQVP_")]
    [InlineData("spotify:album:" + Id)]
    [InlineData("https://open.spotify.com/album/" + Id)]
    [InlineData("https://open.spotify.com/artist/" + Id + "/more")]
    [InlineData("https://open.spotify.com.evil.example/artist/" + Id)]
    [InlineData("https://evil.example/open.spotify.com/artist/" + Id)]
    public void Stays_a_name(string text) => SpotifyReference.Canonical("artist", text).ShouldBe(text);
}
