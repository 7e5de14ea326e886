namespace Juke.Contract.Tests;

public sealed class TextTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("a\tb\u0001", true)]
    [InlineData("😀", true)]
    [InlineData("\uFFFD\uFFFF", true)]
    [InlineData("a\0", false)]
    public void Is_well_formed_when_a_database_can_hold_it(string text, bool isWellFormed) => Text.IsWellFormed(text).ShouldBe(isWellFormed);

    // Attributes are stored as UTF-8, which has no lone surrogates.
    [Fact]
    public void Lone_surrogates_are_not_well_formed()
    {
        foreach (var text in new[] { "\uD83D", "\uDE00\uD83D", "x\uD83Dx", "\uDE00", "😀\uD83D" }) Text.IsWellFormed(text).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ABC", "abc")]
    [InlineData("Ａ①ﬁ", "a1fi")]
    [InlineData("e\u0301", "é")]
    [InlineData("\u212Aelvin", "kelvin")]
    public void A_key_folds_case_and_form(string text, string key)
    {
        Text.Key(text).ShouldBe(key.Normalize());
        Text.Key(Text.Key(text)).ShouldBe(Text.Key(text));
    }
}
