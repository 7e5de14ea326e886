using Npgsql;
using NpgsqlTypes;

namespace Juke.Server.Data;

/// <summary>Positional parameters: what Npgsql sends as they are, without rewriting the statement.</summary>
internal static class Sql
{
    public static NpgsqlParameter P<T>(T value)
        where T : notnull => new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Text(string? value) => Nullable(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Bytes(byte[]? value) => Nullable(value, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Number(double? value) => Nullable(value, NpgsqlDbType.Double);

    public static NpgsqlParameter Texts(IReadOnlyList<string>? value) => Nullable(value?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlParameter Instant(DateTimeOffset? value) => Nullable(value, NpgsqlDbType.TimestampTz);

    public static void AddAll(this NpgsqlParameterCollection collection, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        foreach (var parameter in parameters) collection.Add(parameter);
    }

    public static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddAll(parameters);
        return command;
    }

    public static async Task<int> ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddAll(parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs the commands as one transaction in one round trip.</summary>
    public static async Task ExecuteAsync(NpgsqlDataSource database, IEnumerable<NpgsqlBatchCommand> commands, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
