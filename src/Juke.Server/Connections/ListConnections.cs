using Juke.Server.Data;
using Juke.Server.Plumbing;
using Npgsql;
using static Juke.Server.Data.Sql;

namespace Juke.Server.Connections;

/// <summary>An account at a provider that belongs to a user of ours.</summary>
/// <param name="Provider"><see cref="ProviderPerson.Spotify"/> or <see cref="ProviderPerson.Google"/>.</param>
/// <param name="Label">What tells it from others: name or address as the provider says it, or its id. Shown to its owner only.</param>
/// <param name="Image">https address of the picture there, or null.</param>
/// <param name="Playing">What we may do there in the person's name.</param>
public sealed record Connection(string Provider, string Label, string? Image, Playing Playing);

/// <summary>Whether apps may play at the provider in a person's name.</summary>
public enum Playing
{
    /// <summary>It is a way to sign in, and nothing more.</summary>
    NotAllowed,

    /// <summary>Allowed.</summary>
    Allowed,

    /// <summary>Was allowed; the provider wants the person to agree once more.</summary>
    Ended,
}

/// <summary>Which accounts at providers a user has.</summary>
internal sealed class ListConnections(NpgsqlDataSource database)
{
    private const string Select =
        """
        select i.provider, coalesce(i.name_hint, i.email_hint, i.external_id, i.subject), i.image_hint, c.user_id is not null, c.refresh_token is not null
          from identities i left join credentials c using (user_id, provider)
         where i.user_id = $1
         order by i.provider desc
        """;

    /// <summary>Spotify first.</summary>
    public async Task<IReadOnlyList<Connection>> RunAsync(long userId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(P(userId));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var connections = new List<Connection>();
        while (await row.ReadAsync(cancellation))
        {
            var playing = row.GetBoolean(3) ? row.GetBoolean(4) ? Playing.Allowed : Playing.Ended : Playing.NotAllowed;
            connections.Add(new(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), playing));
        }
        return connections;
    }
}
