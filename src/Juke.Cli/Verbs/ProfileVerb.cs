using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Juke.Cli.Answers;
using Juke.Client;
using Juke.Contract;
using Juke.Contract.Wire;
using Spectre.Console;

namespace Juke.Cli.Verbs;

/// <summary><c>juke profile get</c> and <c>set</c>: the account as others see it, and the music profile.</summary>
internal static class ProfileVerb
{
    public static Command Build(Shell shell) => new("profile", "Your profile.") { Get(shell), Set(shell) };

    private static Command Get(Shell shell)
    {
        var verb = new Command("get", "Show it.");
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            await run.EnterAsync(RouteKind.Protected);
            return await ShowAsync(run);
        }, cancellation));
        return verb;
    }

    private static Command Set(Shell shell)
    {
        var fields = new Argument<string[]>("FIELD=VALUE")
        {
            Description = $"Answers of the music profile. An empty value clears; a list is separated by commas, or JSON. Fields: {string.Join(", ", AnswerFields.Names)}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var username = new Option<string?>("--username") { Description = "A new username." };
        var name = new Option<string?>("--name") { Description = "The account's display name." };
        var image = new Option<string?>("--image") { Description = "Address of the account's picture; empty for none." };
        var verb = new Command("set", "Change it. What is not named stays.") { fields, username, name, image };
        verb.SetAction((words, cancellation) => shell.RunAsync(words, async run =>
        {
            var answers = AnswerFields.Parse(words.GetValue(fields)!);
            var account = new UpdateProfileRequest(
                words.GetValue(username) is { } u ? new Optional<string>(u) : default,
                words.GetValue(name) is { } n ? new Optional<string>(n) : default,
                words.GetValue(image) is { } i ? new Optional<string?>(i.Length == 0 ? null : i) : default);
            var changesAccount = account != new UpdateProfileRequest();
            if (answers.Count == 0 && !changesAccount) throw Refusal.WrongWords("Nothing to change: give FIELD=VALUE, --username, --name or --image.");
            await run.EnterAsync(RouteKind.Protected);
            // The account first: it is what can be refused for somebody else's sake.
            if (changesAccount) await run.Session.Juke.UpdateUserProfileAsync(account, run.Cancellation);
            if (answers.Count > 0) await run.Session.Juke.SaveMyMusicProfileAsync(answers, null, run.Cancellation);
            return await ShowAsync(run);
        }, cancellation));
        return verb;
    }

    private static async Task<int> ShowAsync(Run run)
    {
        var account = await run.Session.Juke.GetUserProfileAsync(run.Cancellation);
        var music = (await run.Session.Juke.GetMyMusicProfileAsync(null, run.Cancellation))!.Value;
        var json = new JsonObject { ["account"] = Output.ToNode(account), ["music"] = JsonSerializer.SerializeToNode(music, JukeJson.Plain.MusicProfile) };
        return run.Answer(json, console => console.Write(Facts.Of(
            ("username", account.User.Username), ("e-mail", account.User.Email), ("name", account.User.Name), ("picture", account.User.Image), ("level", $"{account.Profile.Level}"),
            ("display_name", music.DisplayName), ("tagline", music.Tagline), ("bio", music.Bio), ("location", music.Location),
            ("favorite_genres", List(music.FavoriteGenres)), ("favorite_artists", List(music.FavoriteArtists)),
            ("favorite_albums", List(music.FavoriteAlbums)), ("favorite_tracks", List(music.FavoriteTracks)), ("custom_data", music.CustomData.GetRawText()))));
    }

    private static string List(IReadOnlyList<string> entries) => string.Join(", ", entries);
}
