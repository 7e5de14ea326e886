using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Juke.Contract;
using Juke.Contract.Tests;
using Juke.Contract.Tests.Vectors;
using Juke.Server.Web;
using Juke.Server.Web.Onboarding;
using Juke.Testing;
using Npgsql;

namespace Juke.Web.Tests;

/// <summary>
/// The golden vectors of the profile through the wizard's forms: each case whose payload the questions can ask for, one form a
/// question. One person plays all of them, one after the other.
/// </summary>
public sealed partial class ProfileVectorTests(ProfileVectorTests.OnePerson ada) : IClassFixture<ProfileVectorTests.OnePerson>
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>A question and what is chosen there.</summary>
    private sealed record Answer(OnboardingStep Step, string[] Chosen);

    public static TheoryData<string, string> Sayable()
    {
        var names = new TheoryData<string, string>();
        foreach (var (file, c) in Cases())
            if (Said(c) is not null) names.Add(file, c.GetProperty("name").GetString()!);
        return names;
    }

    [Theory]
    [MemberData(nameof(Sayable))]
    public async Task Case(string file, string name)
    {
        var c = VectorFiles.Case(file, name);
        await ada.BecomeAsync(c);
        if (c.GetProperty("status").GetInt32() == (int)HttpStatusCode.OK) await KeptAsync(c, Said(c)!);
        else await RefusedAsync(c, Said(c)!.ShouldHaveSingleItem());
    }

    /// <summary>A form clears a list with <c>[]</c>, and without an answer nothing is sent.</summary>
    [Fact]
    public void All_but_two_lines_of_the_submission_can_be_said_by_the_forms() =>
        Cases().Where(c => c.File == "submission" && Said(c.Case) is null).Select(c => c.Case.GetProperty("name").GetString())
            .ShouldBe(["submission: nothing answered", "submission custom_data.hated_genres: null clears"]);

    /// <summary>contract/vectors/README.md names them.</summary>
    [Fact]
    public void The_forms_say_something_of_these_files() =>
        Cases().Where(c => Said(c.Case) is not null).Select(c => c.File).Distinct().ShouldBe(
            ["core-completion", "drift-1-wizard-saves", "drift-2-completion", "drift-4-lists", "drift-5-values", "drift-6-city", "drift-7-custom-data", "refusals", "submission"]);

    private async Task KeptAsync(JsonElement c, IReadOnlyList<Answer> answers)
    {
        var completes = c.GetProperty("completes").GetBoolean();
        if (completes) (await ada.Pages.SubmitAsync("/onboarding/username", "/onboarding/username", ("username", Payload(c).GetProperty("username").GetString()!))).Location.ShouldBe("/onboarding/genres");
        foreach (var answer in answers) (await SubmitAsync(answer)).Location.ShouldNotBeNull().ShouldStartWith("/onboarding/");
        var expected = VectorFiles.Expected(c.GetProperty("stored"), c.GetProperty("after"));
        foreach (var answer in answers) (await ShownAsync(answer.Step)).ShouldBe(Shown(answer.Step, JsonElement.Parse(expected)), answer.Step.Step);
        if (completes) (await ada.Pages.SubmitAsync("/onboarding/connect", "/onboarding/connect")).Location.ShouldBe("/home");
        await CheckStoredAsync(expected, completes);
    }

    private async Task RefusedAsync(JsonElement c, Answer answer)
    {
        var reply = await SubmitAsync(answer);
        ((int)reply.Status, reply.Location).ShouldBe((c.GetProperty("status").GetInt32(), null));
        foreach (var message in c.GetProperty("errors").EnumerateObject().SelectMany(e => e.Value.EnumerateArray()))
            WebUtility.HtmlDecode(reply.Body).ShouldContain(Sentences.Of(message.GetString()!));
        await CheckStoredAsync(VectorFiles.Expected(c.GetProperty("stored"), Nothing), isDone: false);
    }

    /// <summary>As the browser does with the module, which notes the order of choice; with what the page says that it showed.</summary>
    private async Task<PageReply> SubmitAsync(Answer answer)
    {
        var page = "/onboarding/" + answer.Step.Step;
        var before = Before().Matches((await ada.Pages.GetAsync(page)).Body).Select(m => (StepAnswer.Before, WebUtility.HtmlDecode(m.Groups[1].Value)));
        var fields = answer.Chosen.Select(v => ("answer", v)).Concat(before);
        if (answer.Step.Kind == StepKind.Choices) fields = fields.Append(("order", string.Join(' ', answer.Chosen)));
        return await ada.Pages.SubmitAsync(page, page, [.. fields]);
    }

    private async Task CheckStoredAsync(string expected, bool isDone)
    {
        var profile = (await ada.Phone.GetAsync("/api/v1/music-profiles/me/")).EnsureOk().Json.AsObject();
        (profile["onboarding_completed_at"] is not null).ShouldBe(isDone);
        foreach (var key in profile.Select(p => p.Key).Except(ProfileFields.Writable, StringComparer.Ordinal).ToList()) profile.Remove(key);
        SameJson.ShouldBe(profile.ToJsonString(), expected, "stored");
    }

    /// <summary>The values that the question has ticked.</summary>
    private async Task<IEnumerable<string>> ShownAsync(OnboardingStep step) =>
        Ticked().Matches((await ada.Pages.GetAsync("/onboarding/" + step.Step)).Body).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Order(StringComparer.Ordinal);

    /// <summary>The values that it should have: what is stored, but of artists the first, and no hated genre that is a favourite.</summary>
    private static IEnumerable<string> Shown(OnboardingStep step, JsonElement profile)
    {
        var values = Values(step, profile) ?? [];
        if (step.Kind == StepKind.Artist) values = [.. values.Take(1)];
        if (step.Excludes is { } other) values = [.. values.Except(profile.GetProperty(other).EnumerateArray().Select(v => v.GetString()!), StringComparer.Ordinal)];
        return values.Order(StringComparer.Ordinal);
    }

    /// <summary>The payload as answers; null where the questions cannot ask for exactly that.</summary>
    private static List<Answer>? Said(JsonElement c)
    {
        var user = c.GetProperty("user");
        var isCore = c.GetProperty("dialect").GetString() == "core";
        if (user.GetProperty("onboarded").GetBoolean() || Payload(c) is not { ValueKind: JsonValueKind.Object } payload) return null;
        if (isCore) payload = payload.GetProperty("profile");
        var left = payload.EnumerateObject().SelectMany(m => m is { Name: "custom_data", Value.ValueKind: JsonValueKind.Object }
            ? m.Value.EnumerateObject().Select(inner => "custom_data." + inner.Name) : [m.Name]).ToHashSet(StringComparer.Ordinal);
        var answers = new List<Answer>();
        foreach (var step in OnboardingDefinition.Default.Steps.Where(s => s.Kind != StepKind.Text && s.Field is { } field && left.Contains(field)))
        {
            if (Values(step, payload) is not { } values || (step.Kind == StepKind.City && !SaysWholeCity(payload, c.GetProperty("stored")))) return null;
            // None of a list is said by taking away what stands there; where nothing stands it is a question passed over.
            if (values.Length == 0 && step.Excludes is not null && Values(step, c.GetProperty("stored")) is not { Length: > 0 }) return null;
            // The pages are held to the definition, as the core dialect is: beyond it a list is refused.
            if (!isCore && step.Limits is { } limits && step.Kind != StepKind.City && values.Length > limits.Max) return null;
            if (!isCore && step.Kind == StepKind.Choices && values.Any(v => step.Options.All(o => o.Id != v))) return null;
            answers.Add(new(step, values));
            left.ExceptWith(step.Fields);
        }
        return left.Count == 0 && (answers.Count > 0 || isCore) ? answers : null;
    }

    /// <summary>A form says name and position together; a name alone only where no position stands that it would leave.</summary>
    private static bool SaysWholeCity(JsonElement payload, JsonElement stored) =>
        payload.TryGetProperty("city_lat", out _) == payload.TryGetProperty("city_lng", out _) && (payload.TryGetProperty("city_lat", out _) || !stored.TryGetProperty("location", out _));

    /// <summary>The inputs' values that stand for a question's part of a profile; null where there are none.</summary>
    private static string[]? Values(OnboardingStep step, JsonElement profile)
    {
        var value = profile;
        foreach (var key in step.Field!.Split('.'))
            if (!value.TryGetProperty(key, out value)) return [];
        return step.Kind switch
        {
            StepKind.City => City(value, profile),
            StepKind.Choice when value is { ValueKind: JsonValueKind.String } && value.GetString() is { Length: > 0 } only => [only],
            StepKind.Choice => value.ValueKind == JsonValueKind.Null ? [] : null,
            _ when value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String && v.GetString()!.Length > 0) =>
                [.. value.EnumerateArray().Select(v => v.GetString()!)],
            _ => null,
        };
    }

    private static string[]? City(JsonElement name, JsonElement profile)
    {
        if (name.ValueKind != JsonValueKind.String) return null;
        var position = new[] { "city_lat", "city_lng" }.Select(k => profile.TryGetProperty(k, out var half) && half.ValueKind != JsonValueKind.Null ? half : (JsonElement?)null).ToList();
        if (position.Any(p => p is { ValueKind: not JsonValueKind.Number }) || position[0] is null != position[1] is null) return null;
        if (name.GetString()!.Length == 0) return position[0] is null ? [] : null;
        return [FormattableString.Invariant($"{position[0]?.GetDouble()};{position[1]?.GetDouble()};{name.GetString()}")];
    }

    /// <summary>Undefined where the case says it as text: what JSON cannot say, a form cannot either.</summary>
    private static JsonElement Payload(JsonElement c) => c.TryGetProperty("payload", out var payload) ? payload : default;

    private static IEnumerable<(string File, JsonElement Case)> Cases() => VectorFiles.Cases(f => f != "legacy-rows");

    [GeneratedRegex("<input type=\"(?:checkbox|radio)\" name=\"answer\" value=\"([^\"]*)\" checked")]
    private static partial Regex Ticked();

    [GeneratedRegex("<input type=\"hidden\" name=\"before\" value=\"([^\"]*)\"")]
    private static partial Regex Before();

    /// <summary>One server, and one person at the pages and at a phone, who becomes whom a case is about.</summary>
    public sealed class OnePerson : IAsyncLifetime
    {
        private JukeServer server = null!;
        private NpgsqlConnection database = null!;

        internal PageClient Pages { get; private set; } = null!;

        internal TestClient Phone { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            server = await Site.StartServerAsync();
            database = await server.Database.OpenConnectionAsync();
            Pages = await new PageClient(server.Url).RegisterAsync();
            Phone = server.NewClient();
            (await Phone.LoginAsync(Pages.Email)).EnsureOk();
        }

        internal Task BecomeAsync(JsonElement c)
        {
            var user = c.GetProperty("user");
            return StoredPerson.StoreAsync(
                database, Phone.UserId, user.GetProperty("username").GetString(), user.GetProperty("onboarded").GetBoolean(), VectorFiles.Profile(c.GetProperty("stored")));
        }

        public async ValueTask DisposeAsync()
        {
            Phone.Dispose();
            Pages.Dispose();
            await database.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
