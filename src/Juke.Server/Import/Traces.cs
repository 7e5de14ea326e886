using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Import;

/// <summary>What, outside the rows of a user, explains that something differs from the old row.</summary>
/// <param name="Unused">Users who differ, and to whose accounts nobody signed in here, nor used the old token.</param>
/// <param name="HeldAddresses">Keys of addresses that some account here holds.</param>
/// <param name="HeldNames">The same of names.</param>
internal sealed record Traces(IReadOnlySet<long> Unused, IReadOnlySet<string> HeldAddresses, IReadOnlySet<string> HeldNames)
{
    /// <summary>Looks for them, only where a difference asks for it.</summary>
    public static async Task<Traces> FindAsync(NpgsqlConnection connection, List<Incoming> users, Dictionary<long, HereRow> here, CancellationToken cancellation)
    {
        var unused = new HashSet<long>();
        var keys = new List<string>();
        var names = new List<string>();
        foreach (var user in users)
        {
            if (!here.TryGetValue(user.Id, out var row) || row.Account is not { } account) continue;
            if (account.EmailKey is null && user.Account.EmailKey is { } key) keys.Add(key);
            if (account.Username is null && user.Account.UsernameKey is { } name) names.Add(name);
            var signedIn = row.PasswordWasSetHere || account.LastSignInAt > (user.Account.LastSignInAt ?? DateTimeOffset.MinValue);
            if (!signedIn && Differs(user, row)) unused.Add(user.Id);
        }
        if (unused.Count > 0)
        {
            await using var command = new NpgsqlCommand(
                """
                select distinct s.user_id from sessions s join imported_users m on m.id = s.user_id
                 where s.user_id = any ($1) and (s.secret_hash is distinct from m.token_hash or s.seen_at > s.created_at)
                """, connection);
            command.Parameters.Add(P(unused.ToArray()));
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) unused.Remove(row.GetInt64(0));
        }
        return new(unused, await HeldAsync("email_key", keys), await HeldAsync("username_key", names));

        async Task<HashSet<string>> HeldAsync(string column, List<string> wanted)
        {
            var held = new HashSet<string>(StringComparer.Ordinal);
            if (wanted.Count == 0) return held;
            await using var command = new NpgsqlCommand($"select {column} from users where {column} = any ($1)", connection) { Parameters = { P(wanted.ToArray()) } };
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) held.Add(row.GetString(0));
            return held;
        }
    }

    private static bool Differs(Incoming user, HereRow here)
    {
        var (wanted, now) = (Fingerprint.Of(user.Account.AsStored()), Fingerprint.Of(here.Account!));
        return Fingerprint.Fields.Any(f => !wanted.Same(now, f) && !here.Written.Same(now, f));
    }
}
