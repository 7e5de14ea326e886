using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Juke.Client;
using Juke.Contract.Wire;
using Spectre.Console;

namespace Juke.Cli;

/// <summary>One verb at work: a server, this machine's session there, and a way to answer.</summary>
internal sealed class Run(Terminal terminal, Uri server, bool isJson, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly WatchedStore store = new(new FileTokenStore(StateFolder.TokenFile(server, terminal.Variable)));
    private Session? session;

    public Uri Server => server;

    public Terminal Terminal => terminal;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Whether a question may be asked: somebody sits there, and did not ask for JSON.</summary>
    public bool CanAsk => terminal.CanAsk && !isJson;

    /// <summary>The session of this machine at the server; not started.</summary>
    public Session Session => session ??= new Session(new SessionOptions
    {
        Server = server,
        Store = store,
        Device = $"juke-cli/{Version} ({RuntimeInformation.OSDescription.Split(' ')[0]})",
        Time = terminal.Time,
    });

    private static string Version => typeof(Run).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>
    /// Finds out who is signed in, and whether they may go where the verb leads: by the same table as every client
    /// (<see cref="RouteDecision"/>).
    /// </summary>
    /// <exception cref="Refusal">Not signed in, onboarding first, or the server cannot be reached.</exception>
    public async Task<User> EnterAsync(RouteKind kind)
    {
        var state = await StartAsync();
        return RouteDecision.Decide(state, kind) switch
        {
            RouteAction.ToLogin => throw Refusal.NotSignedIn(),
            RouteAction.ToOnboarding => throw Refusal.OnboardingFirst(),
            _ => state.User!,
        };
    }

    /// <summary>Whether somebody is, or may be, signed in here: who only cannot be asked now is.</summary>
    public bool MayBeSignedIn => session is { State.Status: not SessionStatus.Guest };

    /// <summary>Ends the verb when this machine could not read, write or delete what it keeps.</summary>
    /// <exception cref="Refusal">With the file in question.</exception>
    public void RefuseBrokenStore()
    {
        if (store.Failure is { } failure) throw Refusal.Store(failure);
    }

    /// <summary>Who is signed in; once it is known, or cannot be known now.</summary>
    /// <exception cref="Refusal">The store of this machine fails, or the server cannot be reached.</exception>
    public async Task<SessionState> StartAsync()
    {
        var settled = Session.StartAsync(cancellation);
        await foreach (var state in Session.WatchAsync(cancellation))
        {
            if (state.Status != SessionStatus.Loading) break;
            // The session would go on trying; a person at a prompt would rather know.
            if (!state.IsUnreachable) continue;
            RefuseBrokenStore();
            throw Refusal.Unreachable(server, isSignedIn: true);
        }
        await settled;
        RefuseBrokenStore(); // A guest only because nothing could be read.
        return Session.State;
    }

    /// <summary>Something for people that is not the whole answer: nothing where JSON is wanted.</summary>
    public void Tell(Action<IAnsiConsole> forPeople)
    {
        if (!isJson) forPeople(terminal.Console);
    }

    /// <summary>The answer: as JSON, or for people.</summary>
    public int Answer(JsonNode json, Action<IAnsiConsole> forPeople)
    {
        if (isJson) terminal.Out.WriteLine(Output.Text(json));
        else forPeople(terminal.Console);
        return ExitCode.Done;
    }

    /// <summary>The answer in one sentence.</summary>
    public int Answer(JsonNode json, string sentence) => Answer(json, console => console.WriteLine(Output.Plain(sentence)));

    /// <summary>What to know meanwhile; never part of the answer.</summary>
    public void Note(string line) => terminal.Error.WriteLine(line);

    public async ValueTask DisposeAsync()
    {
        if (session is not null) await session.DisposeAsync();
    }
}
