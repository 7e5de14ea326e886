using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Juke.Desk.StandIns;

/// <summary>
/// <c>/desk/</c> of a stand-in: a page for people, and the same as a JSON API for programs. It speaks only of what is pretended, so it
/// asks for no password.
/// </summary>
/// <param name="service">Whom it stands in for.</param>
/// <param name="faults">What can go wrong.</param>
/// <param name="switches">What can be changed.</param>
internal sealed class ControlPage(string service, Faults faults, IReadOnlyList<Switch> switches)
{
    /// <summary>Everybody, as the page and the API show them.</summary>
    public required Func<IEnumerable<JsonObject>> People { get; init; }

    /// <summary>Adds somebody, or changes the one whose key was given, and gives them back.</summary>
    public required Func<Words, JsonObject> Put { get; init; }

    /// <summary>Everything as it was at the start.</summary>
    public required Action Reset { get; init; }

    /// <summary>Further verbs of the API, by their path under /desk/.</summary>
    public IReadOnlyDictionary<string, Func<Words, JsonObject>> Verbs { get; init; } = new Dictionary<string, Func<Words, JsonObject>>(StringComparer.Ordinal);

    /// <summary>The verbs among <see cref="Verbs"/> that have a button beside each person, and their labels.</summary>
    public IReadOnlyList<(string Path, string Label)> PersonButtons { get; init; } = [];

    /// <summary>The verb among <see cref="Verbs"/> that has a button of its own, and its label; null = none.</summary>
    public (string Path, string Label)? Button { get; init; }

    /// <summary>Adds the routes.</summary>
    public void Map(Listener listener)
    {
        listener.Plain(HttpMethods.Get, "/desk/", context => ShowAsync(context, listener));
        listener.Plain(HttpMethods.Get, "/desk/calls", context => Reply.JsonAsync(context, new JsonArray([.. listener.Calls.Select(Line)])));
        listener.Plain(HttpMethods.Get, "/desk/people", context => Reply.JsonAsync(context, new JsonArray([.. People()])));
        Verb(listener, "faults", Break);
        Verb(listener, "mode", Change);
        Verb(listener, "people", Put);
        Verb(listener, "reset", _ =>
        {
            Reset();
            return [];
        });
        foreach (var (path, work) in Verbs) Verb(listener, path, work);
    }

    private static void Verb(Listener listener, string path, Func<Words, JsonObject> work) => listener.Plain(HttpMethods.Post, "/desk/" + path, async context =>
    {
        try
        {
            var words = await Words.ReadAsync(context.Request);
            var answer = work(words);
            if (words.FromForm) context.Response.Redirect("/desk/");
            else await Reply.JsonAsync(context, answer);
        }
        catch (ControlException e)
        {
            await Reply.JsonAsync(context, new JsonObject { ["error"] = e.Message }, StatusCodes.Status400BadRequest);
        }
    });

    /// <summary><c>{endpoint, fault, times?, always?, status?, body?, contentType?, retryAfter?, url?}</c>; <c>{clear: true}</c> mends all.</summary>
    private JsonObject Break(Words words)
    {
        if (words["clear"] == "true")
        {
            faults.Clear();
            return [];
        }
        if (words["endpoint"] is not { } endpoint || !faults.Endpoints.Contains(endpoint, StringComparer.Ordinal)) throw new ControlException($"endpoint is one of {string.Join(", ", faults.Endpoints)}.");
        if (words["fault"] is not { } name || Fault.Named(name, word => words[word]) is not { } fault) throw new ControlException($"fault is one of {string.Join(", ", Fault.Names)}; status wants a status of 200 to 599 beside it.");
        if (words["always"] == "true") faults.Always(endpoint, fault);
        else if (int.TryParse(words["times"] ?? "1", CultureInfo.InvariantCulture, out var times) && times is >= 1 and <= 1000) faults.Next(endpoint, fault, times);
        else throw new ControlException("times is 1 to 1000.");
        return new() { ["set"] = new JsonArray([.. faults.Set.Select(line => JsonValue.Create(line))]) };
    }

