using System.CommandLine;
using System.Globalization;
using Juke.Client;
using Spectre.Console;

namespace Juke.Cli.Verbs;

/// <summary><c>juke fixtures</c>: the home screen.</summary>
internal static class FixturesVerb
{
    public static Command Build(Shell shell)
    {
        var page = new Option<int?>("--page") { Description = "From 1." };
        var perPage = new Option<int?>("--per-page") { Description = "1 to 50." };
        var leagues = new Option<long[]>("--league") { Description = "Only this competition, by its id. May be given again.", DefaultValueFactory = _ => [] };
        var verb = new Command("fixtures", "Upcoming fixtures, the next one first.") { page, perPage, leagues };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            await run.EnterAsync(RouteKind.Protected);
            var query = new FixtureQuery { Page = words.GetValue(page), PerPage = words.GetValue(perPage), Leagues = words.GetValue(leagues)! };
            var fixtures = await run.Session.Juke.UpcomingFixturesAsync(query, run.Cancellation);
            return run.Answer(Output.ToNode(fixtures), console =>
            {
                if (fixtures.Data.Count == 0)
                {
                    console.WriteLine(fixtures.Pagination.TotalItems == 0 ? "No fixtures in the next days." : $"The last page is {fixtures.Pagination.TotalPages}.");
                    return;
                }
                console.Write(Facts.Of(
                    ["KICK-OFF", "FIXTURE", "COMPETITION"],
                    fixtures.Data.Select(f => new[] { When(f.KickoffAt, run.Terminal.Time), f.Name, f.League?.Name })));
                var at = fixtures.Pagination;
                if (at.TotalPages > 1) console.WriteLine($"Page {at.Page} of {at.TotalPages}{(at.Page < at.TotalPages ? $"; the next one: --page {at.Page + 1}" : "")}");
            });
        }, cancellation));
        return verb;
    }

    private static string When(DateTimeOffset instant, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(instant, time.LocalTimeZone).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
