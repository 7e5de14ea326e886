using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Juke.House.Tests;

/// <summary>Who may know whom (docs: the map in README). An arrow that is not drawn here is a change of plan: draw it, with the reason, or turn it round.</summary>
public sealed partial class ArrowTests
{
    /// <summary>What every feature room may use.</summary>
    private static readonly string[] Ground = ["Data", "Plumbing", "Passwords", "Mail"];

    /// <summary>From each room of Juke.Server to the rooms that it may name.</summary>
    private static readonly Dictionary<string, string[]> Rooms = new(StringComparer.Ordinal)
    {
        // The ground: no feature room.
        ["Plumbing"] = ["Data"], // CurrentUser carries the account as the gate read it; health asks whether it is migrated.
        ["Data"] = ["Plumbing"], // Settings, to open the pool.
        ["Passwords"] = ["Data", "Plumbing"],
        ["Mail"] = ["Data", "Plumbing"],
        ["Spotify"] = ["Plumbing"],
        ["Google"] = ["Plumbing"],

        // Features.
        ["Sessions"] = Ground,
        ["Gate"] = [.. Ground, "Sessions", "Onboarding"], // Credentials: who speaks. Progress: what a 403 says is missing.
        ["SignUp"] = [.. Ground, "Sessions", "Spotify", "Google", "Onboarding"], // Onboarding: a taken name at sign-up is answered with UsernameSuggestion.
        ["Onboarding"] = [.. Ground, "Sessions"], // Sessions: completion answers with the user as a sign-in does.
        ["Profiles"] = [.. Ground, "Onboarding"], // UsernameSuggestion again, for a rename.
        ["Recovery"] = Ground, // Passwords and proved addresses. The plan did not name this room.
        ["Fixtures"] = Ground,
        ["Catalogue"] = [.. Ground, "Spotify"], // What onboarding asks about: genres, cities, artists. Spotify: where artists come from.
        ["Connections"] = [.. Ground, "Spotify"], // What we may do at a provider in a person's name, apart from signing in.

        // Faces: they call the use cases, never the other way round.
        ["JukeApi"] = ["Data", "Plumbing", "Passwords", "Connections", "Sessions", "SignUp", "Onboarding", "Profiles", "Catalogue", "Spotify"],
        ["Web"] = [.. Ground, "Connections", "Sessions", "SignUp", "Onboarding", "Profiles", "Catalogue", "Recovery", "Fixtures", "Spotify", "Google", "Gate"], // Gate: IPageGate, how a page turns people away.
        ["Published"] = ["Plumbing", "Gate"], // A face that describes: what stands beside each Map, and which level the gate asks of it.
        ["Import"] = ["Data", "Plumbing", "Passwords", "Sessions"], // Sessions: old tokens are stored as new ones are.
    };

    /// <summary>From each project to those that it may reference.</summary>
    private static readonly Dictionary<string, string[]> Projects = new(StringComparer.Ordinal)
    {
        ["src/Juke.Contract"] = [],
        ["src/Juke.Server"] = ["Juke.Contract"],
        ["src/Juke.Client"] = ["Juke.Contract"],
        ["src/Juke.Conformance"] = ["Juke.Contract"], // It plays the server to clients of any language, ours among them.
        ["src/Juke.Cli"] = ["Juke.Client", "Juke.Conformance"],
        ["src/Juke.Desk"] = [], // It starts the server as a process and shares no types with it.
    };

    [Fact]
    public void Rooms_know_only_whom_they_may()
    {
        var arrows = new List<string>();
        foreach (var file in House.Files("src/Juke.Server", ".cs", ".razor"))
        {
            if (RoomOf(file) is not { } room) continue; // Program, Rooms, Verbs: the table of contents names everything.
            if (!Rooms.TryGetValue(room, out var allowed))
            {
                arrows.Add($"{file}: the room {room} is new; draw its arrows in ArrowTests");
                continue;
            }
            arrows.AddRange(NamedIn(House.Code(file)).Where(other => other != room && !allowed.Contains(other, StringComparer.Ordinal)).Select(other => $"{file}: {room} → {other}"));
        }
        arrows.ShouldBeEmpty();
    }

