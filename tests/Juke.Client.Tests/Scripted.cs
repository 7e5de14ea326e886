using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Juke.Contract.Wire;

namespace Juke.Client.Tests;

/// <summary>What stands in for network and server where a test needs an answer at one moment and no other.</summary>
internal sealed class Scripted(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public static readonly User Ada = new(1_000_000_000, "ada@example.com", "ada", null, null, "user", OnboardingRequired: false, HasPassword: true);

    private int pairs;

    /// <summary>Method and path of each call, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The next pair of tokens.</summary>
    public HttpResponseMessage Pair()
    {
        var number = Interlocked.Increment(ref pairs);
        return Json($$"""{"accessToken":"access-{{number}}","refreshToken":"refresh-{{number}}","expiresIn":900}""");
    }

    public static HttpResponseMessage Me(User user) => Json(
        $$"""{"id":{{user.Id}},"email":"{{user.Email}}","username":"{{user.Username}}","name":null,"image":null,"role":"{{user.Role}}","onboardingRequired":{{(user.OnboardingRequired ? "true" : "false")}},"hasPassword":true}""");

    public static HttpResponseMessage Problem(HttpStatusCode status, string code) =>
        Json($$"""{"type":"urn:x","title":"x","status":{{(int)status}},"detail":"x","code":"{{code}}","message":"x","error":"x"}""", status);

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Later(RetryConditionHeaderValue retryAfter)
    {
        var reply = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        reply.Headers.RetryAfter = retryAfter;
        return reply;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (Calls) Calls.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
        return answer(request).WaitAsync(cancellationToken);
    }
}

/// <summary>A store in memory that fails when told to.</summary>
internal sealed class FailingStore(string token) : ITokenStore
{
    private readonly MemoryTokenStore store = Holding(token);

    /// <summary>Reading and clearing throw from now on.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Reading waits until it is cancelled.</summary>
    public bool Hangs { get; set; }

    /// <summary>The next attempt is not stored, as where a person closes the prompt of the keychain.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Until this is done, writing waits.</summary>
    public Task Writes { get; set; } = Task.CompletedTask;

    /// <summary>Whether somebody waits for <see cref="Writes"/>.</summary>
    public bool IsWriting { get; private set; }

    public async ValueTask<StoredTokens?> ReadAsync(CancellationToken cancellation)
    {
        if (IsBroken) throw new IOException("broken");
        if (Hangs) await Task.Delay(Timeout.Infinite, cancellation);
        return await store.ReadAsync(cancellation);
    }

    public async ValueTask WriteAsync(StoredTokens tokens, CancellationToken cancellation)
    {
        if (IsRefused)
        {
            IsRefused = false;
            throw new OperationCanceledException("The prompt was closed.");
        }
        IsWriting = !Writes.IsCompleted;
        await Writes;
        await store.WriteAsync(tokens, cancellation);
    }

    public ValueTask ClearAsync(CancellationToken cancellation) => IsBroken ? throw new IOException("broken") : store.ClearAsync(cancellation);

    public ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellation) => store.LockAsync(cancellation);

    private static MemoryTokenStore Holding(string token)
    {
        var store = new MemoryTokenStore();
        store.WriteAsync(new StoredTokens(token), default).AsTask().Wait();
        return store;
    }
}
