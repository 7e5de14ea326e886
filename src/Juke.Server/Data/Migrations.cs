using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Juke.Server.Data;

/// <summary>
/// Applies <c>db/migrations</c>, forward only, each in one transaction, under an advisory lock so that several servers may
/// start at once. A file that changed after it was applied is an error: write a new one.
/// </summary>
internal static class Migrations
{
    /// <summary>Any number, as long as it is always this one.</summary>
    private const long LockKey = 0x4A756B65_4D696772;

    private static readonly Lazy<IReadOnlyList<Migration>> Known = new(Read);

    /// <summary>All migrations of this build, in order.</summary>
    public static IReadOnlyList<Migration> All => Known.Value;

    /// <summary>Brings the database to this build.</summary>
    /// <returns>The names of the migrations that were applied now.</returns>
    public static async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_lock(@LockKey)", new { LockKey }, commandTimeout: 300, cancellationToken: cancellation));
        try
        {
            await connection.ExecuteAsync(
                "create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null)");
            var applied = (await connection.QueryAsync<(string Name, string Checksum)>("select name, checksum from schema_migrations"))
                .ToDictionary(m => m.Name, m => m.Checksum, StringComparer.Ordinal);
            var done = new List<string>();
            foreach (var migration in All)
            {
                if (applied.TryGetValue(migration.Name, out var checksum))
                {
                    if (checksum != migration.Checksum)
                        throw new InvalidOperationException($"Migration {migration.Name} was changed after it had been applied. Put it back and write a new migration.");
                    continue;
                }
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await connection.ExecuteAsync(new CommandDefinition(migration.Sql, transaction: transaction, commandTimeout: 0, cancellationToken: cancellation));
                await connection.ExecuteAsync(
                    "insert into schema_migrations (name, checksum, applied_at) values (@Name, @Checksum, @Now)",
                    new { migration.Name, migration.Checksum, Now = time.GetUtcNow() }, transaction);
                await transaction.CommitAsync(cancellation);
                done.Add(migration.Name);
            }
            return done;
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
        }
    }

    /// <summary>Whether the database has every migration of this build (a newer database is fine: roll-outs overlap).</summary>
    public static async Task<bool> AreAppliedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            var names = await connection.QueryAsync<string>(new CommandDefinition("select name from schema_migrations", cancellationToken: cancellation));
            return All.All(m => names.Contains(m.Name, StringComparer.Ordinal));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    private static List<Migration> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("migrations/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
                return new Migration(Path.GetFileNameWithoutExtension(name), sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
            })
            .ToList();
    }
}

/// <summary>One file of <c>db/migrations</c>.</summary>
internal sealed record Migration(string Name, string Sql, string Checksum);
