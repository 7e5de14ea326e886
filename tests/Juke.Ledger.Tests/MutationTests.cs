using System.Text.Json.Nodes;
using Juke.Desk;
using Juke.Desk.Ledger;
using Shouldly;
using Xunit;

namespace Juke.Ledger.Tests;

/// <summary>Proof that the guard bites: each kind of change to a frozen version is caught, judged and named, with its two ways out.</summary>
public sealed class MutationTests(ServedContract served)
{
    private const bool Breaking = true;
    private const bool Additive = false;

    private static readonly IReadOnlyList<(string Name, bool IsBreaking, string Line, Action<Mutable> Change)> Mutations =
    [
        // Operations
        ("operation dropped", Breaking, "GET /auth/me : SignedIn", d => d.Paths.Remove("/auth/me")),
        ("operation added", Additive, "GET /auth/you : SignedIn", d => d.Paths["/auth/you"] = d.Paths["/auth/me"]!.DeepClone()),
        ("path renamed", Breaking, "GET /auth/me : SignedIn", d => d.Move(d.Paths, "/auth/me", "/auth/myself")),
        ("method changed", Breaking, "PATCH /api/users/profile : Onboarded", d => d.Move(d.Paths["/api/users/profile"]!, "patch", "put")),
        ("gate asks for more", Breaking, "GET /auth/me : Onboarded", d => d.Get("/auth/me")["x-juke-gate"] = "Onboarded"),
        ("gate asks for less", Additive, "GET /api/users/profile : SignedIn", d => d.Get("/api/users/profile")["x-juke-gate"] = "SignedIn"),
        ("credential asked where none was", Breaking, "POST /auth/login security bearer", d => d.Post("/auth/login")["security"] = JsonNode.Parse("""[{"bearer":[]}]""")),
        ("credential not asked any more", Additive, "GET /auth/me security bearer", d => d.Get("/auth/me")["security"] = new JsonArray()),
        ("second way to be authorised", Additive, "GET /auth/me security key", d => d.Get("/auth/me")["security"]!.AsArray().Add(JsonNode.Parse("""{"key":[]}"""))),
        ("security scheme changed", Breaking, "security bearer : http basic", d => d.Components["securitySchemes"]!["bearer"]!["scheme"] = "basic"),

        ("credential in another header", Breaking, "security token : apiKey header X-Token", d => d.Components["securitySchemes"]!["token"]!["name"] = "X-Token"),

        // Members of answers
        ("answer member dropped", Breaking, "GET /auth/me 200 application/json $.role", d => d.Properties("User").Remove("role")),
        ("answer member renamed", Breaking, "GET /auth/me 200 application/json $.hasPassword", d => d.Move(d.Properties("User"), "hasPassword", "passwordSet")),
        ("answer member added", Additive, "GET /auth/me 200 application/json $.anthem", d => d.Properties("User")["anthem"] = JsonNode.Parse("""{"type":"string"}""")),
        ("answer member retyped", Breaking, "GET /auth/me 200 application/json $.id : string", d => d.Properties("User")["id"]!["type"] = "string"),
        ("answer member may be null", Breaking, "$.user.id : integer|null", d => d.Properties("User")["id"]!["type"] = JsonNode.Parse("""["integer","null"]""")),
        ("answer member is never null now", Additive, "$.email : string required", d => d.Properties("User")["email"]!["type"] = "string"),
        ("answer member may be absent", Breaking, "$.role : string optional", d => d.Unrequire("User", "role")),
        ("answer member is always there now", Additive, "$.data[].league : object required", d => d.Schemas["Fixture"]!["required"]!.AsArray().Add("league")),
        ("answer value added to a closed list", Breaking, "$.role = \"owner\"", d => d.Properties("User")["role"]!["enum"]!.AsArray().Add("owner")),
        ("answer value removed from a closed list", Additive, "$.sessions[].kind = \"juke\"", d => d.Without(d.Properties("SessionInfo")["kind"]!["enum"]!, "juke")),
        ("answer values of a closed list opened", Breaking, "$.sessions[].kind = \"app\"", d => d.Properties("SessionInfo")["kind"]!.AsObject().Remove("enum")),
        ("answer format changed", Breaking, "$.sessions[].createdAt : string required format=date", d => d.Properties("SessionInfo")["createdAt"]!["format"] = "date"),
        ("answer list holds something else", Breaking, "$.missing[] : integer", d => d.Properties("ProblemBody")["missing"]!["items"]!["type"] = "integer"),
        ("answer object may be null", Breaking, "$.user : null|object required", d => d.Properties("AuthResult")["user"] = JsonNode.Parse("""{"oneOf":[{"$ref":"#/components/schemas/User"},{"type":"null"}]}""")),

        // Members of requests
        ("request member required and new", Breaking, "POST /auth/login body application/json $.captcha", d => d.Ask("LoginRequest", "captcha", required: true)),
        ("request member optional and new", Additive, "POST /auth/login body application/json $.captcha", d => d.Ask("LoginRequest", "captcha", required: false)),
        ("request member dropped", Breaking, "POST /auth/register body application/json $.name", d => d.Properties("RegisterRequest").Remove("name")),
        ("request member becomes required", Breaking, "$.username : null|string required", d => d.Schemas["RegisterRequest"]!["required"]!.AsArray().Add("username")),
        ("request member becomes optional", Additive, "$.password : string optional", d => d.Unrequire("RegisterRequest", "password")),
        ("request member may not be null any more", Breaking, "$.username : string optional", d => d.Properties("RegisterRequest")["username"]!["type"] = "string"),
        ("request member retyped", Breaking, "$.token : integer", d => d.Properties("EmailTokenRequest")["token"]!["type"] = "integer"),
        ("request maximum lowered", Breaking, "maxLength=40", d => d.Properties("CompleteRequest")["username"]!["maxLength"] = 40),
        ("request maximum raised", Additive, "maxLength=60", d => d.Properties("CompleteRequest")["username"]!["maxLength"] = 60),
        ("request minimum raised", Breaking, "minLength=5", d => d.Properties("CompleteRequest")["username"]!["minLength"] = 5),
        ("request limit new", Breaking, "maxLength=500", d => d.Properties("LoginRequest")["password"]!["maxLength"] = 500),
        ("request limit gone", Additive, "$.image : null|string optional format=uri", d => d.Properties("UpdateProfileRequest")["image"]!.AsObject().Remove("maxLength")),
        ("request pattern changed", Breaking, "pattern=^[a-f0-9]*$", d => d.Properties("RefreshRequest")["attempt"]!["pattern"] = "^[a-f0-9]*$"),
        ("request format new", Breaking, "$.emailOrUsername : string required format=email", d => d.Properties("LoginRequest")["emailOrUsername"]!["format"] = "email"),
        ("request closed to unknown members", Breaking, "POST /api/open body application/json : object closed", _ => { }),
        ("body member written in another form", Breaking, "$.password : string required minLength=1 encoding=text/xml", d => d.Post("/auth/login")["requestBody"]!["content"]!["application/json"]!["encoding"] = JsonNode.Parse("""{"password":{"contentType":"text/xml"}}""")),
        ("body becomes required", Breaking, "POST /auth/refresh body : required", d => d.Post("/auth/refresh")["requestBody"]!["required"] = true),
        ("body becomes optional", Additive, "POST /auth/login body : optional", d => d.Post("/auth/login")["requestBody"]!["required"] = false),
        ("body of another media type", Breaking, "POST /auth/login body application/json", d => d.Move(d.Post("/auth/login")["requestBody"]!["content"]!, "application/json", "application/x-www-form-urlencoded")),

        // Parameters and headers
        ("query parameter dropped", Breaking, "GET /fixtures/upcoming query leagues", d => d.Without(d.Get("/fixtures/upcoming")["parameters"]!, p => (string?)p["name"] == "leagues")),
        ("query parameter optional and new", Additive, "GET /auth/me query fields", d => d.AddParameter("/auth/me", "query", required: false)),
        ("query parameter required and new", Breaking, "GET /auth/me query fields", d => d.AddParameter("/auth/me", "query", required: true)),
        ("query list written in another form", Breaking, "query leagues : array optional maxItems=200 explode=true", d => d.Parameter("/fixtures/upcoming", "leagues")["explode"] = true),
        ("query limit lowered", Breaking, "maximum=10", d => d.Parameter("/fixtures/upcoming", "perPage")["schema"]!["maximum"] = 10),
        ("query limit raised", Additive, "maximum=100", d => d.Parameter("/fixtures/upcoming", "perPage")["schema"]!["maximum"] = 100),
        ("query default changed", Breaking, "default=30", d => d.Parameter("/fixtures/upcoming", "perPage")["schema"]!["default"] = 30),
        ("query value not read any more", Breaking, "include $[] = \"odds\"", d => d.Without(d.Parameter("/fixtures/upcoming", "include")["schema"]!["items"]!["enum"]!, "odds")),
        ("query value read in addition", Additive, "include $[] = \"venue\"", d => d.Parameter("/fixtures/upcoming", "include")["schema"]!["items"]!["enum"]!.AsArray().Add("venue")),
        ("path parameter retyped", Breaking, "path id : integer required", d => d.Of("/auth/sessions/{id}", "delete")["parameters"]![0]!["schema"]!["type"] = "integer"),
        ("request header dropped", Breaking, "POST /auth/login header X-Client", d => d.Without(d.Post("/auth/login")["parameters"]!, p => (string?)p["name"] == "X-Client")),
        ("cookie not read any more", Breaking, "POST /auth/logout cookie user_refresh_token", d => d.Without(d.Post("/auth/logout")["parameters"]!, p => (string?)p["in"] == "cookie")),
        ("answer header dropped", Breaking, "GET /auth/me 200 header Trace-Id", d => d.Get("/auth/me")["responses"]!["200"]!["headers"]!.AsObject().Remove("Trace-Id")),
        ("answer header added", Additive, "GET /auth/me 200 header ETag", d => d.Get("/auth/me")["responses"]!["200"]!["headers"]!["ETag"] = JsonNode.Parse("""{"schema":{"type":"string"}}""")),

        // Statuses and codes
        ("status that passes added", Additive, "GET /auth/me 429", d => d.Get("/auth/me")["responses"]!["429"] = JsonNode.Parse("""{"$ref":"#/components/responses/TOO_MANY_REQUESTS"}""")),
        ("status added", Breaking, "GET /auth/me 409", d => d.Get("/auth/me")["responses"]!["409"] = JsonNode.Parse("""{"$ref":"#/components/responses/USERNAME_TAKEN"}""")),
        ("status dropped", Breaking, "POST /auth/register 409", d => d.Post("/auth/register")["responses"]!.AsObject().Remove("409")),
        ("success answers another status", Breaking, "GET /auth/me 200", d => d.Move(d.Get("/auth/me")["responses"]!, "200", "206")),
        ("problem code added under a known status", Additive, "POST /auth/onboarding/complete 409 code EMAIL_TAKEN", d => d.Post("/auth/onboarding/complete")["responses"]!["409"] = JsonNode.Parse("""{"$ref":"#/components/responses/EMAIL_TAKEN.USERNAME_TAKEN"}""")),
        ("problem code dropped", Breaking, "POST /auth/register 409 code EMAIL_TAKEN", d => d.Post("/auth/register")["responses"]!["409"] = JsonNode.Parse("""{"$ref":"#/components/responses/USERNAME_TAKEN"}""")),
        ("problem code renamed", Breaking, "problem $.code = \"FORBIDDEN\"", d => d.Rename(d.Properties("ProblemBody")["code"]!["enum"]!, "FORBIDDEN", "NOT_ALLOWED")),
        ("problem code new in the list", Additive, "problem $.code = \"TEAPOT\"", d => d.Properties("ProblemBody")["code"]!["enum"]!.AsArray().Add("TEAPOT")),
        ("problem code gets another status", Breaking, "problem code NO_PASSWORD : 409", d => d.Schemas["ProblemBody"]!["x-juke-statuses"]!["NO_PASSWORD"] = 409),
        ("problem member dropped", Breaking, "problem $.suggestion", d => d.Properties("ProblemBody").Remove("suggestion")),
        ("answer of another media type", Breaking, "GET /auth/me 200 application/json", d => d.Move(d.Get("/auth/me")["responses"]!["200"]!["content"]!, "application/json", "application/cbor")),
        ("problem not as problem+json any more", Breaking, "409 application/problem+json", d => d.Components["responses"]!["USERNAME_TAKEN"]!["content"]!.AsObject().Remove("application/problem+json")),
        ("refusal of another shape", Breaking, "409 application/json : object", d => d.Components["responses"]!["USERNAME_TAKEN"]!["content"]!["application/json"]!["schema"] = JsonNode.Parse("""{"$ref":"#/components/schemas/Done"}""")),
    ];

