using System.Diagnostics;
using Juke.Server.Catalogue;

namespace Juke.Bench;

/// <summary><c>./dev bench cities</c>: what the list of cities costs to load, to keep and to search.</summary>
internal static class CityBench
{
    // What people type, letter by letter, and what is hard: many hits, no hit, every way tried.
    private static readonly string[] Typed = ["new york", "são paulo", "köln", "washington, d", "paris, texas", "london uk", "москва", "東京"];
    private static readonly string[] Hard =
        ["a", "e", "ia", "an a", "on", "zzzz", "qqqqqqqqqqqqqqqqqqqq", "a b c d e f g", "san, x", "al, a", "o o o o o us", "france", "s united states", "a, united states"];

    public static void Run()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var index = CityIndex.Load();
        var load = Stopwatch.GetElapsedTime(started);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"{index.Count} cities, loaded in {load.TotalMilliseconds:0} ms (cold; {cpu.TotalMilliseconds:0} ms of CPU), {kept / 1024.0 / 1024.0:0.0} MiB kept, {index.Size / 1024.0 / 1024.0:0.0} MiB of it bytes");

        var queries = Typed.SelectMany(q => Enumerable.Range(1, q.Length).Select(n => q[..n])).Concat(Hard).ToList();
        CitySearch.Find("warm");
        var times = new List<(double Milliseconds, string Query)>();
        for (var round = 0; round < 40; round++)
        {
            foreach (var q in queries)
            {
                started = Stopwatch.GetTimestamp();
                CitySearch.Find(q, CitySearch.MaxLimit);
                if (round >= 10) times.Add((Stopwatch.GetElapsedTime(started).TotalMilliseconds, q));
            }
        }
        times.Sort();
        Console.WriteLine($"{times.Count} searches: p50 {times[times.Count / 2].Milliseconds:0.00} ms, p99 {times[times.Count * 99 / 100].Milliseconds:0.00} ms, worst {times[^1].Milliseconds:0.00} ms ('{times[^1].Query}')");
        // On a shared machine the tail is the neighbours': the quickest run of each query shows the search itself.
        var quickest = times.GroupBy(t => t.Query, StringComparer.Ordinal).Select(g => g.Min()).OrderDescending().ToList();
        Console.WriteLine($"quickest run of each query: p99 {quickest[quickest.Count / 100].Milliseconds:0.00} ms; slowest: "
            + string.Join(", ", quickest.Take(5).Select(t => $"'{t.Query}' {t.Milliseconds:0.00} ms")));
    }
}
