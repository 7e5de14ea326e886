using System.Text;
using System.Text.Json;

namespace Juke.Server.Import;

/// <summary>Lines of a certificate: what became of one old row, without any value.</summary>
internal static class CertificateLine
{
    /// <summary>A user.</summary>
    /// <param name="id">The id.</param>
    /// <param name="status">One or two words.</param>
    /// <param name="verdict">Field by field; null when there is nothing to compare.</param>
    /// <param name="remarks">Why what was kept aside or not brought over.</param>
    /// <param name="before">SHA-256 of the old rows.</param>
    /// <param name="after">SHA-256 of what stands here.</param>
    public static string Of(long id, string status, Verdict? verdict, IReadOnlyList<Remark> remarks, byte[]? before, byte[]? after) => Write(json =>
    {
        json.WriteNumber("id", id);
        json.WriteString("status", status);
        if (verdict is not null)
        {
            Names("mapped", verdict.Mapped);
            Names("newerHere", verdict.NewerHere);
        }
        Names("conflicts", verdict?.Conflicts ?? [.. remarks.Where(r => r.Kind == Remark.Conflict).Select(r => r.Field)]);
        Reasons("aside", Remark.Aside);
        Reasons("rejected", Remark.Rejected);
        if (verdict is not null) Names("missing", verdict.Missing);
        if (before is not null) json.WriteString("before", Convert.ToHexStringLower(before));
        if (verdict is not null) json.WriteString("after", after is null ? null : Convert.ToHexStringLower(after));

        void Names(string name, IReadOnlyList<string> fields)
        {
            json.WriteStartArray(name);
            foreach (var field in fields) json.WriteStringValue(field);
            json.WriteEndArray();
        }

        void Reasons(string name, string kind)
        {
            json.WriteStartArray(name);
            foreach (var remark in remarks.Where(r => r.Kind == kind))
            {
                json.WriteStartObject();
                json.WriteString("field", remark.Field);
                json.WriteString("reason", remark.Reason);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    });

    /// <summary>A row that belongs to nobody.</summary>
    public static string Of(Stray stray, bool isKept) => Write(json =>
    {
        json.WriteString("stray", stray.Part);
        json.WriteNumber("userId", stray.UserId);
        json.WriteString("status", isKept ? "aside" : "missing");
        json.WriteString("reason", stray.Reason);
    });

    private static string Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
