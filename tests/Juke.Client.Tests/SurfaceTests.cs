using System.Reflection;

namespace Juke.Client.Tests;

/// <summary>What apps can compile against is frozen in src/Juke.Client/PublicSurface.txt.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void The_public_surface_is_the_frozen_one()
    {
        var frozen = Repository.Read("src/Juke.Client/PublicSurface.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var found = typeof(Session).Assembly.GetExportedTypes().SelectMany(Lines).Distinct().Order(StringComparer.Ordinal).ToList();
        var gone = frozen.Except(found, StringComparer.Ordinal).Select(l => "- " + l);
        var come = found.Except(frozen, StringComparer.Ordinal).Select(l => "+ " + l);
        var changed = gone.Concat(come).ToList();
        if (changed.Count > 0)
        {
            Assert.Fail(
                "The public surface of Juke.Client changed:\n" + string.Join('\n', changed)
                + "\nIs it meant? Then take the lines with - out of src/Juke.Client/PublicSurface.txt and put those with + in, sorted; a line that goes breaks apps: say so in CHANGELOG.md. Is it not? Then make the member internal.");
        }
        frozen.ShouldBe(frozen.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Lines(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsSealed ? "sealed class" : "class";
        var name = Name(type);
        yield return $"{name} : {kind} {string.Join(", ", new[] { type.BaseType }.OfType<Type>().Where(b => b != typeof(object)).Select(Name))}".TrimEnd();
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            var text = member switch
            {
                ConstructorInfo c when IsVisible(c) => $"{name}.new({Parameters(c)})",
                MethodInfo { IsSpecialName: false } m when IsVisible(m) => $"{name}.{m.Name}({Parameters(m)}) -> {Name(m.ReturnType)}",
                PropertyInfo p when (p.GetMethod ?? p.SetMethod) is { } a && IsVisible(a) =>
                    $"{name}.{p.Name} {{{(p.GetMethod is not null ? " get;" : "")}{(p.SetMethod is { } s && IsVisible(s) ? " set;" : "")} }} -> {Name(p.PropertyType)}",
                EventInfo e when IsVisible(e.AddMethod!) => $"{name}.{e.Name} event {Name(e.EventHandlerType!)}",
                FieldInfo { IsPublic: true, IsSpecialName: false } f => $"{name}.{f.Name} -> {Name(f.FieldType)}",
                _ => null,
            };
            // What the compiler writes into every record says nothing.
            if (text is not null && member.Name is not ("<Clone>$" or "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "PrintMembers" or "EqualityContract")) yield return text;
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.IsOptional ? " = …" : "")}"));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
