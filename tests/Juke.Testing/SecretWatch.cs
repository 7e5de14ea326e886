using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Juke.Testing;

/// <summary>
/// Remembers every token, cookie and password that a test used, and every line that a server logged; at the end none of
/// the first may stand in the second (contract: no secret in logs).
/// </summary>
public static class SecretWatch
{
    private static readonly ConcurrentDictionary<string, byte> Secrets = new(StringComparer.Ordinal);
    private static readonly ConcurrentQueue<string> Lines = new();

    public static int SecretCount => Secrets.Count;

    public static int LineCount => Lines.Count;

    /// <summary>Something that must never be logged. Short texts and blanks are left out: they would be found in any log.</summary>
    public static void Remember(string? secret)
    {
        if (secret is not null && secret.Trim().Length >= 8) Secrets.TryAdd(secret, 0);
    }

    public static void Log(string line) => Lines.Enqueue(line);

    /// <summary>The logged lines that hold a text.</summary>
    public static IReadOnlyList<string> LinesWith(string text) => [.. Lines.Where(l => l.Contains(text, StringComparison.Ordinal))];

    /// <summary>The lines that hold a secret, with the secret's first characters only.</summary>
    public static IReadOnlyList<string> Leaks() => Find([.. Secrets.Keys], [.. Lines]);

    public static IReadOnlyList<string> Find(IReadOnlyList<string> secrets, IReadOnlyList<string> lines)
    {
        // One pass: every secret is cut to its first 8 characters, and only lines with such a piece are looked at closely.
        var byHead = secrets.ToLookup(s => s[..8], StringComparer.Ordinal);
        var leaks = new List<string>();
        foreach (var line in lines)
        {
            for (var i = 0; i + 8 <= line.Length; i++)
            {
                foreach (var secret in byHead[line.Substring(i, 8)])
                    if (string.CompareOrdinal(line, i, secret, 0, secret.Length) == 0) leaks.Add($"{secret[..4]}… in: {line}");
            }
        }
        return leaks;
    }

    /// <summary>Hands a server's log lines to the watch.</summary>
    public sealed class Provider : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(p => $"{p.Key}={p.Value}")) : "";
                SecretWatch.Log($"{logLevel} {category}: {formatter(state, exception)} {values} {exception}");
            }
        }
    }
}

/// <summary>Register with <c>[assembly: AssemblyFixture(typeof(NoSecretInLogs))]</c>: the suite fails when a server logged a secret.</summary>
public sealed class NoSecretInLogs : IDisposable
{
    public void Dispose()
    {
        var leaks = SecretWatch.Leaks();
        if (leaks.Count > 0) throw new InvalidOperationException("A server logged a secret:\n" + string.Join('\n', leaks.Take(20)));
    }
}
