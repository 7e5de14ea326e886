using Juke.Contract.Wire;
using Juke.Server.Catalogue;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Catalogue;

public sealed class CitySearchTests
{
    /// <summary>The list that all three shipped clients carry, with the points that they save (legacy-drift §5).</summary>
    public static TheoryData<string, string, double, double> Shipped => new()
    {
        { "New York", "US", 40.71, -74.01 }, { "Los Angeles", "US", 34.05, -118.24 }, { "Chicago", "US", 41.88, -87.63 },
        { "Houston", "US", 29.76, -95.37 }, { "Phoenix", "US", 33.45, -112.07 }, { "London", "GB", 51.51, -0.13 },
        { "Paris", "FR", 48.86, 2.35 }, { "Tokyo", "JP", 35.68, 139.69 }, { "Sydney", "AU", -33.87, 151.21 },
        { "Toronto", "CA", 43.65, -79.38 }, { "Berlin", "DE", 52.52, 13.41 }, { "Amsterdam", "NL", 52.37, 4.90 },
        { "Seoul", "KR", 37.57, 126.98 }, { "Singapore", "SG", 1.35, 103.82 }, { "Dubai", "AE", 25.20, 55.27 },
        { "Mumbai", "IN", 19.08, 72.88 }, { "São Paulo", "BR", -23.55, -46.63 }, { "Mexico City", "MX", 19.43, -99.13 },
        { "Lagos", "NG", 6.52, 3.38 }, { "Cairo", "EG", 30.04, 31.24 }, { "Austin", "US", 30.27, -97.74 },
        { "Nashville", "US", 36.16, -86.78 }, { "Atlanta", "US", 33.75, -84.39 }, { "Miami", "US", 25.76, -80.19 },
        { "Seattle", "US", 47.61, -122.33 }, { "San Francisco", "US", 37.77, -122.42 }, { "Denver", "US", 39.74, -104.99 },
        { "Boston", "US", 42.36, -71.06 }, { "Philadelphia", "US", 39.95, -75.17 }, { "Detroit", "US", 42.33, -83.05 },
    };

    [Theory]
    [MemberData(nameof(Shipped))]
    public void The_cities_of_the_shipped_clients_come_first_at_the_point_that_those_save(string name, string countryCode, double lat, double lng)
    {
        var city = CitySearch.Find(name)[0];
        (city.Name, city.CountryCode).ShouldBe((name, countryCode));
        city.Lat.ShouldBe(lat);
        city.Lng.ShouldBe(lng);
    }

    [Theory]
    [InlineData("São Paulo", "São Paulo")]
    [InlineData("sao paulo", "São Paulo")]
    [InlineData("SAO", "São Paulo")]
    [InlineData("zurich", "Zürich")]
    [InlineData("Zuerich", "Zürich")]
    [InlineData("ZÜRICH", "Zürich")]
    [InlineData("lodz", "Łódź")]
    [InlineData("ŁÓDŹ", "Łódź")]
    [InlineData("İstanbul", "Istanbul")]
    [InlineData("ISTANBUL", "Istanbul")]
    [InlineData("koln", "Köln")]
    [InlineData("Cologne", "Köln")]
    [InlineData("kobenhavn", "Copenhagen")]
    [InlineData("København", "Copenhagen")]
    [InlineData("München", "Munich")]
    [InlineData("Wien", "Vienna")]
    [InlineData("Москва", "Moscow")]
    [InlineData("東京", "Tokyo")]
    [InlineData("القاهرة", "Cairo")]
    [InlineData("new y", "New York")]
    [InlineData("New York City", "New York")]
    [InlineData("nyc", "New York")]
    [InlineData("xian", "Xi’an")]
    [InlineData("saint petersburg", "Saint Petersburg")]
    [InlineData("washington dc", "Washington, D.C.")]
    public void What_is_typed_finds_the_city_first(string q, string name) => CitySearch.Find(q)[0].Name.ShouldBe(name);

