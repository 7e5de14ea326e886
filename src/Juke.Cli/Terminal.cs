using Juke.Cli.Doors;
using Spectre.Console;

namespace Juke.Cli;

/// <summary>What a verb speaks through: the process's own streams, or a test's.</summary>
internal sealed class Terminal
{
    /// <summary>Answers.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Everything that is not the answer: errors, and what to do meanwhile.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>For <c>--password-stdin</c>.</summary>
    public required TextReader In { get; init; }

    /// <summary>Colours, tables and questions, over <see cref="Out"/>.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Whether somebody sits there who can be asked.</summary>
    public required bool CanAsk { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Opens an address for the person; false when there is no browser.</summary>
    public required Func<Uri, bool> OpenBrowser { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal OfProcess()
    {
        var console = AnsiConsole.Console;
        var isScreen = !System.Console.IsOutputRedirected;
        if (!isScreen) console.Profile.Width = 1000; // A pipe has no width; 80 would break lines.
        return new Terminal
        {
            Out = System.Console.Out,
            Error = System.Console.Error,
            In = System.Console.In,
            Console = console,
            // The questions move the cursor: without ANSI there are none.
            CanAsk = isScreen && !System.Console.IsInputRedirected && console.Profile.Capabilities is { Interactive: true, Ansi: true },
            Variable = Environment.GetEnvironmentVariable,
            OpenBrowser = SystemBrowser.Open,
        };
    }
}
