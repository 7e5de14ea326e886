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
    public string? Of(Type type) => Summary("T:" + type.FullName!.Replace('+', '.'));

    /// <summary>Of a constant or another field.</summary>
    public string? Of(FieldInfo field) => Summary($"F:{field.DeclaringType!.FullName}.{field.Name}");

    /// <summary>Of a property: its own summary, or the record's parameter of that name.</summary>
    public string? Of(PropertyInfo property)
    {
        var record = property.DeclaringType!;
        if (Summary($"P:{record.FullName}.{property.Name}") is { } own) return own;
        var parameter = members.GetValueOrDefault("T:" + record.FullName)?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == property.Name);
        return parameter is null ? null : Text(parameter);
    }

    private string? Summary(string name) => members.GetValueOrDefault(name)?.Element("summary") is { } summary ? Text(summary) : null;

    private static string Text(XElement element) => Space().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Regex.Replace(see.Attribute("cref")?.Value ?? "", "^.*[.:]", "")}`",
        XElement { Name.LocalName: "paramref" } reference => $"`{JsonNamingPolicy.CamelCase.ConvertName(reference.Attribute("name")!.Value)}`",
        XElement other => Text(other),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
