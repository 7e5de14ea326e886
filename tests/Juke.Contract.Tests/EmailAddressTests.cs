namespace Juke.Contract.Tests;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("  ada@example.com ")]
    [InlineData("Ada.Love+tag@Sub.Example.co.uk")]
    [InlineData("a@b.co")]
    [InlineData("o'brien_x@example-host.org")]
    [InlineData("ünï@müñchen.de")]
    public void Is_one(string input)
    {
        EmailAddress.Check(input, out var address).ShouldBeNull();
        address.ShouldBe(input.Trim());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@")]
    [InlineData("ada@localhost")]
    [InlineData("ada@@example.com")]
    [InlineData("a@b@example.com")]
    [InlineData("a da@example.com")]
    [InlineData("ada@exa mple.com")]
    [InlineData(".ada@example.com")]
    [InlineData("ada.@example.com")]
    [InlineData("a..da@example.com")]
    [InlineData("ada@example..com")]
    [InlineData("ada@-example.com")]
    [InlineData("ada@example-.com")]
    [InlineData("ada@example.com.")]
    [InlineData("<ada@example.com>")]
    [InlineData("Ada <ada@example.com>")]
    [InlineData("ada@example.com\r\nBcc: x@y.zz")]
    [InlineData("a\0da@example.com")]
    public void Is_none(string? input)
    {
        EmailAddress.Check(input, out var address).ShouldNotBeNull();
        address.ShouldBeEmpty();
    }

    // Attributes are stored as UTF-8, which has no lone surrogates.
    [Fact]
    public void A_lone_surrogate_makes_it_none() => EmailAddress.Check("ada\uD800@example.com", out _).ShouldNotBeNull();

    [Fact]
    public void Lengths_end_where_RFC_5321_says()
    {
        EmailAddress.Check(new string('a', 64) + "@example.com", out _).ShouldBeNull();
        EmailAddress.Check(new string('a', 65) + "@example.com", out _).ShouldNotBeNull();
        EmailAddress.Check("a@" + string.Join('.', Enumerable.Repeat(new string('b', 61), 4)) + ".com", out _).ShouldBeNull();
        EmailAddress.Check("a@" + string.Join('.', Enumerable.Repeat(new string('b', 63), 4)) + ".com", out _).ShouldNotBeNull();
    }

    [Fact]
    public void Case_does_not_make_another_address_but_a_plus_does()
    {
        EmailAddress.Key("Ada@Example.COM").ShouldBe(EmailAddress.Key("ada@example.com"));
        EmailAddress.Key("ada+x@example.com").ShouldNotBe(EmailAddress.Key("ada@example.com"));
        EmailAddress.Key("a.da@example.com").ShouldNotBe(EmailAddress.Key("ada@example.com"));
    }
}