    public static TheoryData<string> Names() => [.. Mutations.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_change_of_a_frozen_version_is_caught_judged_and_named(string name)
    {
        var (_, isBreaking, line, change) = Mutations.Single(m => m.Name == name);
        var before = served.Document;
        var after = served.Document;
        if (name == "request closed to unknown members") (before, after) = Mutable.OpenThenClosed(before);
        if (name.StartsWith("answer value", StringComparison.Ordinal)) (before, after) = (Mutable.WithClosedLists(before), Mutable.WithClosedLists(after));
        change(new Mutable(after));

        using var copy = new ContractCopy();
        copy.Folder.Write(before);
        copy.Freeze(before);
        var complaint = copy.Folder.Complaints(after).ShouldHaveSingleItem();
        complaint.ShouldContain(line);
        complaint.ShouldContain("Two ways out: put it back, or open a version for it: ./dev contract open");
        var changes = WireChanges.Between(WireLines.Of(before), WireLines.Of(after));
        changes.Any(c => c.IsBreaking).ShouldBe(isBreaking, string.Join('\n', changes));
        changes.ShouldContain(c => c.IsBreaking == isBreaking && $"{c.Line} (was: {c.Before})".Contains(line, StringComparison.Ordinal), string.Join('\n', changes));
    }

    [Fact]
    public void There_are_at_least_25_kinds() => Mutations.Select(m => m.Name).Distinct().Count().ShouldBeGreaterThanOrEqualTo(25);

    [Fact]
    public void Names_of_schemas_texts_and_examples_are_no_facts()
    {
        var changed = new Mutable(JsonNode.Parse(served.Text.Replace("schemas/User\"", "schemas/Person\"", StringComparison.Ordinal))!);
        changed.Move(changed.Schemas, "User", "Person");
        changed.Get("/auth/me")["summary"] = "Another summary";
        changed.Get("/auth/me")["operationId"] = "whoAmI";
        changed.Get("/auth/me")["tags"] = new JsonArray("Other");
        changed.Schemas["Person"]!["description"] = "Another text";
        changed.Components["examples"]!.AsObject().Clear();
        WireChanges.Between(WireLines.Of(served.Document), WireLines.Of(changed.Document)).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_ledger_cannot_say_stops_it()
    {
        var changed = new Mutable(served.Document);
        changed.Properties("User")["name"]!["contentEncoding"] = "base64";
        Should.Throw<DeskException>(() => WireLines.Of(changed.Document)).Message.ShouldContain("contentEncoding");
        changed = new Mutable(served.Document);
        changed.Get("/auth/me")["callbacks"] = new JsonObject();
        Should.Throw<DeskException>(() => WireLines.Of(changed.Document)).Message.ShouldContain("callbacks");
        changed = new Mutable(served.Document);
        changed.Parameter("/fixtures/upcoming", "leagues")["style"] = "pipeDelimited";
        Should.Throw<DeskException>(() => WireLines.Of(changed.Document)).Message.ShouldContain("style");
        changed = new Mutable(served.Document);
        changed.Get("/auth/me")["responses"]!["200"]!["links"] = new JsonObject();
        Should.Throw<DeskException>(() => WireLines.Of(changed.Document)).Message.ShouldContain("links");
    }

    [Fact]
    public void Lines_are_sorted_unique_and_in_one_piece()
    {
        var lines = WireLines.Of(served.Document);
        lines.ShouldBe(lines.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal));
        lines.ShouldAllBe(l => l.Length > 0 && !l.Contains('\n'));
    }
}
