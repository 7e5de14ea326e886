using System.ComponentModel.DataAnnotations;

namespace Juke.Contract.Wire;

/// <summary>How many texts a list holds at most, and how long each may be. It describes; the rule is in Juke.Contract.Profiles.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EntriesAttribute(int most, int longest) : ValidationAttribute
{
    /// <summary>Most entries.</summary>
    public int Most => most;

    /// <summary>Most characters (code points) of one.</summary>
    public int Longest => longest;
}
