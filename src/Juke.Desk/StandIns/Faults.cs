namespace Juke.Desk.StandIns;

/// <summary>What goes wrong next, for each endpoint: first what was queued, then what always happens, then nothing.</summary>
internal sealed class Faults(IReadOnlyList<string> endpoints)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<Fault>> queued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Fault> always = new(StringComparer.Ordinal);

    /// <summary>The endpoints that can fail.</summary>
    public IReadOnlyList<string> Endpoints => endpoints;

    /// <summary>What is set now, for the control page.</summary>
    public IReadOnlyList<string> Set
    {
        get
        {
            lock (gate)
            {
                return [.. queued.Where(entry => entry.Value.Count > 0).Select(entry => $"{entry.Key}: next {string.Join(", ", entry.Value.Select(fault => fault.Name))}"),
                    .. always.Select(entry => $"{entry.Key}: always {entry.Value.Name}")];
            }
        }
    }

    /// <summary>The next calls of this endpoint fail, then it works again.</summary>
    /// <exception cref="ArgumentException">There is no such endpoint.</exception>
    public void Next(string endpoint, Fault fault, int times = 1)
    {
        lock (gate)
        {
            if (!queued.TryGetValue(Known(endpoint), out var queue)) queued[endpoint] = queue = new();
            for (var time = 0; time < times; time++) queue.Enqueue(fault);
        }
    }

    /// <summary>Every call of this endpoint fails, until <see cref="Clear"/>.</summary>
    /// <exception cref="ArgumentException">There is no such endpoint.</exception>
    public void Always(string endpoint, Fault fault)
    {
        lock (gate) always[Known(endpoint)] = fault;
    }

    /// <summary>Everything works again.</summary>
    public void Clear()
    {
        lock (gate)
        {
            queued.Clear();
            always.Clear();
        }
    }

    /// <summary>The fault of this call; null = it works. Takes it off the queue.</summary>
    public Fault? Take(string endpoint)
    {
        lock (gate)
        {
            return queued.TryGetValue(endpoint, out var queue) && queue.TryDequeue(out var next) ? next : always.GetValueOrDefault(endpoint);
        }
    }

    private string Known(string endpoint) =>
        endpoints.Contains(endpoint, StringComparer.Ordinal) ? endpoint : throw new ArgumentException($"{endpoint} is none of {string.Join(", ", endpoints)}.", nameof(endpoint));
}
