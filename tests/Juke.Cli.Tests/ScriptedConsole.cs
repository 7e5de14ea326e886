using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Juke.Cli.Tests;

/// <summary>A screen that is a text, and a keyboard that is a script. A question that the script does not answer ends the test.</summary>
internal sealed class ScriptedConsole(TextWriter screen, IEnumerator<ConsoleKeyInfo> keys, bool isTerminal) : IAnsiConsole, IAnsiConsoleInput
{
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new Paper(screen),
        Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
    });

    public Profile Profile => console.Profile;

    public IAnsiConsoleCursor Cursor => console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => console.ExclusivityMode;

    public RenderPipeline Pipeline => console.Pipeline;

    public void Clear(bool home) => console.Clear(home);

    public void Write(IRenderable renderable) => console.Write(renderable);

    public bool IsKeyAvailable() => true;

    public ConsoleKeyInfo? ReadKey(bool intercept) => keys.MoveNext() ? keys.Current : throw new InvalidOperationException("The script has no answer to:\n" + screen);

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken)
    {
        var key = ReadKey(intercept);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(key);
    }

    private sealed class Paper(TextWriter screen) : IAnsiConsoleOutput
    {
        public TextWriter Writer => screen;

        public bool IsTerminal => false;

        public int Width => 1000;

        public int Height => 60;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}

/// <summary>Keys of a script.</summary>
internal static class Keys
{
    /// <summary>Types it and presses Enter.</summary>
    public static IEnumerable<ConsoleKeyInfo> Line(string text) => text.Select(c => new ConsoleKeyInfo(c, ConsoleKey.NoName, false, false, false)).Append(Enter);

    /// <summary>The entry so far down in a menu, from 0.</summary>
    public static IEnumerable<ConsoleKeyInfo> Pick(int down) => Enumerable.Repeat(new ConsoleKeyInfo('\0', ConsoleKey.DownArrow, false, false, false), down).Append(Enter);

    /// <summary>The entry so far from the end of a menu, 1 = the last: menus wrap around.</summary>
    public static IEnumerable<ConsoleKeyInfo> PickLast(int up) => Enumerable.Repeat(new ConsoleKeyInfo('\0', ConsoleKey.UpArrow, false, false, false), up).Append(Enter);

    private static ConsoleKeyInfo Enter => new('\r', ConsoleKey.Enter, false, false, false);
}
