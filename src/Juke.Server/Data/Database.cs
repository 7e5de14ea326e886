using Juke.Server.Plumbing;
using Npgsql;

namespace Juke.Server.Data;

/// <summary>Opens the pool that everything shares.</summary>
internal static class Database
{
    public static NpgsqlDataSource Open(Settings settings, ILoggerFactory? loggers = null)
    {
        var text = new NpgsqlConnectionStringBuilder(settings.Database)
        {
            ApplicationName = "juke",
            // The same few statements for ever: let the driver prepare them by itself.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            // Parameter values are people's data.
            IncludeErrorDetail = false,
        };
        if (text.CommandTimeout == 30) text.CommandTimeout = 15;
        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (loggers is not null) builder.UseLoggerFactory(loggers);
        return builder.Build();
    }

    /// <summary>The name of the unique constraint that this exception is about, or null.</summary>
    public static string? UniqueViolation(PostgresException exception) =>
        exception.SqlState == PostgresErrorCodes.UniqueViolation ? exception.ConstraintName : null;
}
