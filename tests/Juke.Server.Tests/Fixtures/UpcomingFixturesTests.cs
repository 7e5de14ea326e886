using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Juke.Server.Fixtures;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Fixtures;

/// <summary>The list of upcoming fixtures against a catalogue that each test can read here. The clock stands at 2026-11-21 12:00.</summary>
public sealed class UpcomingFixturesTests(UpcomingFixturesTests.Catalogue catalogue) : IClassFixture<UpcomingFixturesTests.Catalogue>
{
    private readonly TestClient client = catalogue.Client;

    [Fact]
    public async Task The_shape_is_the_old_one_key_by_key()
    {
        var reply = (await client.GetAsync("/fixtures/upcoming?include=league,teams,country,odds&perPage=1")).EnsureOk();
        reply.Body.ShouldBe(
            """
            {"status":"success","data":[{"id":3,"name":"C vs D","kickoffAt":"2026-11-21T13:00:00Z","startTs":1795266000,"state":"NS","stage":"Regular","round":"12","leg":null,
            "league":{"id":8,"name":"Premier","imagePath":null},"homeTeam":{"id":31,"name":"C","shortCode":"CCC","imagePath":null},"awayTeam":{"id":32,"name":"D","shortCode":"DDD","imagePath":"https://x/d.png"},
            "country":{"id":462,"name":"England","imagePath":null,"iso2":"GB"},"odds":[{"marketId":1,"market":"Full time","label":"Home","value":1.95},{"marketId":2,"market":"Both score","label":"Yes","value":2.1}]}],
            "pagination":{"page":1,"perPage":1,"totalItems":6,"totalPages":6},"message":"Upcoming fixtures fetched successfully"}
            """.ReplaceLineEndings(""));
        (await client.GetAsync("/api/fixtures/upcoming?include=league,teams,country,odds&perPage=1")).Body.ShouldBe(reply.Body);
    }

    [Fact]
    public async Task Blocks_that_were_not_asked_for_are_absent_and_an_unknown_country_is_null()
    {
        (await FirstAsync("perPage=1")).Keys().ShouldBe(["id", "name", "kickoffAt", "startTs", "state", "stage", "round", "leg"]);
        (await FirstAsync("perPage=1&include=league")).Keys().ShouldBe(["id", "name", "kickoffAt", "startTs", "state", "stage", "round", "leg", "league"]);
        (await FirstAsync("perPage=1&include=teams")).Keys().TakeLast(2).ShouldBe(["homeTeam", "awayTeam"]);
        var without = (await ListAsync("include=country")).Single(f => f!["id"]!.GetValue<long>() == 1)!;
        without.Keys().Last().ShouldBe("country");
        without["country"].ShouldBeNull();
    }

    [Theory]
    // From now to a week later, next first, then by id; only what has not started.
    [InlineData("", "3,1,2,4,5,6")]
    [InlineData("from=2026-11-21T14:00:00Z", "1,2,4,5,6,7")]
    [InlineData("from=2026-11-21T14:00:01Z", "4,5,6,7")]
    [InlineData("to=2026-11-21T14:00:00Z", "3,1,2")]
    [InlineData("from=1795266000&to=1795269600", "3,1,2")] // unix seconds
    [InlineData("from=1795266000000&to=1795269600000", "3,1,2")] // unix milliseconds
    [InlineData("from=2026-11-21T15:00:00%2B02:00&to=2026-11-21T16:00:00%2B02:00", "3,1,2")]
    [InlineData("from=2026-11-21T13:00:00", "3,1,2,4,5,6,7")] // A week from there.
    [InlineData("from=2026-11-01&to=2026-12-31", "9,3,1,2,4,5,6,7")]
    [InlineData("from=2027-01-01", "")]
    // Garbage means the default, as it always did.
    [InlineData("from=garbage", "3,1,2,4,5,6")]
    [InlineData("to=garbage", "3,1,2,4,5,6")]
    [InlineData("from=&to=", "3,1,2,4,5,6")]
    [InlineData("from=-5", "3,1,2,4,5,6")]
    [InlineData("from=99999999999999999999&to=%00", "3,1,2,4,5,6")]
    [InlineData("from=0001-01-01&to=9999-12-31", "3,1,2,4,5,6")]
    [InlineData("leagues=8", "3,4")]
    [InlineData("leagues=8,9", "3,1,4,5")]
    [InlineData("leagues=8&leagues=9", "3,1,4,5")]
    [InlineData("leagues=12345", "")]
    [InlineData("leagues=", "3,1,2,4,5,6")]
    [InlineData("hasOdds=true", "3,4")]
    [InlineData("hasOdds=1", "3,4")]
    [InlineData("hasOdds=false", "1,2,5,6")]
    [InlineData("markets=2", "3")]
    [InlineData("markets=1,2&leagues=8", "3,4")]
    [InlineData("perPage=2", "3,1")]
    [InlineData("perPage=2&page=2", "2,4")]
    [InlineData("perPage=2&page=3", "5,6")]
    [InlineData("perPage=2&page=4", "")]
    [InlineData("page=1000000&perPage=50", "")]
    [InlineData("perPage=50", "3,1,2,4,5,6")]
    [InlineData("unknown=1", "3,1,2,4,5,6")]
    public async Task Windows_filters_and_pages(string query, string ids) =>
        string.Join(',', (await ListAsync(query)).Select(f => f!["id"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture))).ShouldBe(ids);

