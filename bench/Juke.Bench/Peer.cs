using System.Text.Json;
using Juke.Contract.Wire;
using Juke.Server.Data;
using Juke.Server.Plumbing;
using Juke.Server.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Juke.Bench;

/// <summary>
/// The least that could answer <c>GET /auth/me</c> honestly: bare Kestrel, one HMAC check, the same row with a prepared
/// query, the same JSON. No routing, no gate, no headers, no confirmation: what our server is measured against.
/// </summary>
internal static class Peer
{
    public static async Task RunAsync(string connectionString, string url, byte[] secret)
    {
        var keys = new Keys([secret]);
        await using var database = new NpgsqlDataSourceBuilder(connectionString + ";Max Auto Prepare=10;Auto Prepare Min Usages=1").Build();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.Run(async http =>
        {
            var header = http.Request.Headers.Authorization.ToString();
            if (!header.StartsWith("Bearer ", StringComparison.Ordinal) || AccessToken.Read(header[7..], keys, DateTimeOffset.UtcNow) is not { } token)
            {
                http.Response.StatusCode = 401;
                return;
            }
            await using var command = database.CreateCommand(
                "select a.id, a.email, a.username, a.name, a.image, a.role, a.onboarding_required, a.password_hash is not null, s.ended_at, s.idle_ends_at, s.absolute_ends_at "
                + "from sessions s join accounts a on a.id = s.user_id where s.sid = $1");
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = token.Sid });
            await using var row = await command.ExecuteReaderAsync();
            if (!await row.ReadAsync())
            {
                http.Response.StatusCode = 401;
                return;
            }
            var user = new User(row.GetInt64(0), Text(row, 1), Text(row, 2), Text(row, 3), Text(row, 4), row.GetString(5), row.GetBoolean(6), row.GetBoolean(7));
            http.Response.ContentType = "application/json; charset=utf-8";
            var json = JsonSerializer.SerializeToUtf8Bytes(user, CoreJson.Default.User);
            http.Response.Headers.ContentLength = json.Length;
            await http.Response.Body.WriteAsync(json);
        });
        await app.RunAsync();
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