    [Fact]
    public void The_scan_sees_every_way_to_name_a_room()
    {
        NamedIn("using Juke.Server.Mail;").ShouldBe(["Mail"]);
        NamedIn("using static Juke.Server.Data.Sql;").ShouldBe(["Data"]);
        NamedIn("var s = new Onboarding.UsernameSuggestion(x);").ShouldBe(["Onboarding"]);
        NamedIn("Juke.Server.Sessions.Refresh refresh").ShouldBe(["Sessions"]);
        NamedIn("using Juke.Contract.Wire; CreateLogger(\"Juke.Audit\")").ShouldBeEmpty();
        NamedIn("Lifetimes.Web.Length; request.Data.Length; NewSession.Web(caller)").ShouldBeEmpty();
        RoomOf("src/Juke.Server/Mail/MailText.cs").ShouldBe("Mail");
        RoomOf("src/Juke.Server/Program.cs").ShouldBeNull();
    }

    [Fact]
    public void Arrows_that_nobody_uses_are_not_drawn()
    {
        var used = House.Files("src/Juke.Server", ".cs", ".razor").Where(f => RoomOf(f) is not null)
            .SelectMany(f => NamedIn(House.Code(f)).Select(other => (RoomOf(f)!, other))).ToHashSet();
        // The ground is everybody's; what a room was given beyond it must be needed.
        Rooms.SelectMany(r => r.Value.Except(Ground, StringComparer.Ordinal).Select(to => (r.Key, to))).Where(arrow => !used.Contains(arrow))
            .ShouldBeEmpty("no longer needed: take it out of the table");
    }

    [Fact]
    public void Projects_reference_only_whom_they_may()
    {
        foreach (var project in House.Files("src", ".csproj"))
        {
            var folder = Path.GetDirectoryName(project)!.Replace('\\', '/');
            Projects.ShouldContainKey(folder, "a new project: draw its arrows");
            References(project, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/'))).Except(Projects[folder], StringComparer.Ordinal)
                .ShouldBeEmpty(project);
        }
    }

    [Fact]
    public void The_contract_references_nothing()
    {
        References("src/Juke.Contract/Juke.Contract.csproj", "PackageReference").ShouldBeEmpty();
        References("src/Juke.Contract/Juke.Contract.csproj", "FrameworkReference").ShouldBeEmpty();
        typeof(Contract.ContractVersion).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard");
    }

    [Fact]
    public void Desk_shares_no_types_with_the_server()
    {
        typeof(Desk.Postgres.PostgresCluster).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ShouldAllBe(name => !name.StartsWith("Juke.", StringComparison.Ordinal));
        typeof(Server.Plumbing.Settings).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(name => name.StartsWith("Juke.", StringComparison.Ordinal)).ShouldBe(["Juke.Contract"]);
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Parse(House.Read(project)).Descendants(kind).Select(r => r.Attribute("Include")!.Value);

    private static string? RoomOf(string file) => file.Split('/') is ["src", "Juke.Server", var room, _, ..] ? room : null;

    private static List<string> NamedIn(string code) =>
        [.. Name().Matches(code).Select(m => m.Groups["room"].Value).Where(Rooms.ContainsKey).Distinct(StringComparer.Ordinal)];

    // Juke.Server.Mail in any place; or Mail.Something, not behind a dot or a quotation mark. Juke.Contract is no room.
    [GeneratedRegex(@"\bJuke\.Server\.(?<room>[A-Z]\w*)|(?<![\w.""])(?!Juke\.(Server|Contract)\b)(?<room>[A-Z]\w*)\.[A-Z]")]
    private static partial Regex Name();
}
