using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Juke.Server.Published;

/// <summary>What the code's own documentation says of records, members and codes, as CommonMark.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> members = new(StringComparer.Ordinal);

    /// <summary>Reads the documentation that the compiler writes beside each assembly.</summary>
    public XmlDocs(params Assembly[] assemblies)
    {
        foreach (var assembly in assemblies)
        {
            var file = Path.ChangeExtension(assembly.Location, ".xml");
            if (!File.Exists(file)) throw new InvalidOperationException($"{Path.GetFileName(file)} must lie beside its assembly: the published document quotes it.");
            foreach (var member in XDocument.Load(file).Descendants("member")) members[member.Attribute("name")!.Value] = member;
        }
    }

    /// <summary>Of a type. Null when it has none.</summary>
    /// <param name="type">The type.</param>
    /// <param name="naming">How the dialect writes the names of members that the text mentions.</param>
    public string? Of(Type type, JsonNamingPolicy? naming) => Summary("T:" + type.FullName!.Replace('+', '.'), naming);

    /// <summary>Of a constant or another field.</summary>
    public string? Of(FieldInfo field) => Summary($"F:{field.DeclaringType!.FullName}.{field.Name}", naming: null);

    /// <summary>Of a property: its own summary, or the record's parameter of that name.</summary>
    public string? Of(PropertyInfo property, JsonNamingPolicy? naming)
    {
        var record = property.DeclaringType!;
        if (Summary($"P:{record.FullName}.{property.Name}", naming) is { } own) return own;
        var parameter = members.GetValueOrDefault("T:" + record.FullName)?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == property.Name);
        return parameter is null ? null : Text(parameter, naming);
    }

    private string? Summary(string name, JsonNamingPolicy? naming) => members.GetValueOrDefault(name)?.Element("summary") is { } summary ? Text(summary, naming) : null;

    private static string Text(XElement element, JsonNamingPolicy? naming) => Space().Replace(string.Concat(element.Nodes().Select(n => Text(n, naming))), " ").Trim();

    // Members are said as the dialect writes them; nothing else of C# has a name on the wire, so a text does without.
    private static string Text(XNode node, JsonNamingPolicy? naming) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Name(Regex.Replace(see.Attribute("cref")!.Value, "^.*[.:]", ""), naming)}`",
        XElement { Name.LocalName: "paramref" } reference => $"`{Name(reference.Attribute("name")!.Value, naming)}`",
        XElement other => Text(other, naming),
        _ => "",
    };

    private static string Name(string member, JsonNamingPolicy? naming) => naming?.ConvertName(member) ?? member;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
