using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Juke.Testing;

/// <summary>
/// Holds answers against the published document: an operation answers only statuses and codes that it lists, with bodies of
/// the shape that it gives, down to the last member.
/// </summary>
internal sealed class DocumentWatch(JsonNode document)
{
    private readonly JsonShape shape = new(document);
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentDictionary<(string OperationId, string Code), byte> seen = new();

    public IReadOnlyList<string> Complaints => [.. complaints.Distinct()];

    /// <summary>Which operation answered what: a problem code, the status of a success, or a header that an answer need not have.</summary>
    public IReadOnlySet<(string OperationId, string Code)> Seen => seen.Keys.ToHashSet();

    /// <summary>The document that contract/ holds; a test of the ledger keeps it equal to the served one.</summary>
    public static DocumentWatch OfRepository() => new(JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.ContractFolder, "openapi.json")))!);

    public void See(HttpMethod method, string path, Reply reply)
    {
        if (Find(method, path) is not { } operation) return; // Not of the document: pages, health, unknown paths.
        var status = (int)reply.Status;
        var what = $"{method} {path.Split('?')[0]} answered {status} {reply.Code}";
        seen.TryAdd(((string)operation["operationId"]!, reply.Code ?? status.ToString()), 0);
        if (operation["responses"]![status.ToString()] is not { } listed)
        {
            Complain($"{what}, but its document lists no {status}. Say .Problems(…) beside its Map, or do not answer it.");
            return;
        }
        var response = shape.Resolve(listed);
        foreach (var (name, header) in response["headers"]?.AsObject() ?? [])
        {
            if (reply.Headers.Contains(name)) seen.TryAdd(((string)operation["operationId"]!, "header " + name), 0);
            else if ((bool?)shape.Resolve(header!)["required"] == true) Complain($"{what} without the header {name}.");
        }
        var type = reply.ContentHeaders.ContentType?.MediaType ?? "";
        if (response["content"] is null && reply.Body.Length == 0) return;
        if (response["content"]?[type]?["schema"] is not { } schema)
        {
            Complain($"{what} as {type}, which its document does not list.");
            return;
        }
        foreach (var difference in shape.Differences(JsonNode.Parse(reply.Body), schema, "$"))
            Complain($"{what}, but {difference}. Its document says otherwise: correct the endpoint, its record, or what it says beside its Map.");
    }

    private JsonNode? Find(HttpMethod method, string path)
    {
        var segments = path.Split('?')[0].Split('/');
        foreach (var (template, methods) in document["paths"]!.AsObject())
        {
            var parts = template.Split('/');
            if (parts.Length == segments.Length && parts.Zip(segments).All(p => p.First == p.Second || p.First.StartsWith('{'))) return methods![method.Method.ToLowerInvariant()];
        }
        return null;
    }

    private void Complain(string complaint) => complaints.Enqueue(complaint);
}

/// <summary>
/// Register with <c>[assembly: AssemblyFixture(typeof(OnlyDocumentedAnswers))]</c>: the suite fails when an endpoint answered
/// a <see cref="TestClient"/> something that contract/openapi.json does not say.
/// </summary>
internal sealed class OnlyDocumentedAnswers : IDisposable
{
    private readonly DocumentWatch watch = DocumentWatch.OfRepository();

    public OnlyDocumentedAnswers() => TestClient.Answered += watch.See;

    public void Dispose()
    {
        TestClient.Answered -= watch.See;
        if (watch.Complaints.Count > 0) throw new InvalidOperationException("Answers that the document does not know:\n" + string.Join('\n', watch.Complaints.Take(20)));
    }
}
