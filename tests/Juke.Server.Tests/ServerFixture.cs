using Juke.Testing;
using Npgsql;
using Xunit;

namespace Juke.Server.Tests;

/// <summary>One server for the tests of a class that neither move its clock nor change its settings.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    internal JukeServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await JukeServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Rows, where a test must look at them or put them there by hand.</summary>
internal static class Rows
{
    public static async Task<T?> AskAsync<T>(this JukeServer server, string sql, params object[] parameters)
    {
        await using var command = Command(server, sql, parameters);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    public static async Task ExecuteAsync(this JukeServer server, string sql, params object[] parameters)
    {
        await using var command = Command(server, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(JukeServer server, string sql, object[] parameters)
    {
        var command = server.Database.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