    [Theory]
    [InlineData("paris, france", "FR", "Paris")]
    [InlineData("paris, fr", "FR", "Paris")]
    [InlineData("Paris, Texas", "US", "Paris")]
    [InlineData("Paris, TX", "US", "Paris")]
    [InlineData("Boston, MA", "US", "Boston")]
    [InlineData("London, UK", "GB", "London")]
    [InlineData("London, Ontario", "CA", "London")]
    [InlineData("london canada", "CA", "London")]
    [InlineData("birmingham usa", "US", "Birmingham")]
    [InlineData("Birmingham, U.S.A.", "US", "Birmingham")]
    [InlineData("cape town south africa", "ZA", "Cape Town")]
    [InlineData("dubai uae", "AE", "Dubai")]
    [InlineData("abidjan, cote d'ivoire", "CI", "Abidjan")]
    public void A_country_or_region_after_the_name_narrows_it(string q, string countryCode, string name)
    {
        var city = CitySearch.Find(q)[0];
        (city.CountryCode, city.Name).ShouldBe((countryCode, name));
    }

    [Theory]
    [InlineData("Brazil", "São Paulo")]
    [InlineData("united kingdom", "London")]
    [InlineData("north rhine-westphalia", "Köln")]
    public void A_country_or_region_alone_finds_its_largest_city_as_the_shipped_clients_do(string q, string name) =>
        CitySearch.Find(q).Select(c => c.Name).ShouldContain(name);

    [Fact]
    public void The_beginning_of_the_name_goes_before_a_later_word_and_that_before_the_middle()
    {
        var york = CitySearch.Find("york", 20).ToList();
        york[0].Name.ShouldBe("York");
        york.FindIndex(c => c.Name == "New York").ShouldBeGreaterThan(york.FindLastIndex(c => c.Name.StartsWith("York", StringComparison.Ordinal)));

        var ork = CitySearch.Find("ork", 20).ToList();
        ork[0].Name.ShouldStartWith("Ork");
        ork.Select(c => c.Name).ShouldContain("New York");
        ork.FindIndex(c => c.Name == "New York").ShouldBeLessThan(ork.FindIndex(c => c.Name == "Cork"));
    }

    [Fact]
    public void Equal_matches_stand_by_population()
    {
        var found = CitySearch.Find("san", 20);
        found.Select(c => c.Population).ShouldBe(found.Select(c => c.Population).OrderDescending());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(",")]
    [InlineData("...")]
    [InlineData("|")]
    [InlineData("\n")]
    [InlineData("a\0b")]
    [InlineData("zzzzzzzz")]
    [InlineData("nowhere, nowhere")]
    public void Nothing_that_can_be_found_finds_nothing(string? q) => CitySearch.Find(q).ShouldBeEmpty();

    [Fact]
    public void Too_long_or_broken_text_finds_nothing()
    {
        CitySearch.Find(new string('a', 101)).ShouldBeEmpty();
        CitySearch.Find("par\udc00").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(int.MinValue, 1)]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    [InlineData(20, 20)]
    [InlineData(int.MaxValue, 20)]
    public void The_limit_is_held(int limit, int count) => CitySearch.Find("a", limit).Count.ShouldBe(count);

    [Fact]
    public void No_city_is_shown_twice_in_one_answer()
    {
        foreach (var q in new[] { "san jose", "mexico, mexico", "singapore", "georgia", "new york new york" })
            CitySearch.Find(q, 20).ShouldBeUnique();
    }

    [Fact]
    public void The_whole_list_is_what_it_claims_to_be()
    {
        var index = CityIndex.Load();
        index.Count.ShouldBeGreaterThanOrEqualTo(20_000);
        var cities = Enumerable.Range(0, index.Count).Select(city => index[city]).ToList();
        cities.Select(c => c.Population).ShouldBe(cities.Select(c => c.Population).OrderDescending());
        cities.Where(c => !IsWhole(c)).Take(10).ShouldBeEmpty();
        cities.Count(c => c.Region is null).ShouldBeLessThan(100);
        cities.Select(c => c.CountryCode).Distinct().Count().ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Every_city_of_the_list_can_be_found_by_its_name_and_place()
    {
        var index = CityIndex.Load();
        for (var number = 0; number < index.Count; number += 97)
        {
            var city = index[number];
            CitySearch.Find($"{city.Name}, {city.Region ?? city.Country}", 20).ShouldContain(city);
        }
    }

    private static bool IsWhole(City c) =>
        c.Name.Length > 0 && c.Country.Length > 0 && c.CountryCode.Length == 2 && c.Name.IsNormalized() && Folding.Fold(c.Name).Length > 0
        && c.Lat is >= -90 and <= 90 && c.Lng is >= -180 and <= 180 && Math.Round(c.Lat, 2) == c.Lat && Math.Round(c.Lng, 2) == c.Lng && c.Population >= 5_000;
}
