using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Juke.Server.Sessions;
using Juke.Testing;
using Npgsql;

namespace Juke.Server.Tests.Sessions;

/// <summary>
/// One user's session under random requests, several at once. After each burst the answers and the row must be what some
/// order of the same requests gives by the pure table.
/// </summary>
internal sealed class RotationSchedule(JukeServer server, Random random, string name) : IDisposable
{
    private readonly TestClient client = server.NewClient();
    private readonly Dictionary<int, string> refreshTokens = [];
    private readonly List<(int Gen, string Token, DateTimeOffset ExpiresAt)> accessTokens = [];
    private readonly string?[] attempts = [null, NewAttempt(), NewAttempt(), NewAttempt()];
    private readonly Dictionary<string, string?> attemptsByHash = new(StringComparer.Ordinal);
    private byte[] sid = [];
    private Rotation.State row, backup;
    private int burstsAfterTheEnd;

    /// <summary>How often each thing was seen, to know that the schedules reach every corner.</summary>
    public Dictionary<string, int> Seen { get; } = new(StringComparer.Ordinal);

    public async Task BeginAsync()
    {
        (await client.RegisterAsync()).EnsureOk();
        sid = TokenForge.Sid(client.RefreshToken!);
        refreshTokens[1] = client.RefreshToken!;
        accessTokens.Add((1, client.AccessToken!, server.Clock.GetUtcNow().AddMinutes(15)));
        row = backup = await ReadRowAsync();
        foreach (var attempt in attempts) attemptsByHash[Hex(Hash(attempt))] = attempt;
    }

    public async Task BurstAsync()
    {
        if (random.Next(row.IsEnded ? 2 : 15) == 0) await RestoreAsync();
        else if (random.Next(6) == 0) backup = row;
        if (row.IsEnded && burstsAfterTheEnd++ > 0) return; // Once is enough to see that it stays ended.

        var ops = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Choose()).ToList();
        // Often the same token several times at once, which is what tabs do.
        if (ops.Count > 1 && ops[0] is RefreshOp first && random.Next(2) == 0) ops[1] = first with { };
        await Task.WhenAll(ops.Select(RunAsync));

