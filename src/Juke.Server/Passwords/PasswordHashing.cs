using System.Threading.RateLimiting;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Juke.Server.Passwords;

/// <summary>
/// Hashes and verifies with ASP.NET Core Identity's own hasher (PBKDF2-HMAC-SHA512). A hash is a tenth of a second of one
/// core, so only half of the cores may be at it at once, and the line is short: a storm of sign-ins starves nobody else.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private const int LongestLine = 200;

    private readonly PasswordHasher<Account> hasher;
    private readonly string dummy;
    private long count;
    private readonly ConcurrencyLimiter slots = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = LongestLine,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public PasswordHashing(Settings settings)
    {
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = settings.HashIterations }));
        dummy = hasher.HashPassword(null!, Guid.NewGuid().ToString());
    }

    /// <summary>Hashes computed since the start: how much work a sign-in was must not tell whether the account exists.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>A new hash; the problem is 429 when the line is full.</summary>
    public Task<Outcome<string>> HashAsync(string password, CancellationToken cancellation) =>
        RunAsync(() => hasher.HashPassword(null!, password), cancellation);

    /// <summary>
    /// Verifies. An account without a password, or no account, costs the same work and is never right. A hash that came with an
    /// imported account is verified as Django made it, and made anew in our way when it was right.
    /// </summary>
    public Task<Outcome<Verification>> VerifyAsync(string? hash, string password, CancellationToken cancellation) => RunAsync(
        () =>
        {
            if (hash is not null && DjangoPassword.IsDjango(hash))
                return DjangoPassword.Verify(hash, password) ? new Verification(true, hasher.HashPassword(null!, password)) : new Verification(false, null);
            // The framework's hasher throws at what is no base64.
            if (hash is not null && !System.Buffers.Text.Base64.IsValid(hash)) return new Verification(false, null);
            var result = hasher.VerifyHashedPassword(null!, hash ?? dummy, password);
            if (hash is null || result == PasswordVerificationResult.Failed) return new Verification(false, null);
            return new Verification(true, result == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(null!, password) : null);
        },
        cancellation);

    public void Dispose() => slots.Dispose();

    private async Task<Outcome<T>> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        using var slot = await slots.AcquireAsync(1, cancellation);
        if (!slot.IsAcquired) return Problem.TooMany(TimeSpan.FromSeconds(5));
        Interlocked.Increment(ref count);
        return await Task.Run(work, cancellation);
    }
}

/// <param name="IsRight">Whether the password is the account's.</param>
/// <param name="Rehash">A hash of today's strength to store in its place, or null.</param>
internal readonly record struct Verification(bool IsRight, string? Rehash);
