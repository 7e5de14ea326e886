using System.Security.Cryptography;
using System.Text;
using Juke.Contract;
using Juke.Contract.Wire;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Sessions;

/// <summary>A refresh token for the next pair: one row lock, the rotation table, one update (contract §5).</summary>
internal sealed class Refresh(NpgsqlDataSource database, Keys keys, Tokens tokens, TimeProvider time, Limits limits, Audit audit)
{
    private const string Lock =
        """
        select s.user_id, s.kind, s.gen, s.issued_at, s.confirmed, s.attempt_hash, s.salt, s.idle_ends_at, s.absolute_ends_at,
               s.ended_at is not null or u.state <> 'active'
          from sessions s join users u on u.id = s.user_id
         where s.sid = $1 and s.kind = 'app' for update of s
        """;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/auth/refresh", async (RefreshRequest? request, HttpContext http, Refresh refresh, RefreshCookie cookie, CancellationToken cancellation) =>
        {
            var fromCookie = RefreshCookie.Read(http);
            var outcome = await refresh.RunAsync(fromCookie ?? request?.RefreshToken, request?.Attempt, Limits.Address(http), cancellation);
            if (outcome.Failed)
            {
                if (fromCookie is not null && outcome.Problem.Code != ProblemCode.TooManyRequests) cookie.Clear(http);
                return outcome.Problem.Answer();
            }
            cookie.Write(http, outcome.Value.Pair.RefreshToken, outcome.Value.AbsoluteEndsAt);
            return Answers.Json(outcome.Value.Pair, CoreJson.Default.TokenPair);
        })
        .WithName("refresh").WithSummary("Exchange the refresh token for the next pair")
        .WithDescription("A token is good for one exchange. Where the reply is lost, ask again with the same token and the same attempt. A spent token ends the session.")
        .Gives(CoreJson.Default.TokenPair)
        .Problems(ProblemCode.InvalidRefreshToken, ProblemCode.SessionExpired)
        .WritesRefreshCookie()
        .ReadsRefreshCookie();

    public async Task<Outcome<Refreshed>> RunAsync(string? text, string? attempt, string address, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(text)) return new Problem(ProblemCode.BadRequest, "Refresh token is required");
        if (attempt is not null && (attempt.Length is < 22 or > 128 || !attempt.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '/' or '=')))
            return Problem.Fields(("attempt", "An attempt is 22 to 128 characters of base64url, base64 or hex"));
        if (RefreshToken.Parse(text) is not { } token) return Refused("malformed");
        if (limits.CheckIdentifier(address, "refresh", Convert.ToHexString(token.Sid)) is { } tooMany) return tooMany;

        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockAsync(transaction, token.Sid, cancellation) is not { } row || !token.IsGenuine(keys, row.Salt)) return Refused("not genuine");

        var now = time.GetUtcNow();
        var attemptHash = attempt is null ? null : SHA256.HashData(Encoding.ASCII.GetBytes(attempt));
        var verdict = Rotation.Decide(row.State, token.Gen, attemptHash, now);
        Metrics.Refreshed(verdict.ToString().ToLowerInvariant());
        switch (verdict)
        {
            case Rotation.Verdict.Advance:
                var next = row.State.Gen + 1;
                await AdvanceAsync(transaction, token.Sid, next, attemptHash, now, cancellation);
                await transaction.CommitAsync(cancellation);
                return Answer(row, token.Sid, next, now);
            case Rotation.Verdict.Repeat:
                return Answer(row, token.Sid, row.State.Gen, now);
            case Rotation.Verdict.Unknown or Rotation.Verdict.Reuse:
                var reason = verdict == Rotation.Verdict.Reuse ? "reuse" : "unknown generation";
                await EndAsync(transaction, token.Sid, reason, now, cancellation);
                await transaction.CommitAsync(cancellation);
                audit.Alarm(row.UserId, $"refresh token: {reason}; the session was ended");
                return Invalid;
            case Rotation.Verdict.Expired:
                return new Problem(ProblemCode.SessionExpired, "Invalid or expired refresh token");
            default:
                return Invalid;
        }
    }

    private Refreshed Answer(Row row, byte[] sid, int gen, DateTimeOffset now) =>
        new(tokens.Pair(row.UserId, sid, gen, row.Salt, now, row.State.AbsoluteEndsAt), row.State.AbsoluteEndsAt);

    private static Problem Refused(string outcome)
    {
        Metrics.Refreshed(outcome);
        return Invalid;
    }

    private static Problem Invalid { get; } = new(ProblemCode.InvalidRefreshToken, "Invalid or expired refresh token");

    private static async Task<Row?> LockAsync(NpgsqlTransaction transaction, byte[] sid, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Lock, transaction.Connection, transaction);
        command.Parameters.Add(P(sid));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        return new Row(row.GetInt64(0), row.GetFieldValue<byte[]>(6), new Rotation.State(
            row.GetInt32(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4), row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5),
            row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8), row.GetBoolean(9)));
    }

    private static async Task AdvanceAsync(NpgsqlTransaction transaction, byte[] sid, int gen, byte[]? attemptHash, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            update sessions
               set gen = $2, issued_at = $3, confirmed = false, attempt_hash = $4, seen_at = $3, idle_ends_at = least($5, absolute_ends_at)
             where sid = $1
            """,
            transaction.Connection, transaction);
        command.Parameters.AddAll(P(sid), P(gen), P(now), Bytes(attemptHash), P(now + Lifetimes.Idle(Lifetimes.App)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task EndAsync(NpgsqlTransaction transaction, byte[] sid, string reason, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update sessions set ended_at = $2, end_reason = $3 where sid = $1", transaction.Connection, transaction);
        command.Parameters.AddAll(P(sid), P(now), P(reason));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The pair, and how long its cookie lives.</summary>
    internal readonly record struct Refreshed(TokenPair Pair, DateTimeOffset AbsoluteEndsAt);

    private sealed record Row(long UserId, byte[] Salt, Rotation.State State);
}
