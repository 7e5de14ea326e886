using Juke.Contract.Wire;
using Juke.Desk.Spotify;
using Juke.Desk.StandIns;
using Juke.Server.Catalogue;
using Juke.Server.Tests.Spotify;
using Juke.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Juke.Server.Tests.Catalogue;

public sealed class ArtistSearchTests
{
    [Fact]
    public async Task Artists_are_found_with_one_token_and_asked_for_once_in_ten_minutes()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        var found = await search.FindAsync("velvet", 10, default);
        found.Select(a => a.Name).ShouldBe(["The Velvet Harbour", "The Velvet Harbour Quartet", "Velvet Hour"]);
        found.ShouldAllBe(a => a.SpotifyId.Length == 22 && a.Images.Count == 3 && a.Popularity == 0);
        found[0].Genres.ShouldBe(["indie rock", "dream pop"]);
        (await search.FindAsync(" VELVET ", 2, default)).Count.ShouldBe(2);
        (world.Calls("search"), world.Calls("token")).ShouldBe((1, 1));

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await search.FindAsync("velvet", 10, default);
        await search.FindAsync("harbour", 10, default);
        (world.Calls("search"), world.Calls("token")).ShouldBe((3, 1));
        world.Clock.Advance(TimeSpan.FromMinutes(49));
        await search.FindAsync("neon", 10, default);
        world.Calls("token").ShouldBe(2);
    }

    [Fact]
    public async Task Many_first_searches_take_one_token()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        var words = SearchWords();
        var all = await Task.WhenAll(words.Select(w => Task.Run(() => search.FindAsync(w, 10, default))));
        all.ShouldAllBe(found => found.Count > 0);
        world.Calls("token").ShouldBe(1);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData(null, 2)]
    [InlineData("0", 2)]
    [InlineData("nonsense", 2)]
    [InlineData("3600", 3600)]
    [InlineData("86400", 3600)]
    public async Task A_rate_limit_is_honoured_without_anybody_waiting(string? retryAfter, int seconds)
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        (await search.FindAsync("velvet", 10, default)).ShouldNotBeEmpty();
        world.StandIn.Faults.Next("search", Fault.TooManyRequests(retryAfter));
        (await search.FindAsync("neon", 10, default)).ShouldBeEmpty();
        var asked = world.Calls("search");
        world.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        (await search.FindAsync("neon", 10, default)).ShouldBeEmpty();
        if (seconds < 600) (await search.FindAsync("velvet", 10, default)).ShouldNotBeEmpty(); // What is known is known.
        world.Calls("search").ShouldBe(asked);
        world.Clock.Advance(TimeSpan.FromTicks(1));
        (await search.FindAsync("neon", 10, default)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Who_gives_up_early_does_not_shorten_the_wait_that_another_was_told()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        (await search.FindAsync("velvet", 10, default)).ShouldNotBeEmpty();
        world.StandIn.Faults.Next("search", Fault.Hang);
        var waiting = search.FindAsync("harbour", 10, default);
        await Until.TrueAsync(() => world.Calls("search") == 2);
        world.StandIn.Faults.Next("search", Fault.Status(503, null, null, ("Retry-After", "60")));
        (await search.FindAsync("neon", 10, default)).ShouldBeEmpty();
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        (await waiting).ShouldBeEmpty(); // Gave up, and would ask again in two seconds.

        world.Clock.Advance(TimeSpan.FromSeconds(58) - TimeSpan.FromTicks(1));
        (await search.FindAsync("neon", 10, default)).ShouldBeEmpty();
        world.Calls("search").ShouldBe(3);
        world.Clock.Advance(TimeSpan.FromTicks(1));
        (await search.FindAsync("neon", 10, default)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rate_limit_that_one_call_meets_stops_the_other_too(bool searchMeetsIt)
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        using var top = new TopArtists(world.Service, world.Clock);
        world.StandIn.Faults.Next("search", Fault.TooManyRequests("1800"));
        if (searchMeetsIt) (await search.FindAsync("neon", 10, default)).ShouldBeEmpty();
        else
        {
            _ = top.Now;
            await Until.TrueAsync(() => world.Calls("search") == 1);
        }
        await Until.TrueAsync(async () => (await world.Service.SearchArtistsAsync("x", 1, default)).Problem?.RetryAfter > TimeSpan.FromMinutes(29));
        var asked = world.Calls("search");
        _ = top.Now;
        (await search.FindAsync("velvet", 10, default)).ShouldBeEmpty();
        world.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(1));
        _ = top.Now;
        (await search.FindAsync("velvet", 10, default)).ShouldBeEmpty();
        world.Calls("search").ShouldBe(asked);
        world.Clock.Advance(TimeSpan.FromTicks(1));
        (await search.FindAsync("velvet", 10, default)).ShouldNotBeEmpty();
        await Until.TrueAsync(() => top.Now.Any(g => g.TopArtists.Count > 0));
    }

    [Fact]
    public async Task Hundreds_of_searches_are_kept_with_all_the_names_that_they_brought()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        for (var i = 0; i < 300; i++)
        {
            var items = string.Join(',', Enumerable.Range(0, 10).Select(n => $$"""{"id":"{{i * 10 + n:D22}}","name":"Artist {{i}} {{n}}"}"""));
            world.StandIn.Faults.Next("search", Fault.Status(200, $$$"""{"artists":{"items":[{{{items}}}]}}"""));
            (await search.FindAsync($"search {i}", 10, default)).Count.ShouldBe(10);
        }
        var asked = world.StandIn.Calls.Count;
        for (var i = 0; i < 300; i++)
        {
            (await search.FindAsync($"search {i}", 10, default)).Count.ShouldBe(10);
            (await search.NameAsync($"{i * 10 + 9:D22}", default)).ShouldBe($"Artist {i} 9");
        }
        world.StandIn.Calls.Count.ShouldBe(asked);
    }

    public static TheoryData<string, string> Faults() => new(
        from endpoint in new[] { "token", "search" } from fault in new[] { "401", "403", "500", "page", "drop", "broken", "empty", "huge", "redirect", "nulls" } select (endpoint, fault));

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_is_wrong_at_Spotify_nothing_is_found_and_it_passes(string endpoint, string fault)
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        world.StandIn.Faults.Always(endpoint, fault switch
        {
            "401" => Fault.Status(401, """{"error":{"status":401,"message":"The access token expired"}}"""),
            "403" => Fault.Status(403, "no", "text/plain"),
            "500" => Fault.Status(500),
            "page" => Fault.ServerErrorHtml,
            "drop" => Fault.Drop,
            "broken" => Fault.BrokenJson,
            "empty" => Fault.EmptyBody,
            "huge" => Fault.HugeBody,
            "redirect" => Fault.Redirect("https://elsewhere.example/"),
            _ => Fault.Status(200, """{"artists":null,"access_token":null}"""),
        });
        (await search.FindAsync("velvet", 10, default)).ShouldBeEmpty();
        world.StandIn.Faults.Clear();
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        (await search.FindAsync("velvet", 10, default)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("token")]
    [InlineData("search")]
    public async Task A_Spotify_that_hangs_is_given_up_after_two_seconds(string endpoint)
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        world.StandIn.Faults.Always(endpoint, Fault.Hang);
        var running = search.FindAsync("velvet", 10, default);
        await Until.TrueAsync(() => world.Calls(endpoint) > 0);
        world.Clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        running.IsCompleted.ShouldBeFalse();
        world.Clock.Advance(TimeSpan.FromTicks(1));
        (await running).ShouldBeEmpty();
    }

    [Fact]
    public async Task Artists_without_a_whole_id_or_a_name_are_left_out()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var search = new SpotifyArtistSearch(world.Service, world.Clock);
        world.StandIn.Faults.Next("search", Fault.Status(200, """
            {"artists":{"items":[null,7,{"id":"short","name":"A"},{"id":"aaaaaaaaaaaaaaaaaaaaa/","name":"B"},{"id":"aaaaaaaaaaaaaaaaaaaaaaa","name":"C"},
              {"id":"aaaaaaaaaaaaaaaaaaaaaa"},{"id":"aaaaaaaaaaaaaaaaaaaaaa","name":""},
              {"id":"bbbbbbbbbbbbbbbbbbbbbb","name":"Good","popularity":"high","followers":{"total":-3},"images":[{"url":"http://x.example/a"},{"url":"https://x.example/b"}],"genres":["jazz",null,7]}]}}
            """));
        var only = (await search.FindAsync("x", 10, default)).ShouldHaveSingleItem();
        (only.SpotifyId, only.Name, only.Popularity, only.Followers).ShouldBe(("bbbbbbbbbbbbbbbbbbbbbb", "Good", 0, 0));
        only.Images.ShouldBe(["https://x.example/b"]);
        only.Genres.ShouldBe(["jazz"]);
    }

    [Fact]
    public async Task Featured_genres_do_not_wait_for_their_artists_and_have_them_for_a_day()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var top = new TopArtists(world.Service, world.Clock);
        world.StandIn.Faults.Always("search", Fault.Status(200, """{"artists":{"items":[{"id":"aaaaaaaaaaaaaaaaaaaaaa","name":"A","images":[{"url":"https://x.example/a"}]},{"id":"bbbbbbbbbbbbbbbbbbbbbb","name":"B"}]}}"""));
        top.Now.ShouldAllBe(g => g.TopArtists.Count == 0);
        await Until.TrueAsync(() => world.Calls("search") == 20 && top.Now.All(g => g.TopArtists.Count > 0));
        top.Now[0].TopArtists.ShouldBe([new GenreArtist("aaaaaaaaaaaaaaaaaaaaaa", "A", "https://x.example/a"), new GenreArtist("bbbbbbbbbbbbbbbbbbbbbb", "B", null)]);

        world.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        _ = top.Now;
        world.Calls("search").ShouldBe(20);
        world.Clock.Advance(TimeSpan.FromTicks(1));
        top.Now.ShouldAllBe(g => g.TopArtists.Count == 2); // The old ones until the new ones are there.
        await Until.TrueAsync(() => world.Calls("search") == 40);
    }

    [Fact]
    public async Task Top_artists_are_those_of_the_genre()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var top = new TopArtists(world.Service, world.Clock);
        _ = top.Now;
        await Until.TrueAsync(() => world.Calls("search") == 20 && top.Now.Single(g => g.Id == "house").TopArtists.Count > 0);
        top.Now.Single(g => g.Id == "hiphop").TopArtists.Select(a => a.Name).ShouldBe(["Big Tuesday"]);
        top.Now.Single(g => g.Id == "jazz").TopArtists.Select(a => a.Name).ShouldBe(["Thelonius Park", "The Velvet Harbour Quartet"]);
        top.Now.ShouldAllBe(g => g.TopArtists.Count <= 3);
    }

    [Fact]
    public async Task A_Spotify_that_is_silent_is_asked_about_genres_again_after_ten_minutes_from_where_it_stopped()
    {
        await using var world = await SpotifyWorld.StartAsync();
        using var top = new TopArtists(world.Service, world.Clock);
        world.StandIn.Faults.Next("search", Fault.Status(200, """{"artists":{"items":[]}}"""), 5);
        world.StandIn.Faults.Always("search", Fault.ServerErrorHtml);
        _ = top.Now;
        await Until.TrueAsync(() => world.Calls("search") == 6);
        for (var i = 0; i < 5; i++) _ = top.Now;
        world.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        for (var i = 0; i < 5; i++) _ = top.Now;
        world.Calls("search").ShouldBe(6);
        world.StandIn.Faults.Clear();
        world.Clock.Advance(TimeSpan.FromTicks(1));
        // Asked for until then: the first fetch may still be ending.
        await Until.TrueAsync(() => top.Now.Count > 0 && world.Calls("search") == 21);
    }

    [Fact]
    public async Task The_route_answers_in_the_old_shape()
    {
        var clock = new ManualClock();
        await using var standIn = await SpotifyStandIn.StartAsync(time: clock);
        await using var server = await JukeServer.StartAsync(s => s with { Spotify = SpotifyWorld.Settings(standIn) }, clock: clock);
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var reply = (await client.GetAsync("/api/v1/artists/?external=true&q=velvet")).EnsureOk().Json;
        reply["count"]!.GetValue<int>().ShouldBe(3);
        var artist = reply["results"]![0]!;
        artist.Text("name").ShouldBe("The Velvet Harbour");
        artist["spotify_data"].Text("uri").ShouldBe("spotify:artist:" + artist.Text("spotify_id"));
        server.Services.GetRequiredService<IArtistSearch>().ShouldBeOfType<SpotifyArtistSearch>();

        standIn.Faults.Always("search", Fault.ServerErrorHtml);
        (await client.GetAsync("/api/v1/artists/?q=neon")).EnsureOk().Json["count"]!.GetValue<int>().ShouldBe(0);
    }

    private static string[] SearchWords() => [.. Artists.Names.Select(n => n.Split(' ')[^1]).Distinct().Take(20)];
}
