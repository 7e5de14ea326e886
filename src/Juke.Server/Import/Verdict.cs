namespace Juke.Server.Import;

/// <summary>What a certificate says of one old user, field by field.</summary>
internal sealed record Verdict
{
    public List<string> Mapped { get; } = [];

    public List<string> NewerHere { get; } = [];

    public List<string> Conflicts { get; } = [];

    /// <summary>What is neither here nor explained: fields, and what is no field of its own.</summary>
    public List<string> Missing { get; init; } = [];

    /// <summary>Fields whose whole value is kept.</summary>
    public int Aside { get; set; }

    /// <summary>Fields that were not brought over, with a reason.</summary>
    public int Rejected { get; set; }

    /// <summary>Those of <see cref="Missing"/> that are fields.</summary>
    public int FieldsMissing { get; set; }
}
