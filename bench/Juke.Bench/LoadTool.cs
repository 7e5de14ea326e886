using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Juke.Bench;

/// <summary>What a run measured.</summary>
/// <param name="Requests">Answered with 200.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Median latency, milliseconds.</param>
/// <param name="P99">99th percentile, milliseconds.</param>
/// <param name="CpuMicros">CPU time of the server's process per request, microseconds.</param>
internal sealed record Measure(int Requests, double Seconds, double P50, double P99, double CpuMicros)
{
    public double PerSecond => Requests / Seconds;
}

/// <summary>
/// Sends one ready-made request over and over on plain sockets, one in flight per connection. It does as little as it can:
/// on two cores the tool's own CPU is taken from the server.
/// </summary>
internal static class LoadTool
{
    public static async Task<Measure> RunAsync(Uri url, int processId, IReadOnlyList<string> tokens, string path, int connections, TimeSpan duration)
    {
        var cpu = CpuOf(processId);
        var started = Stopwatch.GetTimestamp();
        var until = started + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(() => ConnectionAsync(url, path, tokens[i % tokens.Count], until))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var spent = CpuOf(processId) - cpu;
        var latencies = all.SelectMany(l => l).ToArray();
        Array.Sort(latencies);
        return new Measure(
            latencies.Length, seconds, Milliseconds(latencies[latencies.Length / 2]), Milliseconds(latencies[latencies.Length * 99 / 100]),
            spent.TotalMicroseconds / latencies.Length);
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    private static TimeSpan CpuOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    private static async Task<List<long>> ConnectionAsync(Uri url, string path, string token, long until)
    {
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n\r\n");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        var latencies = new List<long>(100_000);
        while (Stopwatch.GetTimestamp() is var sent && sent < until)
        {
            await socket.SendAsync(request);
            var length = 0;
            do
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0) throw new InvalidOperationException("The server closed the connection.");
                length += read;
            }
            while (!IsWhole(buffer.AsSpan(0, length)));
            if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, length));
            latencies.Add(Stopwatch.GetTimestamp() - sent);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return latencies;
    }

    private static bool IsWhole(ReadOnlySpan<byte> reply)
    {
        var head = reply.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        var lengthAt = reply[..head].IndexOf("Content-Length: "u8);
        if (lengthAt < 0) return reply.EndsWith("\r\n0\r\n\r\n"u8);
        return System.Buffers.Text.Utf8Parser.TryParse(reply[(lengthAt + 16)..], out int length, out _) && reply.Length >= head + 4 + length;
    }
}
