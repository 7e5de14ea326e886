using System.Text.Json.Nodes;

namespace Juke.Cli.Answers;

/// <summary>What somebody did at a step.</summary>
internal abstract record StepReply
{
    /// <summary>Answered: the payload of a save.</summary>
    public sealed record Answered(JsonObject Payload) : StepReply;

    /// <summary>Chose a name: it is taken at the end, together with finishing.</summary>
    public sealed record Named(string Username) : StepReply;

    /// <summary>The answer that is stored stays.</summary>
    public sealed record Kept : StepReply;

    /// <summary>Not asked again.</summary>
    public sealed record Skipped : StepReply;

    /// <summary>No more questions.</summary>
    public sealed record SkippedRest : StepReply;

    /// <summary>The step before.</summary>
    public sealed record Back : StepReply;

    /// <summary>Another day, or another device.</summary>
    public sealed record Later : StepReply;
}
