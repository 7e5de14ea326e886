using Juke.Contract;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.SignUp;
using Microsoft.AspNetCore.Components;
using Npgsql;

namespace Juke.Server.Web.Pages;

/// <summary>
/// "Connect this Spotify account to that Juke account?" Whoever opened a link with a token is asked here, and nothing is linked
/// before they say yes: a link that somebody else made would give them the visitor's Spotify account (contract §4).
/// </summary>
public partial class ConnectSpotifyPage
{
    /// <summary>Holds the question's state, and what went wrong.</summary>
    [Parameter, EditorRequired]
    public PageForm Form { get; set; } = default!;

    /// <summary>The Spotify account as Spotify calls it; null when the question is not open any more.</summary>
    [Parameter]
    public string? Spotify { get; set; }

    /// <summary>The Juke account.</summary>
    [Parameter]
    public string? Juke { get; set; }

    /// <summary>Where the app is, once nothing was connected; null before.</summary>
    [Parameter]
    public string? Back { get; set; }

    /// <summary>Why nothing was connected, as a word of <c>Trouble_connect_…</c>; null when nothing went wrong.</summary>
    [Parameter]
    public string? Why { get; set; }

    internal static void Map(IEndpointRouteBuilder anyone)
    {
        anyone.MapGet("/connect/spotify", (HttpContext http, Trips trips, NpgsqlDataSource database, CancellationToken cancellation) =>
            ShowAsync(http, new PageForm { ["state"] = TripEnds.One(http, "state") ?? "" }, trips, database, cancellation));

        anyone.MapPost("/connect/spotify", async (HttpContext http, Trips trips, ConnectSpotify connect, TripEnds ends, NpgsqlDataSource database, CancellationToken cancellation) =>
        {
            var form = await PageForm.ReadAsync(http);
            if (!form.IsFine) return await ShowAsync(http, form, trips, database, cancellation);
            if (await trips.TakeQuestionAsync(http, form["state"], cancellation) is not { } question) return ends.Refuse(http, ProviderPerson.Spotify, "nothing was asked", isConnect: true);
            if (form["answer"] == "yes")
            {
                var outcome = await connect.RunAsync(question.Trip.UserId!.Value, question.Trip.Sid!, question.Proof, "by a link, confirmed", unfinishedYields: false, cancellation);
                if (outcome.Failed) return Fail(form, question.Trip, outcome.Problem);
            }
            return question.Trip.ReturnTo is { } back ? NextPath.Check(back) is { } page ? new SeeOther(page) : Page.Leave(http, back)
                : form["answer"] == "yes" ? SeeOther.WithNotice("/", nameof(Texts.Notice_SpotifyConnected)) : new SeeOther("/");
        });
    }

    /// <summary>
    /// Says why on the spot, with the way back as a link: the browser may be nobody's here, and the page to sign in would say that
    /// signing in failed.
    /// </summary>
    private static IResult Fail(PageForm form, ProviderTrip trip, Problem problem) => Page.Show<ConnectSpotifyPage>(
        new { Form = form, Why = TripEnds.WordOf(ProviderPerson.Spotify, problem.Code), Back = trip.ReturnTo ?? "/" }, problem.Status);

    private static async Task<IResult> ShowAsync(HttpContext http, PageForm form, Trips trips, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (await trips.FindQuestionAsync(http, form["state"], cancellation) is not { } question)
            return Page.Show<ConnectSpotifyPage>(new { Form = form }, form.IsFine ? StatusCodes.Status400BadRequest : form.Status);
        var person = question.Proof.Person;
        return Page.Show<ConnectSpotifyPage>(
            new { Form = form, Spotify = person.Name ?? person.ExternalId ?? "", Juke = await NameAsync(question.Trip.UserId!.Value, database, cancellation) }, form.Status);
    }

    private static async Task<string> NameAsync(long userId, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Accounts.ById);
        command.Parameters.Add(Sql.P(userId));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var account = Accounts.Read(row);
        // Never the display name: whoever sent the link chose it freely, and it can read like the visitor's own.
        return account.UsernameMissing ? Texts.Connect_Unnamed : "@" + account.Username;
    }
}
