using System.Net;
using System.Text.Json.Nodes;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Catalogue;

/// <summary>The wizard's reference data over HTTP, key by key (legacy-wire A.8).</summary>
public sealed class CatalogueRoutesTests(CatalogueRoutesTests.OneServer one) : IClassFixture<CatalogueRoutesTests.OneServer>
{
    private TestClient Client => one.Client;

    [Fact]
    public async Task Featured_genres_are_the_20_of_the_old_server_in_their_order()
    {
        var reply = await Get("/api/v1/genres/featured/");
        var genres = reply.Json.AsArray();
        Texts(genres, "id").ShouldBe("hiphop pop rock rnb electronic country jazz classical latin indie metal reggae folk blues funk punk soul rap edm house".Split(' '));
        Texts(genres, "name").ShouldBe("Hip-Hop,Pop,Rock,R&B,Electronic,Country,Jazz,Classical,Latin,Indie,Metal,Reggae,Folk,Blues,Funk,Punk,Soul,Rap,EDM,House".Split(','));
        Texts(genres, "spotify_id").ShouldBe("hip-hop pop rock r&b electronic country jazz classical latin indie metal reggae folk blues funk punk soul rap edm house".Split(' '));
        genres.ShouldAllBe(g => g!["top_artists"]!.AsArray().Count == 0);
        genres[0]!.AsObject().Select(p => p.Key).ShouldBe(["id", "name", "spotify_id", "top_artists"]);
        reply.Body.ShouldContain("\"R&B\"");
    }

    [Fact]
    public async Task Cities_have_their_seven_keys_and_letters_as_they_are()
    {
        var reply = await Get("/api/v1/cities/?q=sao%20pa");
        reply.Json.AsObject().Select(p => p.Key).ShouldBe(["results"]);
        var city = reply.Json["results"]![0]!.AsObject();
        city.Select(p => p.Key).ShouldBe(["name", "country", "country_code", "region", "lat", "lng", "population"]);
        city["country"]!.GetValue<string>().ShouldBe("Brazil");
        city["country_code"]!.GetValue<string>().ShouldBe("BR");
        city["region"]!.GetValue<string>().ShouldBe("São Paulo");
        city["lat"]!.GetValue<double>().ShouldBe(-23.55);
        city["lng"]!.GetValue<double>().ShouldBe(-46.63);
        city["population"]!.GetValue<int>().ShouldBeGreaterThan(10_000_000);
        reply.Body.ShouldContain("São Paulo");
    }