        var before = row;
        row = await ReadRowAsync();
        var now = server.Clock.GetUtcNow();
        if (!RotationOracle.Explain(before, ops, now).Exists(end => RotationOracle.AreSame(end, row)))
            throw new InvalidOperationException($"{name}: no order of these requests explains answers and row.\nnow {now:O}\nbefore {Show(before)}\n{string.Join('\n', ops)}\nafter {Show(row)}");
        Count(before, ops, now);
    }

    public void Dispose() => client.Dispose();

    private Op Choose() => random.Next(100) switch
    {
        < 70 => ChooseRefresh(),
        < 92 => ChooseUse(revokesAll: false),
        < 95 => ChooseUse(revokesAll: true),
        _ => new LogoutOp(AnyGeneration()),
    };

    private RefreshOp ChooseRefresh()
    {
        // A lost reply: the parent again, with the attempt that made the current generation.
        if (row.Gen > 1 && random.Next(4) == 0 && refreshTokens.ContainsKey(row.Gen - 1))
            return Make(row.Gen - 1, attemptsByHash.GetValueOrDefault(Hex(row.AttemptHash)));
        return Make(random.Next(10) < 6 && refreshTokens.ContainsKey(row.Gen) ? row.Gen : AnyGeneration(), attempts[random.Next(attempts.Length)]);

        static RefreshOp Make(int gen, string? attempt) => new(gen, attempt, Hash(attempt));
    }

    private NamedUse ChooseUse(bool revokesAll)
    {
        // Mostly the newest.
        var index = random.Next(3) == 0 ? random.Next(accessTokens.Count) : accessTokens.Count - 1;
        var token = accessTokens[index];
        return new NamedUse(token.Gen, server.Clock.GetUtcNow() >= token.ExpiresAt, revokesAll) { Token = token.Token };
    }

    private int AnyGeneration() => random.Next(3) == 0 ? refreshTokens.Keys.ElementAt(random.Next(refreshTokens.Count)) : refreshTokens.Keys.Max();

    private async Task RunAsync(Op op)
    {
        switch (op)
        {
            case RefreshOp refresh:
                var body = new Dictionary<string, string> { ["refreshToken"] = refreshTokens[refresh.Gen] };
                if (refresh.Attempt is not null) body["attempt"] = refresh.Attempt;
                Read(refresh, await SendAsync("POST", "/auth/refresh", null, body));
                break;
            case NamedUse use:
                var used = use.RevokesAll ? await SendAsync("POST", "/auth/sessions/revoke-all", use.Token) : await SendAsync("GET", "/auth/me", use.Token);
                use.Served = (int)used.Status == 200;
                if (!use.Served && (int)used.Status != 401) throw new InvalidOperationException($"{name}: {use} → {used.Status} {used.Body}");
                break;
            case LogoutOp logout:
                (await SendAsync("POST", "/auth/logout", null, new Dictionary<string, string> { ["refreshToken"] = refreshTokens[logout.Gen] })).EnsureOk();
                break;
            default:
                throw new InvalidOperationException($"{op}");
        }
    }

    private void Read(RefreshOp refresh, Reply reply)
    {
        refresh.Served = (int)reply.Status == 200;
        refresh.Code = reply.Code;
        if (!refresh.Served) return;
        var token = reply.Json["refreshToken"]!.GetValue<string>();
        var access = reply.Json["accessToken"]!.GetValue<string>();
        refresh.AnsweredGen = TokenForge.Gen(token);
        if (TokenForge.Payload(access)["gen"]!.GetValue<int>() != refresh.AnsweredGen)
            throw new InvalidOperationException($"{name}: the pair is of two generations.");
        var expires = DateTimeOffset.FromUnixTimeSeconds(TokenForge.Payload(access)["exp"]!.GetValue<long>());
        lock (refreshTokens)
        {
            accessTokens.Add((refresh.AnsweredGen, access, expires));
            if (refreshTokens.TryAdd(refresh.AnsweredGen, token)) return;
            if (refreshTokens[refresh.AnsweredGen] != token) throw new InvalidOperationException($"{name}: generation {refresh.AnsweredGen} has two refresh tokens.");
        }
    }

    private Task<Reply> SendAsync(string method, string path, string? bearer, object? body = null) =>
        client.SendAsync(new HttpMethod(method), path, body, request =>
        {
            request.Headers.Authorization = bearer is null ? null : new("Bearer", bearer);
        });

    /// <summary>The row goes back to what it was, as a restored backup does.</summary>
    private async Task RestoreAsync()
    {
        await using var command = server.Database.CreateCommand(
            """
            update sessions set gen = $2, issued_at = $3, confirmed = $4, attempt_hash = $5, idle_ends_at = $6, absolute_ends_at = $7,
                   ended_at = case when $8 then now() end, end_reason = case when $8 then 'as it was' end
             where sid = $1
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = sid }, new() { Value = backup.Gen }, new() { Value = backup.IssuedAt }, new() { Value = backup.Confirmed },
            new() { Value = (object?)backup.AttemptHash ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea },
            new() { Value = backup.IdleEndsAt }, new() { Value = backup.AbsoluteEndsAt }, new() { Value = backup.IsEnded },
        });
        await command.ExecuteNonQueryAsync();
        row = backup;
    }

    private async Task<Rotation.State> ReadRowAsync()
    {
        await using var command = server.Database.CreateCommand(
            "select gen, issued_at, confirmed, attempt_hash, idle_ends_at, absolute_ends_at, ended_at is not null from sessions where sid = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = sid });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new Rotation.State(
            reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3),
            reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetBoolean(6));
    }

    private void Count(Rotation.State before, List<Op> ops, DateTimeOffset now)
    {
        foreach (var op in ops)
        {
            // By the row before the burst: good enough to see what was reached.
            var what = op is RefreshOp r ? $"refresh {Rotation.Decide(before, r.Gen, r.AttemptHash, now)}" : op.GetType().Name;
            if (what == "refresh Repeat" && now - before.IssuedAt > Rotation.Grace) what = "refresh late Repeat";
            Seen[what] = Seen.GetValueOrDefault(what) + 1;
        }
        if (ops.Count > 1) Seen["at once"] = Seen.GetValueOrDefault("at once") + 1;
        if (ops.Count > 1 && row.IsEnded && !before.IsEnded) Seen["ended during others"] = Seen.GetValueOrDefault("ended during others") + 1;
    }

    private static byte[]? Hash(string? attempt) => attempt is null ? null : SHA256.HashData(Encoding.ASCII.GetBytes(attempt));

    private static string Hex(byte[]? hash) => hash is null ? "" : Convert.ToHexString(hash);

    private static string NewAttempt() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private static string Show(Rotation.State row) =>
        string.Create(CultureInfo.InvariantCulture, $"gen {row.Gen}, issued {row.IssuedAt:O}, confirmed {row.Confirmed}, attempt {Hex(row.AttemptHash)}, idle end {row.IdleEndsAt:O}, ended {row.IsEnded}");

    private sealed record NamedUse(int Gen, bool IsExpired, bool RevokesAll) : UseOp(Gen, IsExpired, RevokesAll)
    {
        public required string Token { get; init; }
    }
}
