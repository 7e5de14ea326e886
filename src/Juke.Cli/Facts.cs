using Spectre.Console;

namespace Juke.Cli;

/// <summary>Plain tables: no frames, so that they can be read aloud, cut and searched.</summary>
internal static class Facts
{
    /// <summary>Names and values, one below the other.</summary>
    public static Table Of(params IReadOnlyList<(string Name, string? Value)> facts)
    {
        var table = new Table().NoBorder().HideHeaders().AddColumn("").AddColumn("");
        foreach (var (name, value) in facts) table.AddRow(new Text(name), new Text(Output.Plain(value)));
        return table;
    }

    /// <summary>Rows below headings.</summary>
    public static Table Of(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var table = new Table().NoBorder();
        foreach (var heading in headings) table.AddColumn(new TableColumn(new Text(heading)).NoWrap());
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(Output.Plain(cell))));
        return table;
    }
}