    [Fact]
    public async Task A_city_without_a_region_says_null()
    {
        var city = (await Get("/api/v1/cities/?q=singapore")).Json["results"]![0]!.AsObject();
        city.ContainsKey("region").ShouldBeTrue();
        city["region"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/api/v1/cities/?q=a", 10)]
    [InlineData("/api/v1/cities/?q=a&limit=", 10)]
    [InlineData("/api/v1/cities/?q=a&limit=1", 1)]
    [InlineData("/api/v1/cities/?q=a&limit=20", 20)]
    [InlineData("/api/v1/cities/?q=zzzz&q=a&limit=3", 3)]
    [InlineData("/api/v1/cities/", 0)]
    [InlineData("/api/v1/cities/?q=", 0)]
    [InlineData("/api/v1/cities/?q=%20%20", 0)]
    [InlineData("/api/v1/cities/?q=zzzzzz", 0)]
    public async Task As_many_cities_as_asked(string path, int count) => (await Get(path)).Json["results"]!.AsArray().Count.ShouldBe(count);

    [Theory]
    [InlineData("/api/v1/cities/?q=a&limit=0", "limit")]
    [InlineData("/api/v1/cities/?q=a&limit=21", "limit")]
    [InlineData("/api/v1/cities/?q=a&limit=-1", "limit")]
    [InlineData("/api/v1/cities/?q=a&limit=1.5", "limit")]
    [InlineData("/api/v1/cities/?q=a&limit=99999999999999", "limit")]
    [InlineData("/api/v1/cities/?q=a%00b", "q")]
    [InlineData("/api/v1/artists/?external=true&q=a%00b", "q")]
    public async Task A_wrong_parameter_is_named(string path, string field)
    {
        var reply = await Client.GetAsync(path);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Code.ShouldBe("VALIDATION_FAILED");
        reply.Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task A_hundred_characters_are_read_and_one_more_is_refused()
    {
        (await Get("/api/v1/cities/?q=" + new string('a', 100))).Json["results"]!.AsArray().ShouldBeEmpty();
        (await Client.GetAsync("/api/v1/cities/?q=" + new string('a', 101))).Fields.ShouldBe(["q"]);
        (await Client.GetAsync("/api/v1/artists/?q=" + new string('a', 101))).Fields.ShouldBe(["q"]);
    }

    [Theory]
    [InlineData("%ED%A0%80")]
    [InlineData("%FF%FE")]
    [InlineData("%C0%AF")]
    [InlineData("%")]
    [InlineData("%u0000")]
    [InlineData("%7C%0A%09")]
    [InlineData("%EF%BF%BF")]
    [InlineData("%F4%8F%BF%BF")]
    [InlineData("'%20or%201=1--")]
    [InlineData("%CC%81%CC%81%CC%81%CC%81%CC%81")]
    [InlineData("(.*)%2B%24")]
    public async Task Hostile_text_never_breaks_the_server(string q)
    {
        foreach (var path in new[] { "/api/v1/cities/?q=", "/api/v1/artists/?external=true&q=", "/api/v1/cities/?q=paris,", "/api/v1/cities?q=" })
            ((int)(await Client.GetAsync(path + q)).Status).ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Ten_kilobytes_of_q_are_refused()
    {
        foreach (var path in new[] { "/api/v1/cities/?q=", "/api/v1/artists/?q=" })
            ((int)(await Client.GetAsync(path + new string('a', 10 * 1024))).Status).ShouldBeInRange(400, 499);
    }

    [Fact]
    public async Task Without_a_provider_artists_are_an_empty_list_in_the_old_shape()
    {
        var json = (await Get("/api/v1/artists/?external=true&q=Sigur%20R%C3%B3s")).Json.AsObject();
        json.Select(p => p.Key).ShouldBe(["href", "results", "limit", "count", "offset", "previous"]);
        json["href"]!.GetValue<string>().ShouldEndWith("/api/v1/artists/?external=true&q=Sigur%20R%C3%B3s");
        json["results"]!.AsArray().ShouldBeEmpty();
        (json["limit"]!.GetValue<int>(), json["count"]!.GetValue<int>(), json["offset"]!.GetValue<int>()).ShouldBe((10, 0, 0));
        json["previous"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/api/v1/artists/")]
    [InlineData("/api/v1/artists/?external=true")]
    [InlineData("/api/v1/artists/?external=true&q=")]
    [InlineData("/api/v1/artists/?external=true&q=%20")]
    public async Task A_missing_artist_keeps_the_old_words(string path)
    {
        var reply = await Client.GetAsync(path);
        reply.Status.ShouldBe(HttpStatusCode.BadRequest);
        reply.Code.ShouldBe("BAD_REQUEST");
        reply.Json["detail"]!.GetValue<string>().ShouldBe("Missing search parameter 'q'.");
    }

    [Theory]
    [InlineData("/api/v1/genres/featured/")]
    [InlineData("/api/v1/cities/?q=paris")]
    [InlineData("/api/v1/artists/?external=true&q=tool")]
    public async Task A_guest_is_refused_and_onboarding_is_not_asked(string path)
    {
        using var guest = one.Server.NewClient();
        var refused = await guest.GetAsync(path);
        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Code.ShouldBe("UNAUTHORIZED");

        (await Client.GetAsync("/api/users/profile")).Code.ShouldBe("ONBOARDING_REQUIRED");
        (await Client.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/v1/genres/featured", "/api/v1/genres/featured/")]
    [InlineData("/api/v1/cities?q=s%C3%A3o%20p&limit=3", "/api/v1/cities/?q=s%C3%A3o%20p&limit=3")]
    [InlineData("/api/v1/artists?external=true&q=a%2Fb", "/api/v1/artists/?external=true&q=a%2Fb")]
    public async Task A_GET_without_the_slash_is_sent_to_it_even_for_guests(string path, string location)
    {
        using var guest = one.Server.NewClient();
        foreach (var client in new[] { guest, Client })
        {
            var reply = await client.GetAsync(path);
            reply.Status.ShouldBe(HttpStatusCode.MovedPermanently);
            reply.Headers.GetValues("Location").ShouldBe([location]);
        }
    }

    [Theory]
    [InlineData("/auth/me")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1x")]
    public async Task No_other_path_is_redirected(string path) =>
        (await Client.GetAsync(path)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound);

    private async Task<Reply> Get(string path)
    {
        var reply = (await Client.GetAsync(path)).EnsureOk();
        reply.ContentHeaders.ContentType!.ToString().ShouldBe("application/json");
        return reply;
    }

    private static IEnumerable<string> Texts(JsonArray array, string key) => array.Select(item => item![key]!.GetValue<string>());

    /// <summary>One server, and one account that has not been through onboarding.</summary>
    public sealed class OneServer : IAsyncLifetime
    {
        internal JukeServer Server { get; private set; } = null!;

        internal TestClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await JukeServer.StartAsync();
            Client = Server.NewClient();
            (await Client.RegisterAsync()).EnsureOk();
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Server.DisposeAsync();
        }
    }
}