    private JsonObject Change(Words words)
    {
        foreach (var (name, value) in words.All) (switches.FirstOrDefault(one => one.Name == name) ?? throw new ControlException($"{name} is none of {string.Join(", ", switches.Select(one => one.Name))}.")).To(value);
        return new(switches.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)JsonValue.Create(one.Get()))));
    }

    private async Task ShowAsync(HttpContext context, Listener listener)
    {
        var html = new StringBuilder();
        if (switches.Count > 0) html.Append($"<h2>Switches</h2>\n<form method=\"post\" action=\"/desk/mode\">\n{string.Concat(switches.Select(Field))}<button>Change</button>\n</form>\n");
        if (Button is { } button) html.Append($"<h2>Keys</h2>\n{Press(button.Path, button.Label)}\n");
        html.Append("<h2>Faults</h2>\n");
        html.Append(faults.Set.Count == 0 ? "<p>Everything works.</p>\n" : $"<ul>{string.Concat(faults.Set.Select(line => $"<li>{Page.E(line)}</li>"))}</ul>\n");
        html.Append($"""
            <form method="post" action="/desk/faults">
            <label>Where{Select("endpoint", faults.Endpoints)}</label>
            <label>What{Select("fault", Fault.Names)}</label>
            <label>How often<input name="times" value="1" inputmode="numeric" autocomplete="off"></label>
            <label>Until it is mended{Select("always", ["false", "true"])}</label>
            <label>Status (for status)<input name="status" inputmode="numeric" autocomplete="off"></label>
            <label>Retry-After (for too-many-requests)<input name="retryAfter" autocomplete="off"></label>
            <label>Address (for redirect)<input name="url" autocomplete="off"></label>
            <button>Break it</button>
            </form>
            <div class="gap">{Press("faults", "Mend everything", "clear", "true")}</div>
            <h2>People</h2>
            <ul class="people">{string.Concat(People().Select(Entry))}</ul>
            <h2>Who this browser is</h2>
            {Press("sign-out", "Forget it")}
            <h2>Last calls</h2>
            <ul>{string.Concat(listener.Calls.TakeLast(20).Reverse().Select(call => $"<li>{call.At:HH:mm:ss} {Page.E(call.Endpoint)} {Page.E(call.GrantType)}</li>"))}</ul>
            <h2>Start again</h2>
            {Press("reset", "Reset everything")}
            """);
        await Page.WriteAsync(context, service, $"Control page of {service}", html.ToString());
    }

    private static string Field(Switch one) => one.Choices is null
        ? $"<label>{Page.E(one.Label)}<input name=\"{Page.E(one.Name)}\" value=\"{Page.E(one.Get())}\" autocomplete=\"off\"></label>\n"
        : $"<label>{Page.E(one.Label)}{Select(one.Name, one.Choices, one.Get())}</label>\n";

    private string Entry(JsonObject person)
    {
        var (label, key) = (person["label"]?.ToString(), person["key"]?.ToString());
        var press = string.Concat(PersonButtons.Select(button => Press(button.Path, $"{button.Label} {label}", "person", key)));
        return $"<li>{Page.E(label)} <span class=\"soft\">({Page.E(key)})</span>{press}</li>";
    }

    private static string Press(string path, string label, string? name = null, string? value = null) =>
        $"<form method=\"post\" action=\"/desk/{path}\">{(name is null ? "" : $"<input type=\"hidden\" name=\"{name}\" value=\"{Page.E(value)}\">")}<button>{Page.E(label)}</button></form>";

    private static string Select(string name, IReadOnlyList<string> choices, string? chosen = null) =>
        $"<select name=\"{Page.E(name)}\">{string.Concat(choices.Select(choice => $"<option{(choice == chosen ? " selected" : "")}>{Page.E(choice)}</option>"))}</select>";

    private static JsonObject Line(Call call) => new() { ["endpoint"] = call.Endpoint, ["grantType"] = call.GrantType, ["at"] = call.At };
}
