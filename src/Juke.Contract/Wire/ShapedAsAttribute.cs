namespace Juke.Contract.Wire;

/// <summary>What a member that is kept as JSON holds, for the published document.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ShapedAsAttribute(Type type) : Attribute
{
    /// <summary>A type that describes it.</summary>
    public Type Type => type;
}
