namespace Juke.Client;

/// <summary>What a <see cref="Session"/> stands on.</summary>
public sealed record SessionOptions
{
    /// <summary>Address of the server, for example <c>https://juke.example</c>. Tokens go nowhere else.</summary>
    public required Uri Server { get; init; }

    /// <summary>Where the refresh token is kept; in memory unless told. With <see cref="UseCookies"/> only its lock is used.</summary>
    public ITokenStore Store { get; init; } = new MemoryTokenStore();

    /// <summary>
    /// Cookie mode, for hosts that are browsers: <c>X-Client: web</c> is sent, the refresh token is the cookie that
    /// <see cref="Handler"/> keeps, and this client never holds it (contract §5, §10).
    /// </summary>
    public bool UseCookies { get; init; }

    /// <summary>
    /// What sends; disposed with the session. A <see cref="SocketsHttpHandler"/> that follows no redirects unless told. With
    /// <see cref="UseCookies"/> its cookies are the app's: empty them when the state becomes guest, as the session does with its own.
    /// </summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long an answer may take, body included; more than nothing, a day at most.</summary>
    public TimeSpan Timeout { get; init; } = JukeClient.DefaultTimeout;

    /// <summary>What the app calls itself, for the user's list of devices (<c>User-Agent</c>).</summary>
    public string? Device { get; init; }

    /// <summary>0 to 1, anew at each call.</summary>
    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
