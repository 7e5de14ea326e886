using System.Net;
using System.Text;
using Juke.Contract;
using Juke.Server.Tests.Plumbing;
using Juke.Testing;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Onboarding;

/// <summary>What may be chosen as a username, pure and over HTTP.</summary>
public sealed class UsernameTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly JukeServer server = fixture.Server;

    /// <summary>Typed, and what is stored.</summary>
    public static TheoryData<string, string> Good() => new()
    {
        { "abc", "abc" }, { "a-b", "a-b" }, { "___", "___" }, { "123", "123" }, { "Ada_Lovelace-1815", "Ada_Lovelace-1815" },
        { "  abc  ", "abc" }, { "\t\nabc\u00A0\u3000\u2028\u0085", "abc" }, { "\u1680\u2003abc\u202F\u205F", "abc" },
        { "e\u0301te\u0301", "été" }, { "Åse", "Åse" }, { "A\u030Ase", "Åse" }, { "שלום", "שלום" }, { "שָׁלוֹם", "שָׁלוֹם".Normalize(NormalizationForm.FormC) }, { "日本語", "日本語" }, { "ไทยแลนด์", "ไทยแลนด์" }, { "हिन्दी", "हिन्दी" },
        { "محمد", "محمد" }, { "абв", "абв" }, { "Ωμέγα", "Ωμέγα" }, { "abc日本", "abc日本" }, { "abcשלום", "abcשלום" }, { "٣٤٥", "٣٤٥" }, { "ａｂｃ", "ａｂｃ" }, { "𝒳𝒴𝒵", "𝒳𝒴𝒵" },
        { "mee", "mee" }, { "searching", "searching" }, { "abc1\u0661", "abc1\u0661" },
        { new string('a', 50), new string('a', 50) }, { string.Concat(Enumerable.Repeat("𝒳", 50)), string.Concat(Enumerable.Repeat("𝒳", 50)) }, { string.Concat(Enumerable.Repeat("e\u0301", 50)), new string('é', 50) },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_name_is_trimmed_and_composed_and_otherwise_kept(string typed, string stored)
    {
        Username.Check(typed, out var canonical).ShouldBeNull();
        canonical.ShouldBe(stored);
        Username.Check(canonical, out var again).ShouldBeNull();
        again.ShouldBe(canonical);
    }

    [Fact]
    public void A_bad_name_gets_one_sentence()
    {
        foreach (var name in HostileValues.Usernames)
        {
            var sentence = Username.Check(name, out var canonical);
            sentence.ShouldNotBeNull(name);
            sentence.ShouldStartWith("Username ");
            canonical.ShouldBeEmpty();
        }
        Username.Check(null, out _).ShouldBe("Username must be at least 3 characters long");
        Username.Check("ab", out _).ShouldBe("Username must be at least 3 characters long");
        Username.Check(new string('a', 51), out _).ShouldBe("Username must be at most 50 characters long");
        Username.Check("a\ud800bc", out _).ShouldBe("Username contains characters that cannot be stored");
    }

    [Fact]
    public void Every_white_space_of_unicode_is_trimmed_and_nothing_else()
    {
        for (var c = 0; c <= 0xFFFF; c++)
        {
            if (char.IsSurrogate((char)c)) continue;
            var isWhite = Rune.IsWhiteSpace(new Rune(c));
            Username.WhiteSpace.Contains((char)c, StringComparison.Ordinal).ShouldBe(isWhite, $"U+{c:X4}");
        }
    }

    [Fact]
    public async Task The_database_agrees_on_what_is_blank()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        foreach (var blank in Username.WhiteSpace.Select(c => c.ToString()).Append(Username.WhiteSpace).Append(""))
        {
            await server.ExecuteAsync("update users set username = $2 where id = $1", client.UserId, blank);
            (await server.AskAsync<bool>("select username_missing from accounts where id = $1", client.UserId)).ShouldBeTrue($"U+{(int)blank.FirstOrDefault():X4}");
        }
        foreach (var name in new[] { "\u200B", "\u2060", "\uFEFF", "\u180E", "a" })
        {
            await server.ExecuteAsync("update users set username = $2 where id = $1", client.UserId, name);
            (await server.AskAsync<bool>("select username_missing from accounts where id = $1", client.UserId)).ShouldBeFalse($"U+{(int)name[0]:X4}");
        }
    }

    [Theory]
    [InlineData("Kelvin", "KELVIN")]
    [InlineData("Kelvin2", "\u212Aelvin2")] // The Kelvin sign.
    [InlineData("fifteen", "ﬁfteen")]
    [InlineData("width", "ｗｉｄｔｈ")]
    [InlineData("Éric", "e\u0301ric")]
    [InlineData("Ёлка", "ёЛКА")]
    [InlineData("Ωhm-", "\u2126hm-")]
    [InlineData("math1", "𝓶𝓪𝓽𝓱1")]
    public async Task Names_that_show_the_same_are_the_same_name(string first, string second)
    {
        Username.Key(first).ShouldBe(Username.Key(second));
        if (Username.Check(first, out _) is not null || Username.Check(second, out _) is not null) return; // Ωhm mixes scripts: nobody can have either.
        using var one = server.NewClient();
        using var two = server.NewClient();
        (await one.RegisterAsync()).EnsureOk();
        (await two.RegisterAsync()).EnsureOk();
        (await one.CompleteAsync(first)).EnsureOk().Json["user"].Text("username").ShouldBe(first.Normalize());
        (await two.GetAsync("/auth/username/check?username=" + Uri.EscapeDataString(second))).EnsureOk().Body.ShouldBe("""{"available":false}""");
        (await one.GetAsync("/auth/username/check?username=" + Uri.EscapeDataString(second))).EnsureOk().Body.ShouldBe("""{"available":true}""", "their own name");
        var taken = await two.CompleteAsync(second);
        (taken.Status, taken.Code, taken.Json.Text("message")).ShouldBe((HttpStatusCode.Conflict, "USERNAME_TAKEN", "Username already taken"));
        (await two.CompleteAsync(taken.Json.Text("suggestion"))).EnsureOk();
    }

    [Fact]
    public async Task Completion_sets_name_and_date_once_and_renames_when_asked_again()
    {
        await using var own = await JukeServer.StartAsync();
        using var client = own.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var first = (await client.CompleteAsync("Ada")).EnsureOk();
        first.Json.Keys().ShouldBe(["success", "user"]);
        first.Json["user"]!.Keys().ShouldBe(Shapes.User);
        first.Json["user"].Flag("onboardingRequired").ShouldBeFalse();
        own.Clock.Advance(TimeSpan.FromMinutes(5));
        (await client.CompleteAsync(" Ada ")).EnsureOk().Body.ShouldBe(first.Body);
        (await client.CompleteAsync("Lovelace")).EnsureOk().Json["user"].Text("username").ShouldBe("Lovelace");
        (await client.CompleteAsync("ADA")).EnsureOk().Json["user"].Text("username").ShouldBe("ADA", "the name it left is free again");
        (await own.AskAsync<DateTime>("select onboarding_done_at from user_profiles")).ShouldBe(new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task A_refused_completion_leaves_the_account_as_it_was()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        var reply = await client.CompleteAsync("no spaces please");
        (reply.Status, reply.Code, reply.Json.Text("message")).ShouldBe((HttpStatusCode.BadRequest, "VALIDATION_FAILED", "Username can only contain letters, numbers, underscores, and hyphens"));
        (await client.GetAsync("/auth/me")).Json.Flag("onboardingRequired").ShouldBeTrue();
        (await client.PostAsync("/auth/onboarding/complete", new { })).Json.Text("message").ShouldBe("Username must be at least 3 characters long");
    }

    [Fact]
    public async Task An_imported_name_may_be_kept_as_it_is_and_not_chosen_anew()
    {
        using var client = server.NewClient();
        (await client.RegisterAsync()).EnsureOk();
        await server.ExecuteAsync("update users set username = 'old name!', username_key = 'old name!' where id = $1", client.UserId);
        (await client.CompleteAsync("old name!")).EnsureOk().Json["user"].Text("username").ShouldBe("old name!");
        (await client.CompleteAsync("Old Name!")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
