using System.Text.Json.Nodes;
using Juke.Desk.Google;
using Juke.Desk.Tests.StandIns;
using Xunit;

namespace Juke.Desk.Tests.Google;

/// <summary>A stand-in of one test, on a clock that stands, and an app before it.</summary>
public abstract class GoogleTest : IAsyncLifetime
{
    private protected StoppedClock Clock { get; } = new();

    private protected GoogleStandIn Google { get; private set; } = null!;

    private protected App App { get; private set; } = null!;

    private protected GooglePerson Somebody { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Google = await GoogleStandIn.StartAsync(time: Clock);
        App = new(Google.Address);
        Somebody = Google.Add(new() { Name = "Some Body", Email = "some.body@gmail.com" });
    }

    public async ValueTask DisposeAsync()
    {
        App.Dispose();
        await Google.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected string Code(string? nonce = null) => Google.IssueCode(Somebody, App.Callback, App.Challenge, nonce);

    private protected Task<Answer> ExchangeAsync(string code, params (string Name, string? Value)[] changes) =>
        App.FormAsync("/token", App.With(App.With(GoogleRequests.Exchange, ("code", code)), changes));

    private protected async Task<JsonObject> ClaimsAsync(string code) => GoogleSignInTests.Claims((await ExchangeAsync(code))["id_token"]!);

    private protected Task<Answer> AskAsync(params (string Name, string? Value)[] changes) => App.GetAsync(Page(changes));

    private protected Task<Answer> ChooseAsync(string person, params (string Name, string? Value)[] changes) => App.FormAsync(Page(changes), [new("person", person)]);

    private static string Page((string Name, string? Value)[] changes) => App.Query(GoogleRequests.Page, App.With(GoogleRequests.Authorize, changes));
}
