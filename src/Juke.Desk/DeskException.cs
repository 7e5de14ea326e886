namespace Juke.Desk;

/// <summary>Something at this desk that the person in front of it can mend. The message is one line and says what to do.</summary>
public sealed class DeskException : Exception
{
    /// <summary>Makes one without a message; prefer the others.</summary>
    public DeskException()
    {
    }

    /// <summary>Makes one with the line to show.</summary>
    public DeskException(string message) : base(message)
    {
    }

    /// <summary>Makes one with the line to show and its cause.</summary>
    public DeskException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>What the desk exits with: 1, or 2 when a setting is wrong.</summary>
    public int ExitCode { get; init; } = 1;
}
