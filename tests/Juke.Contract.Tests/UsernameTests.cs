namespace Juke.Contract.Tests;

public sealed class UsernameTests
{
    [Theory]
    [InlineData("ada", "ada")]
    [InlineData("  ada  ", "ada")]
    [InlineData("\u00A0\u3000ada\u2028", "ada")]
    [InlineData("Ada_Lovelace-1", "Ada_Lovelace-1")]
    [InlineData("___", "___")]
    [InlineData("שלום", "שלום")]
    [InlineData("日本語", "日本語")]
    [InlineData("Jose\u0301", "José")]
    [InlineData("ελλάδα", "ελλάδα")]
    [InlineData("привет", "привет")]
    [InlineData("ada٣", "ada٣")]
    [InlineData("𝒶𝒷𝒸", "𝒶𝒷𝒸")]
    public void May_be_chosen(string input, string canonical)
    {
        Username.Check(input, out var name).ShouldBeNull();
        name.ShouldBe(canonical);
        Username.Check(name, out var again).ShouldBeNull();
        again.ShouldBe(name);
    }

    [Theory]
    [InlineData(null, "at least 3")]
    [InlineData("", "at least 3")]
    [InlineData("   ", "at least 3")]
    [InlineData("ab", "at least 3")]
    [InlineData("𝒶𝒷", "at least 3")]
    [InlineData("a b", "can only contain")]
    [InlineData("a.b", "can only contain")]
    [InlineData("a@b.c", "can only contain")]
    [InlineData("a\u200Bbc", "can only contain")]
    [InlineData("a\u202Ebc", "can only contain")]
    [InlineData("\u0301ab", "can only contain")]
    [InlineData("ab_\u0301", "can only contain")]
    [InlineData("abc😀", "can only contain")]
    [InlineData("adа", "cannot mix")]
    [InlineData("αda", "cannot mix")]
    [InlineData("ａdа", "cannot mix")]
    [InlineData("search", "reserved")]
    [InlineData("GLOBE", "reserved")]
    [InlineData("ｓearch", "reserved")]
    [InlineData("abc\0", "cannot be stored")]
    public void May_not_be_chosen(string? input, string reason)
    {
        Username.Check(input, out var name).ShouldNotBeNull().ShouldContain(reason);
        name.ShouldBeEmpty();
    }

    // Attributes are stored as UTF-8, which has no lone surrogates.
    [Fact]
    public void A_lone_surrogate_may_not_be_chosen() => Username.Check("abc\uD800", out _).ShouldNotBeNull().ShouldContain("cannot be stored");

    [Fact]
    public void Length_is_counted_in_code_points_after_trimming()
    {
        Username.Check(" " + string.Concat(Enumerable.Repeat("𝒶", 50)) + " ", out _).ShouldBeNull();
        Username.Check(new string('a', 51), out _).ShouldNotBeNull().ShouldContain("at most 50");
    }

    [Theory]
    [InlineData("Ada", "ADA")]
    [InlineData("ａｄａ", "ada")]
    [InlineData("José", "JOSE\u0301")]
    [InlineData("ﬁn", "FIN")]
    public void Two_spellings_are_one_name(string one, string other) => Username.Key(one).ShouldBe(Username.Key(other));
}
