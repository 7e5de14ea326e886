namespace Juke.Contract.Tests;

public sealed class PasswordTests
{
    [Theory]
    [InlineData("correct horse")]
    [InlineData("        ")]
    [InlineData("1234567x")]
    [InlineData("пароль🔑🔑")]
    public void Is_fine(string password) => Password.Check(password).ShouldBeNull();

    [Theory]
    [InlineData(null, "Enter")]
    [InlineData("", "Enter")]
    [InlineData("1234567", "at least 8")]
    [InlineData("🔑🔑🔑🔑", "at least 8")]
    [InlineData("12345678", "digits only")]
    [InlineData("٣٣٣٣٣٣٣٣", "digits only")]
    [InlineData("abcdefg\0", "cannot be used")]
    public void Is_refused(string? password, string reason) => Password.Check(password).ShouldNotBeNull().ShouldContain(reason);

    // Attributes are stored as UTF-8, which has no lone surrogates.
    [Fact]
    public void A_lone_surrogate_is_refused() => Password.Check("abcdefgh\uDC00").ShouldNotBeNull().ShouldContain("cannot be used");

    [Fact]
    public void The_longest_has_200_code_points()
    {
        Password.Check(string.Concat(Enumerable.Repeat("🔑", 200))).ShouldBeNull();
        Password.Check(new string('x', 201)).ShouldNotBeNull().ShouldContain("at most 200");
    }
}
