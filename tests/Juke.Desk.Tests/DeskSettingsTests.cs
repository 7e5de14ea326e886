using Juke.Desk.Up;
using Shouldly;
using Xunit;

namespace Juke.Desk.Tests;

public sealed class DeskSettingsTests
{
    [Fact]
    public void Nothing_set_is_a_whole_desk()
    {
        var settings = Read([]);
        settings.Url.ShouldBe(new Uri("http://127.0.0.1:5080"));
        settings.Database.ShouldBeNull();
        settings.Secrets.ShouldBeNull();
        settings.Mail.ShouldBe($"file://{settings.Data}/mailbox");
        settings.Environment.ShouldBe("development");
    }

    [Theory]
    [InlineData("JUKE_URL", "5080")]
    [InlineData("JUKE_URL", "ftp://127.0.0.1")]
    [InlineData("JUKE_URL", "http://127.0.0.1:5080/juke")]
    [InlineData("JUKE_DATABASE", "postgres://juke@somewhere/juke")]
    [InlineData("JUKE_SECRETS", "c2hvcnQ=")]
    [InlineData("JUKE_SECRETS", "not base64")]
    [InlineData("JUKE_MAIL", "pigeon")]
    public void A_wrong_setting_is_one_line_that_names_it(string name, string value)
    {
        var wrong = Should.Throw<DeskException>(() => Read(new() { [name] = value }));
        wrong.ExitCode.ShouldBe(2);
        wrong.Message.ShouldContain(name);
        wrong.Message.ShouldNotContain('\n');
        if (name is "JUKE_SECRETS" or "JUKE_DATABASE") wrong.Message.ShouldNotContain(value);
    }

    [Fact]
    public async Task The_desks_key_is_made_once_and_is_its_owners_alone()
    {
        using var temporary = new TemporaryFolder();
        var made = await KeptSecret.ReadOrMakeAsync(temporary.Path, CancellationToken.None);
        Convert.FromBase64String(made).Length.ShouldBe(32);
        (await KeptSecret.ReadOrMakeAsync(temporary.Path, CancellationToken.None)).ShouldBe(made);
        File.GetUnixFileMode(temporary["secrets"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static DeskSettings Read(Dictionary<string, string> variables) => DeskSettings.Read(name => variables.GetValueOrDefault(name));
}
