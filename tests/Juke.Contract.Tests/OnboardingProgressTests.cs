namespace Juke.Contract.Tests;

public sealed class OnboardingProgressTests
{
    private const string All = "username genres artist hated rainy workout decade listening age city connect";

    [Theory]
    // required, answered, skipped → missing, next step
    [InlineData("", "", "", "username", "username")]
    [InlineData("", "username", "", "", "genres")]
    [InlineData("", "genres", "", "username", "username")]
    [InlineData("", "username genres", "", "", "artist")]
    [InlineData("", "username genres", "artist hated", "", "rainy")]
    [InlineData("", "username connect", "", "", "genres")]
    [InlineData("", All, "", "", "finish")]
    [InlineData("", "username", "genres artist hated rainy workout decade listening age city connect", "", "finish")]
    [InlineData("", "", All, "username", "username")]
    [InlineData("age_range", "username", "genres artist hated rainy workout decade listening age city connect", "custom_data.age_range", "age")]
    [InlineData("location favorite_genres", "username", "", "favorite_genres location", "genres")]
    [InlineData("location favorite_genres", "username genres city", "artist", "", "hated")]
    [InlineData("", "username genres", "nobody-knows", "", "artist")]
    public void Missing_and_next_step(string required, string answered, string skipped, string missing, string next)
    {
        var progress = OnboardingProgress.Of(OnboardingDefinition.FromSetting(required, out _), Set(answered), Set(skipped));
        progress.Missing.ShouldBe(Words(missing));
        progress.NextStep.ShouldBe(next);
        progress.Answered.ShouldBe(Words(All).Where(Set(answered).Contains));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u00A0\u3000")]
    public void A_blank_username_is_no_answer(string? username) =>
        OnboardingProgress.AnsweredSteps(username, CanonicalProfile.Empty, spotifyConnected: false).ShouldBeEmpty();

    [Fact]
    public void An_empty_list_is_no_answer() =>
        OnboardingProgress.AnsweredSteps("ada", CanonicalProfile.Empty with { CustomData = """{"hated_genres":[]}""" }, spotifyConnected: true).ShouldBe(["username", "connect"], ignoreOrder: true);

    [Fact]
    public void Nothing_answered_shows_no_values()
    {
        var values = OnboardingProgress.ValuesOf(null, CanonicalProfile.Empty);
        values.ShouldBe(new Wire.OnboardingValues());
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static HashSet<string> Set(string text) => [.. Words(text)];
}
