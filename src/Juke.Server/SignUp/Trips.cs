using System.Security.Cryptography;
using System.Text.Json;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace Juke.Server.SignUp;

/// <summary>
/// Trips of browsers to a provider and back (RFC 9700 §2.1): a one-time state, good for minutes, in the browser that set out and
/// nowhere else. Whatever is wrong with it, the answer is the same: null.
/// </summary>
internal sealed class Trips(NpgsqlDataSource database, Keys keys, TripCookie cookie, IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly IDataProtector protector = protection.CreateProtector("provider-trip-answers");

    /// <summary>A trip that is about to begin: what goes into the address of the provider.</summary>
    public sealed record Departure(string State, string Challenge, string Nonce);

    /// <summary>A trip that came back, with what its code is redeemed with.</summary>
    public sealed record Arrival(ProviderTrip Trip, string Verifier, string Nonce);

    public async Task<Departure> SetOutAsync(HttpContext http, ProviderTrip trip, CancellationToken cancellation)
    {
        var state = TripState.New(keys);
        var (verifier, nonce) = TripState.SecretsOf(keys, state)!.Value;
        var now = time.GetUtcNow();
        await ProviderTrips.InsertAsync(database, TripState.Hash(state), cookie.ReadOrWrite(http, now), trip, now, Lifetime, cancellation);
        return new Departure(state, TripState.Challenge(verifier), nonce);
    }

    /// <summary>Takes the trip that a callback names.</summary>
    public async Task<Arrival?> ComeBackAsync(HttpContext http, string? state, CancellationToken cancellation)
    {
        if (TripState.SecretsOf(keys, state) is not { } secrets || cookie.Read(http) is not { } browser) return null;
        var trip = await ProviderTrips.TakeAsync(database, TripState.Hash(state!), browser, isConfirmation: false, time.GetUtcNow(), cancellation);
        return trip is null ? null : new Arrival(trip, secrets.Verifier, secrets.Nonce);
    }

    /// <summary>Keeps what Spotify said until a person confirmed it. The answer names the question.</summary>
    public async Task<string> AskAsync(HttpContext http, ProviderTrip trip, SpotifyProof proof, CancellationToken cancellation)
    {
        var state = TripState.New(keys);
        var now = time.GetUtcNow();
        var answer = protector.Protect(JsonSerializer.Serialize(proof));
        await ProviderTrips.InsertAsync(database, TripState.Hash(state), cookie.ReadOrWrite(http, now), trip with { Answer = answer }, now, Lifetime, cancellation);
        return state;
    }

    /// <summary>What is asked, for the page.</summary>
    public async Task<(ProviderTrip Trip, SpotifyProof Proof)?> FindQuestionAsync(HttpContext http, string? state, CancellationToken cancellation) =>
        TripState.SecretsOf(keys, state) is not null && cookie.Read(http) is { } browser
            ? Open(await ProviderTrips.FindWaitingAsync(database, TripState.Hash(state!), browser, time.GetUtcNow(), cancellation)) : null;

    /// <summary>Takes the question: it is answered once.</summary>
    public async Task<(ProviderTrip Trip, SpotifyProof Proof)?> TakeQuestionAsync(HttpContext http, string? state, CancellationToken cancellation) =>
        TripState.SecretsOf(keys, state) is not null && cookie.Read(http) is { } browser
            ? Open(await ProviderTrips.TakeAsync(database, TripState.Hash(state!), browser, isConfirmation: true, time.GetUtcNow(), cancellation)) : null;

    private (ProviderTrip, SpotifyProof)? Open(ProviderTrip? trip)
    {
        if (trip?.Answer is null) return null;
        try
        {
            return JsonSerializer.Deserialize<SpotifyProof>(protector.Unprotect(trip.Answer)) is { } proof ? (trip, proof) : null;
        }
        catch (CryptographicException)
        {
            return null; // The keys that sealed it are gone.
        }
    }
}
