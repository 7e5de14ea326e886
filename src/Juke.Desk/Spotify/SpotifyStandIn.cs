using Juke.Desk.StandIns;

namespace Juke.Desk.Spotify;

/// <summary>
/// Stands in for Spotify on a loopback port: the accounts service (<c>/authorize</c>, <c>/api/token</c>) and the Web API
/// (<c>/v1/me</c>, <c>/v1/search</c>). It refuses what the real one refuses. Facts: Spotify's documentation and reports as of
/// November 2026; where a text was only seen by others, the endpoint says so.
/// </summary>
internal sealed class SpotifyStandIn : IAsyncDisposable
{
    /// <summary>The one app that is registered here.</summary>
    public const string ClientId = "5f0a1e7c0de54a2db1c3jukestandin0";

    /// <summary>Its secret: no secret of anything.</summary>
    public const string ClientSecret = "not-a-secret-5f0a1e7c0de54a2db1c3";

    private readonly Listener listener;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly List<SpotifyPerson> people = [];
    private readonly Dictionary<SpotifyPerson, HashSet<string>> consents = [];
    private readonly SpotifyMode first;

    private SpotifyStandIn(int port, TimeProvider time, SpotifyMode first)
    {
        (this.time, this.first, Mode) = (time, first, first);
        Grants = new(time);
        listener = new(port, Faults, time);
        AddPeople();
        new AuthorizeEndpoint(this).Map(listener);
        new TokenEndpoint(this).Map(listener);
        new WebApi(this).Map(listener);
        new SpotifyDesk(this).Map(listener);
    }

    /// <summary>Where it listens: the base of both services.</summary>
    public Uri Address => listener.Address;

    /// <summary>The page and the API that flip the switches.</summary>
    public Uri ControlPage => new(Address, "/desk/");

    /// <summary>Where an authorization may return to. A loopback IP without a port stands for any port.</summary>
    public List<string> RedirectUris { get; } = ["http://127.0.0.1/callback", "juke://spotify-callback"];

    /// <summary>Which fields and limits the Web API has.</summary>
    public SpotifyMode Mode { get; set; }

    /// <summary>Whether /v1/me gives account_id (since May 2026).</summary>
    public bool GiveAccountId { get; set; } = true;

    /// <summary>Whether a refresh gives a new refresh token, which ends the old one. Spotify stopped doing so in June 2026.</summary>
    public bool RotateRefreshTokens { get; set; }

    /// <summary>The scopes that people grant at most, separated by spaces; null = all that were asked for.</summary>
    public string? GrantOnly { get; set; }

    /// <summary>Whether the app's owner pays; if not, the Web API answers 403 to everybody.</summary>
    public bool OwnerHasPremium { get; set; } = true;

    /// <summary>What goes wrong: at authorize, token, me, search, artist.</summary>
    public Faults Faults { get; } = new(["authorize", "token", "me", "search", "artist"]);

    /// <summary>Who called what.</summary>
    public IReadOnlyList<Call> Calls => listener.Calls;

    /// <summary>Everybody who has an account, the first one first.</summary>
    public IReadOnlyList<SpotifyPerson> People
    {
        get
        {
            lock (gate) return [.. people];
        }
    }

    internal SpotifyGrants Grants { get; }

    /// <summary>Starts one.</summary>
    /// <param name="port">On 127.0.0.1; 0 = any free one.</param>
    /// <param name="time">The clock by which codes and tokens end.</param>
    /// <param name="mode">The app's mode at first and after a reset: small, as a new app is, unless said otherwise.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SpotifyStandIn> StartAsync(int port = 0, TimeProvider? time = null, SpotifyMode mode = SpotifyMode.Development)
    {
        var spotify = new SpotifyStandIn(port, time ?? TimeProvider.System, mode);
        await spotify.listener.StartAsync();
        return spotify;
    }

    /// <summary>Gives somebody an account.</summary>
    public SpotifyPerson Add(SpotifyPerson person)
    {
        lock (gate) people.Add(person);
        return person;
    }

    /// <summary>A code as the browser would bring it back, without the browser. Nothing is checked here; the exchange checks all.</summary>
    /// <param name="person">Who approved.</param>
    /// <param name="redirectUri">The address that was in the request.</param>
    /// <param name="codeChallenge">The challenge that was in the request, of S256; null = none.</param>
    /// <param name="scope">The scopes that were asked for, separated by spaces.</param>
    public string IssueCode(SpotifyPerson person, string redirectUri, string? codeChallenge = null, string scope = "")
    {
        lock (gate)
        {
            if (!consents.TryGetValue(person, out var consented)) consents[person] = consented = new(StringComparer.Ordinal);
            consented.UnionWith(Split(scope));
        }
        var granted = GrantOnly is { } only ? string.Join(' ', Split(scope).Intersect(Split(only), StringComparer.Ordinal)) : scope;
        return Grants.Codes.Issue(new(person, redirectUri, codeChallenge, granted));
    }

    /// <summary>An access token, as if a code had been exchanged.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="ofAnotherApp">Whether another app got it. Spotify does not tell, and neither does this: /v1/me answers to it all the same.</param>
    /// <param name="scope">What it allows.</param>
    public string IssueAccessToken(SpotifyPerson person, bool ofAnotherApp = false, string scope = "")
    {
        if (ofAnotherApp) return Grants.IssueAccess(new(person, scope.Length == 0 ? "user-read-email user-read-private" : scope, time.GetUtcNow(), Public: true));
        return Grants.IssueAccess(new(person, scope, time.GetUtcNow(), Public: false));
    }

    /// <summary>The person takes the app off their list: refresh tokens are dead, and the next sign-in asks again.</summary>
    public void RevokeRefreshTokens(SpotifyPerson person)
    {
        Grants.Revoke(person);
        person.ApprovedBefore = false;
        lock (gate) consents.Remove(person);
    }

    /// <summary>Six months have passed since the person agreed: refresh tokens are dead, whatever the clock says.</summary>
    public void ExpireRefreshTokens(SpotifyPerson person) => Grants.Expire(person);

    /// <summary>As it was when it started; the registered addresses stay.</summary>
    public void Reset()
    {
        (Mode, GiveAccountId, RotateRefreshTokens, GrantOnly, OwnerHasPremium) = (first, true, false, null, true);
        Faults.Clear();
        Grants.Clear();
        listener.Forget();
        lock (gate)
        {
            people.Clear();
            consents.Clear();
        }
        AddPeople();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => listener.DisposeAsync();

    /// <summary>By key; null = nobody has it.</summary>
    internal SpotifyPerson? Find(string? key) => People.FirstOrDefault(person => person.Key == key);

    /// <summary>Whether this person allowed all of it before.</summary>
    internal bool Approved(SpotifyPerson person, string scope)
    {
        lock (gate) return person.ApprovedBefore || (consents.TryGetValue(person, out var consented) && consented.IsSupersetOf(Split(scope)));
    }

    internal static string[] Split(string scope) => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal DateTimeOffset Now => time.GetUtcNow();

    private void AddPeople()
    {
        lock (gate) people.AddRange(SpotifyPeople.All());
    }
}
