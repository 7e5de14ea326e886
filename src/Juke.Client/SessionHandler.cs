using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Juke.Contract;

namespace Juke.Client;

/// <summary>
/// Gives the requests of an app's own <see cref="HttpClient"/> what <see cref="Session.Juke"/> has: the token, the shared refresh and one
/// retry after a 401, and the gate. Requests to other servers, and those that bring their own <c>Authorization</c>, pass untouched.
/// </summary>
/// <remarks>
/// Where a token is needed and cannot be had now, sending throws <see cref="HttpRequestException"/>, as for any network that fails: at
/// once where the server asked to be left alone for a while (<c>Retry-After</c>), <see cref="HttpRequestException.StatusCode"/> being its 429 or 503. A
/// request whose content can be read only once (a stream) is not sent again: its 401 is the answer, and the next request has a fresh token.
/// </remarks>
public sealed class SessionHandler : DelegatingHandler
{
    private readonly Session session;

    /// <summary>For <c>IHttpClientFactory</c>, which sets the inner handler.</summary>
    public SessionHandler(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        this.session = session;
    }

    /// <summary>For <c>new HttpClient(handler)</c>.</summary>
    public SessionHandler(Session session, HttpMessageHandler inner)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(session);
        this.session = session;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!session.IsOurs(request.RequestUri) || request.Headers.Authorization is not null) return await base.SendAsync(request, cancellationToken);
        var ticket = await TicketAsync(cancellationToken);
        if (ticket.Grant is null) return await base.SendAsync(request, cancellationToken);
        var isRepeatable = await MakeRepeatableAsync(request.Content, cancellationToken);
        var response = await SendAsync(request, ticket.Grant, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && IsAboutTheSession(await CodeAsync(response, cancellationToken)))
        {
            var next = await NextAsync(response, ticket, cancellationToken);
            if (next is null || !isRepeatable) return response;
            response.Dispose();
            response = await SendAsync(request, next, cancellationToken);
            // Only Juke's own word ends a session: without a code it is of a proxy, which a fresh token does not move.
            if (response.StatusCode == HttpStatusCode.Unauthorized && await CodeAsync(response, cancellationToken) == ProblemCode.Unauthorized) await session.EndAsync(ticket.Era);
        }
        if (response.StatusCode == HttpStatusCode.Forbidden && await CodeAsync(response, cancellationToken) == ProblemCode.OnboardingRequired)
            await session.GateShutAsync(ticket.Era, cancellationToken);
        if (response.IsSuccessStatusCode && request.Method == HttpMethod.Post && request.RequestUri?.AbsolutePath == JukeClient.CompletePath)
            await session.CompletedAsync(ticket.Era, cancellationToken);
        return response;
    }

    private async Task<Session.Ticket> TicketAsync(CancellationToken cancellation)
    {
        try
        {
            return await session.TicketAsync(cancellation);
        }
        catch (Exception e) when (e is ProblemException or IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    private async Task<Grant?> NextAsync(HttpResponseMessage refused, Session.Ticket ticket, CancellationToken cancellation)
    {
        try
        {
            return await session.RenewAsync(ticket.Era, ticket.Grant!.Token, cancellation);
        }
        catch (Exception e) when (e is ProblemException or IOException or UnauthorizedAccessException or HttpRequestException or OperationCanceledException)
        {
            refused.Dispose();
            if (e is HttpRequestException or OperationCanceledException) throw;
            throw Unavailable(e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Grant grant, CancellationToken cancellation)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", grant.Token);
        try
        {
            return await base.SendAsync(request, cancellation);
        }
        finally
        {
            // A request that the app keeps or logs holds no token.
            request.Headers.Authorization = null;
        }
    }

    // A wrong current password is 401 too, and says nothing of the session. An answer without a body (HEAD) or half of one may well be about it.
    private static bool IsAboutTheSession(string code) => code is "" or ProblemCode.Unauthorized;

    /// <summary>Whether the content can be sent twice. What makes its bytes as it is sent (<see cref="JsonContent"/>) makes them now: the second are the first.</summary>
    private static async Task<bool> MakeRepeatableAsync(HttpContent? content, CancellationToken cancellation)
    {
        switch (content)
        {
            case null or ByteArrayContent or ReadOnlyMemoryContent: // StringContent and FormUrlEncodedContent are byte arrays.
                return true;
            case JsonContent:
                await content.LoadIntoBufferAsync(cancellation);
                return true;
            case MultipartContent parts:
                foreach (var part in parts)
                    if (!await MakeRepeatableAsync(part, cancellation)) return false;
                return true;
            default:
                return false;
        }
    }

    /// <summary><c>code</c> of a refusal; empty when there is none. The body stays readable for the app, or as unreadable as it was.</summary>
    private static async Task<string> CodeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(cancellation);
            return Call.ReadProblem(await response.Content.ReadAsByteArrayAsync(cancellation))?.Code ?? "";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            response.Content = new BrokenContent(e);
            return ""; // Broken off: the status is what is known.
        }
    }

    private static HttpRequestException Unavailable(Exception cause) =>
        new("The session cannot be renewed now.", cause, (cause as ProblemException)?.Status);

    /// <summary>In place of a body that broke off. The first reading took it: a second one would be a fault of the app's.</summary>
    private sealed class BrokenContent(Exception why) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            Task.FromException(new HttpRequestException(HttpRequestError.ResponseEnded, "The answer broke off.", why));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
