using System.Text.Json.Nodes;

namespace Juke.Cli.Tests;

/// <summary>A person's machine: a home folder, an environment, and a terminal in which <c>juke</c> is typed.</summary>
internal sealed class Desk : IDisposable
{
    public Desk(Uri server)
    {
        Home = Directory.CreateTempSubdirectory("juke-home-").FullName;
        Variables["HOME"] = Home;
        Variables["JUKE_SERVER"] = server.GetLeftPart(UriPartial.Authority);
    }

    public string Home { get; }

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>What opening an address does; null: there is no browser.</summary>
    public Action<Uri>? Browser { get; set; }

    /// <summary>Stands, so that no time-out ends what a busy machine takes its time for.</summary>
    public ManualClock Clock { get; } = ManualClock.Tomorrow();

    /// <summary>Reads each line that is said beside the answer, as it is said.</summary>
    public Action<string>? Listener { get; set; }

    /// <summary>The folder of the sign-ins.</summary>
    public string State => Path.Combine(Home, ".local", "state", "juke");

    /// <summary>Every file in <see cref="State"/> that is no lock.</summary>
    public IEnumerable<string> Tokens => Directory.Exists(State) ? Directory.GetFiles(State).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)) : [];

    /// <summary>Types <c>juke …</c> where nobody can be asked.</summary>
    public Task<Said> RunAsync(params string[] words) => RunAsync(null, [], isTerminal: false, words);

    /// <summary>Types <c>juke …</c> with this on standard input.</summary>
    public Task<Said> PipeAsync(string input, params string[] words) => RunAsync(input, [], isTerminal: false, words);

    /// <summary>Sits at a screen and presses these keys when asked.</summary>
    public Task<Said> SitAsync(IEnumerable<ConsoleKeyInfo> keys, params string[] words) => RunAsync(null, keys, isTerminal: true, words);

    public async Task<string> RegisteredAsync()
    {
        var email = TestClient.NewEmail();
        (await PipeAsync(TestClient.Password, "register", "--email", email, "--password-stdin")).ShouldSucceed();
        return email;
    }

    public async Task<string> OnboardedAsync()
    {
        await RegisteredAsync();
        var name = TestClient.NewName();
        (await RunAsync("onboarding", "--set", "username=" + name)).ShouldSucceed();
        return name;
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);

    private async Task<Said> RunAsync(string? input, IEnumerable<ConsoleKeyInfo> keys, bool isTerminal, string[] words)
    {
        using var output = new StringWriter();
        using var error = new Aloud(Listener);
        using var typed = new StringReader(input ?? "");
        using var script = keys.GetEnumerator();
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            In = typed,
            Console = new ScriptedConsole(output, script, isTerminal),
            CanAsk = isTerminal,
            Variable = name => Variables.GetValueOrDefault(name),
            OpenBrowser = address =>
            {
                Browser?.Invoke(address);
                return Browser is not null;
            },
            Time = Clock,
        };
        SecretWatch.Remember(TestClient.Password);
        var exitCode = await Commands.RunAsync(words, terminal, TestContext.Current.CancellationToken);
        script.MoveNext().ShouldBeFalse("there are keys that nobody asked for");
        return new Said(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>A screen whose lines are read as they come.</summary>
internal sealed class Aloud(Action<string>? listener) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value is not null) listener?.Invoke(value);
    }
}

/// <summary>How <c>juke</c> ended.</summary>
internal sealed record Said(int ExitCode, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;

    public Said ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Out + Error);
        return this;
    }

    public Said ShouldEndWith(int exitCode, string? code = null)
    {
        ExitCode.ShouldBe(exitCode, Out + Error);
        if (code is not null) Json["error"]!["code"]!.GetValue<string>().ShouldBe(code);
        return this;
    }
}