    [Fact]
    public async Task The_total_is_there_even_past_the_end()
    {
        var reply = (await client.GetAsync("/fixtures/upcoming?perPage=4&page=9")).EnsureOk();
        reply.Json["pagination"]!.ToJsonString().ShouldBe("""{"page":9,"perPage":4,"totalItems":6,"totalPages":2}""");
        (await client.GetAsync("/fixtures/upcoming?leagues=404")).Json["pagination"]!.ToJsonString().ShouldBe("""{"page":1,"perPage":20,"totalItems":0,"totalPages":0}""");
    }

    [Fact]
    public async Task Odds_show_only_the_markets_that_were_asked_for() =>
        (await FirstAsync("include=odds&markets=2"))["odds"]!.AsArray().Select(o => o!["marketId"]!.GetValue<long>()).ShouldBe([2L]);

    [Theory]
    [InlineData("from=2026-12-02&to=2026-12-01", "from", "'from' must be <= 'to'")]
    [InlineData("to=2026-11-20", "from", "'from' must be <= 'to'")]
    [InlineData("leagues=a", "leagues", "Invalid 'leagues'. Use comma-separated ids like '1,2,3'.")]
    [InlineData("markets=1,b", "markets", "Invalid 'markets'. Use comma-separated ids like '1,2,3'.")]
    [InlineData("perPage=51", "perPage", "querystring/perPage must be <= 50")]
    [InlineData("perPage=0", "perPage", "querystring/perPage must be >= 1")]
    [InlineData("page=0", "page", "querystring/page must be >= 1")]
    [InlineData("page=x", "page", "querystring/page must be integer")]
    [InlineData("hasOdds=perhaps", "hasOdds", "'hasOdds' must be true or false")]
    [InlineData("include=league,secrets", "include", "'include' may name league, teams, country, odds")]
    public async Task What_cannot_be_read_is_refused_with_the_old_text(string query, string field, string message)
    {
        var reply = await client.GetAsync("/fixtures/upcoming?" + query);
        (reply.Status, reply.Code, reply.Json.Text("message")).ShouldBe((HttpStatusCode.BadRequest, "VALIDATION_FAILED", message));
        reply.Fields.ShouldBe([field]);
    }

    private async Task<JsonArray> ListAsync(string query) => (await client.GetAsync("/fixtures/upcoming?" + query)).EnsureOk().Json["data"]!.AsArray();

    private async Task<JsonNode> FirstAsync(string query) => (await ListAsync(query))[0]!;

    /// <summary>A server with nine fixtures and somebody who may see them.</summary>
    public sealed class Catalogue : IAsyncLifetime
    {
        internal JukeServer Server { get; private set; } = null!;

        internal TestClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await JukeServer.StartAsync();
            Client = await Server.NewClient().OnboardedAsync();
            const string lines = """
                {"id":1,"name":"A vs B","kickoffAt":"2026-11-21T14:00:00Z","startTs":0,"state":"NS","league":{"id":9,"name":"Second"},"odds":[]}
                {"id":2,"name":"B vs C","kickoffAt":"2026-11-21T14:00:00Z","startTs":0,"state":"NS"}

                {"id":3,"name":"C vs D","kickoffAt":"2026-11-21T15:00:00+02:00","startTs":0,"state":"NS","stage":"Regular","round":"12","leg":null,"league":{"id":8,"name":"Premier","imagePath":null},"homeTeam":{"id":31,"name":"C","shortCode":"CCC","imagePath":null},"awayTeam":{"id":32,"name":"D","shortCode":"DDD","imagePath":"https://x/d.png"},"country":{"id":462,"name":"England","imagePath":null,"iso2":"GB"},"odds":[{"marketId":1,"market":"Full time","label":"Home","value":1.95},{"marketId":2,"market":"Both score","label":"Yes","value":2.1}]}
                {"id":4,"name":"D vs E","kickoffAt":"2026-11-22T14:00:00Z","startTs":0,"state":"NS","league":{"id":8,"name":"Premier"},"odds":[{"marketId":1,"market":"Full time","label":"Home","value":1.5}]}
                {"id":5,"name":"E vs F","kickoffAt":"2026-11-23T14:00:00Z","startTs":0,"state":"NS","league":{"id":9,"name":"Second"}}
                {"id":6,"name":"F vs G","kickoffAt":"2026-11-28T12:00:00Z","startTs":0,"state":"NS"}
                {"id":7,"name":"G vs H","kickoffAt":"2026-11-28T12:00:01Z","startTs":0,"state":"NS"}
                {"id":8,"name":"H vs I","kickoffAt":"2026-11-21T13:30:00Z","startTs":0,"state":"FT"}
                {"id":9,"name":"I vs J","kickoffAt":"2026-11-21T11:59:59Z","startTs":0,"state":"NS"}
                """;
            using var reader = new StringReader(lines);
            (await ImportFixtures.RunAsync(Server.Database, reader, default)).ShouldBe((9, null));
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Server.DisposeAsync();
        }
    }
}
