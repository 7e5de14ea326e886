using System.Text.Json.Nodes;
using Juke.Desk.StandIns;

namespace Juke.Desk.Google;

/// <summary>
/// Stands in for Google on a loopback port: the page where somebody chooses an account, the token endpoint, the published keys and the
/// discovery document. Its ID tokens say the issuer that Google's say; only the address of the keys tells them apart.
/// </summary>
internal sealed class GoogleStandIn : IAsyncDisposable
{
    /// <summary>The hosted pages, and the server id that the Android app asks tokens for.</summary>
    public const string WebClientId = "104729000001-web.apps.googleusercontent.com";

    /// <summary>The secret of <see cref="WebClientId"/>: no secret of anything.</summary>
    public const string ClientSecret = "not-a-secret-104729000001";

    /// <summary>The iPhone app: stands in aud of its own tokens.</summary>
    public const string IosClientId = "104729000001-ios.apps.googleusercontent.com";

    /// <summary>The Android app: stands in azp, beside <see cref="WebClientId"/> in aud.</summary>
    public const string AndroidClientId = "104729000001-android.apps.googleusercontent.com";

    /// <summary>iss of today.</summary>
    public const string Issuer = "https://accounts.google.com";

    /// <summary>iss of old tokens, equally good.</summary>
    public const string LegacyIssuer = "accounts.google.com";

    private readonly Listener listener;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly List<GooglePerson> people = [];

    private GoogleStandIn(int port, TimeProvider time)
    {
        this.time = time;
        Codes = new(time);
        listener = new(port, Faults, time);
        AddPeople();
        new AuthorizeEndpoint(this).Map(listener);
        new TokenEndpoint(this).Map(listener);
        new PublishedKeys(this).Map(listener);
        new GoogleDesk(this).Map(listener);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => listener.Address;

    /// <summary>The page and the API that flip the switches.</summary>
    public Uri ControlPage => new(Address, "/desk/");

    /// <summary>Where an authorization may return to. A loopback IP without a port stands for any port.</summary>
    public List<string> RedirectUris { get; } = ["http://127.0.0.1/callback"];

    /// <summary>What goes wrong: at authorize, token, certs.</summary>
    public Faults Faults { get; } = new(["authorize", "token", "certs"]);

    /// <summary>Who called what.</summary>
    public IReadOnlyList<Call> Calls => listener.Calls;

    /// <summary>The keys.</summary>
    public KeyRing Keys { get; } = new();

    /// <summary>Everybody who has an account, the first one first.</summary>
    public IReadOnlyList<GooglePerson> People
    {
        get
        {
            lock (gate) return [.. people];
        }
    }

    internal Codes<GoogleCode> Codes { get; }

    internal DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Starts one.</summary>
    /// <param name="port">On 127.0.0.1; 0 = any free one.</param>
    /// <param name="time">The clock by which tokens begin and end. What verifies them by the machine's clock wants tokens of that clock.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<GoogleStandIn> StartAsync(int port = 0, TimeProvider? time = null)
    {
        var google = new GoogleStandIn(port, time ?? TimeProvider.System);
        await google.listener.StartAsync();
        return google;
    }

    /// <summary>Gives somebody an account.</summary>
    public GooglePerson Add(GooglePerson person)
    {
        lock (gate) people.Add(person);
        return person;
    }

    /// <summary>A code as the browser would bring it back, without the browser.</summary>
    /// <param name="person">Who agreed.</param>
    /// <param name="redirectUri">The address that was in the request.</param>
    /// <param name="codeChallenge">The challenge that was in the request, of S256; null = none.</param>
    /// <param name="nonce">The nonce that was in the request; null = none.</param>
    /// <param name="scope">The scopes that were asked for.</param>
    public string IssueCode(GooglePerson person, string redirectUri, string? codeChallenge = null, string? nonce = null, string scope = "openid email profile") =>
        Codes.Issue(new(person, redirectUri, codeChallenge, nonce, scope));

    /// <summary>A good ID token, as an app gets it from Google.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="nonce">What the app asked to be repeated; null = nothing.</param>
    /// <param name="audience">aud; null = <see cref="WebClientId"/>.</param>
    /// <param name="azp">azp; null = the audience.</param>
    /// <param name="issuer">iss; null = <see cref="Issuer"/>.</param>
    public string IdToken(GooglePerson person, string? nonce = null, string? audience = null, string? azp = null, string? issuer = null) =>
        Signed(Claims(person, nonce, audience, azp, issuer));

    /// <summary>A new key signs from now on; the old one stays published beside it.</summary>
    public void RotateKeys() => Keys.Rotate();

    /// <summary>As it was when it started; the registered addresses stay.</summary>
    public void Reset()
    {
        Faults.Clear();
        Codes.Clear();
        Keys.Reset();
        listener.Forget();
        lock (gate) people.Clear();
        AddPeople();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => listener.DisposeAsync();

    /// <summary>By key; null = nobody has it.</summary>
    internal GooglePerson? Find(string? key) => People.FirstOrDefault(person => person.Key == key);

    /// <summary>The claims of a good token.</summary>
    internal JsonObject Claims(GooglePerson person, string? nonce = null, string? audience = null, string? azp = null, string? issuer = null, string scope = "openid email profile")
    {
        var (now, scopes) = (Now.ToUnixTimeSeconds(), scope.Split(' '));
        var claims = new JsonObject
        {
            ["iss"] = issuer ?? Issuer,
            ["azp"] = azp ?? audience ?? WebClientId,
            ["aud"] = audience ?? WebClientId,
            ["sub"] = person.Subject,
            ["iat"] = now,
            ["exp"] = now + 3600,
            ["jti"] = Secret.Make(40),
        };
        void Say(string name, JsonNode? value)
        {
            if (value is not null) claims[name] = value;
        }

        Say("nonce", nonce);
        if (scopes.Contains("email", StringComparer.Ordinal) && person.Email is not null)
        {
            Say("email", person.Email);
            Say("email_verified", person.EmailVerified);
        }
        Say("hd", person.HostedDomain);
        if (!scopes.Contains("profile", StringComparer.Ordinal)) return claims;
        Say("name", person.Name);
        Say("given_name", person.Name?.Split(' ')[0]);
        Say("picture", person.Picture);
        return claims;
    }

    /// <summary>Signed with the current key.</summary>
    internal string Signed(JsonObject claims) => Jwt.Make(Jwt.Header(Keys.Keys[0].Id), claims.ToJsonString(Reply.Json), Keys.Keys[0].Sign);

    private void AddPeople()
    {
        lock (gate) people.AddRange(GooglePeople.All());
    }
}

/// <summary>A code's meaning.</summary>
internal sealed record GoogleCode(GooglePerson Person, string RedirectUri, string? Challenge, string? Nonce, string Scope);
