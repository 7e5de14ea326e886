using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

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
        var bases = new[] { type.BaseType }.OfType<Type>().Where(b => b != typeof(object)).Concat(type.IsEnum ? [] : Interfaces(type)).Select(Name);
        yield return $"{name} : {kind} {string.Join(", ", bases)}".TrimEnd();
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            var text = member switch
            {
                ConstructorInfo c when IsVisible(c) => $"{name}.new({Parameters(c)})",
                MethodInfo { IsSpecialName: false } m when IsVisible(m) => $"{name}.{m.Name}({Parameters(m)}) -> {Name(m.ReturnType, Nullability.Create(m.ReturnParameter))}",
                PropertyInfo p when (p.GetMethod ?? p.SetMethod) is { } a && IsVisible(a) => $"{name}.{p.Name} {{{Accessors(p)} }} -> {Name(p.PropertyType, Nullability.Create(p))}",
                EventInfo e when IsVisible(e.AddMethod!) => $"{name}.{e.Name} event {Name(e.EventHandlerType!, Nullability.Create(e))}",
                FieldInfo { IsPublic: true, IsLiteral: true } f => $"{name}.{f.Name} = {Value(f.GetRawConstantValue())}",
                FieldInfo { IsPublic: true, IsSpecialName: false } f => $"{name}.{f.Name} -> {Name(f.FieldType, Nullability.Create(f))}",
                _ => null,
            };
            // What the compiler writes into every record says nothing.
            if (text is not null && member.Name is not ("<Clone>$" or "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "PrintMembers" or "EqualityContract")) yield return text;
        }
    }

    private static NullabilityInfoContext Nullability { get; } = new();

    /// <summary>Those of its own; every record compares itself.</summary>
    private static IEnumerable<Type> Interfaces(Type type) =>
        type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(i => !i.IsGenericType || i.GetGenericTypeDefinition() != typeof(IEquatable<>)).OrderBy(i => i.Name, StringComparer.Ordinal);

    private static string Accessors(PropertyInfo property)
    {
        var text = property.IsDefined(typeof(RequiredMemberAttribute)) ? " required" : "";
        if (property.GetMethod is not null) text += " get;";
        if (property.SetMethod is { } set && IsVisible(set)) text += set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        return text;
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{Name(p.ParameterType, Nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? " = " + Value(p.DefaultValue) : "")}"));

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
    };

    /// <summary>With ? where null may stand, as it was written.</summary>
    private static string Name(Type type, NullabilityInfo nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        var name = type.IsGenericType
            ? $"{Bare(type)}<{string.Join(", ", type.GetGenericArguments().Select((t, i) => i < nullability.GenericTypeArguments.Length ? Name(t, nullability.GenericTypeArguments[i]) : Name(t)))}>"
            : type.Name;
        return type is { IsValueType: false, IsGenericParameter: false } && nullability.ReadState == NullabilityState.Nullable ? name + "?" : name;
    }

    private static string Name(Type type) => type.IsGenericType ? $"{Bare(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;

    private static string Bare(Type type) => type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
}
