using System.Diagnostics;
using System.Text;
using Juke.Server.Passwords;
using Shouldly;
using Xunit;

namespace Juke.Server.Tests.Passwords;

/// <summary>Every format that Django ever stored, by vectors of Django's own tests, of the RFCs and of libxcrypt.</summary>
public sealed class DjangoPasswordTests
{
    /// <summary>Password, then the text that is stored of it.</summary>
    public static TheoryData<string, string> Vectors => new()
    {
        // Django's tests (providers-and-security.md E1).
        { "lètmein", "pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=" },
        { "lètmein", "pbkdf2_sha256$1000$seasalt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=" },
        { "lètmein", "scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==" },
        { "lètmein", "sha1$seasalt$cff36ea83f5706ce9aa7454e63e431fc726b2dc8" },
        { "lètmein", "md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3" },
        { "secret", "argon2$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q" },
        // The Argon2 reference implementation's tests; version 16 writes none.
        { "password", "argon2$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY" },
        { "password", "argon2$argon2i$v=16$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY" },
        { "password", "argon2$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8" },
        { "password", "argon2$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4" },
        { "password", "argon2$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc" },
        // libxcrypt, with the hex of SHA-256 for bcrypt_sha256.
        { "lètmein", "bcrypt$$2b$04$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG" },
        { "", "bcrypt$$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq" },
        { new string('x', 80), "bcrypt$$2y$05$ABCDEFGHIJKLMNOPQRSTUuwfsLgzhX2zZ8kF927J76YsBRMf4bT26" },
        { new string('x', 72), "bcrypt$$2y$05$ABCDEFGHIJKLMNOPQRSTUuwfsLgzhX2zZ8kF927J76YsBRMf4bT26" },
        { "lètmein", "bcrypt_sha256$$2b$05$abcdefghijklmnopqrstuuaQz6CVhbgRiZmnmiNLc9bv5cauhFkti" },
        // Python's hashlib: one iteration, a blank salt, no salt at all, a blank password.
        { "password", "pbkdf2_sha1$1$salt$DGDID5YfDnHzqbUkr2ASBi/gN6Y=" },
        { "password", "pbkdf2_sha256$1$salt$Eg+2z/z4syxD5yJSVsT4N6hlSMkszDVICAWYfLcL4Xs=" },
        { "password", "sha1$$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8" },
        { "password", "md5$$5f4dcc3b5aa765d61d8327deb882cf99" },
        { "password", "5f4dcc3b5aa765d61d8327deb882cf99" },
        { "", "md5$$d41d8cd98f00b204e9800998ecf8427e" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_password_of_a_known_text_is_right_and_every_other_is_wrong(string password, string stored)
    {
        DjangoPassword.IsUsable(stored).ShouldBeTrue();
        DjangoPassword.IsDjango(stored).ShouldBeTrue();
        DjangoPassword.Verify(stored, password).ShouldBeTrue();
        foreach (var wrong in new[] { "not it", " " + password, "A" + password, password.ToUpperInvariant() + "!" }) DjangoPassword.Verify(stored, wrong).ShouldBeFalse(wrong);
    }

    [Fact]
    public void The_password_is_never_normalised()
    {
        const string composed = "l\u00E8tmein", decomposed = "le\u0300tmein";
        const string stored = "pbkdf2_sha256$1000$seasalt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=";
        DjangoPassword.Verify(stored, composed).ShouldBeTrue();
        DjangoPassword.Verify(stored, decomposed).ShouldBeFalse();
        DjangoPassword.Verify(stored, composed + " ").ShouldBeFalse();
    }

    [Fact]
    public void Argon2_gives_the_tags_of_the_RFC()
    {
        var (password, salt, secret, associated) = (Of(1, 32), Of(2, 16), Of(3, 8), Of(4, 12));
        Convert.ToHexStringLower(Argon2.Derive(new(IsMixed: true, 0x13, 32, 3, 4), password, salt, 32, secret, associated))
            .ShouldBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
        Convert.ToHexStringLower(Argon2.Derive(new(IsMixed: false, 0x13, 32, 3, 4), password, salt, 32, secret, associated))
            .ShouldBe("c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8");

        static byte[] Of(byte value, int length) => [.. Enumerable.Repeat(value, length)];
    }

    [Fact]
    public void Blake2b_gives_the_digest_of_the_RFC() =>
        Convert.ToHexStringLower(Blake2b.Hash("abc"u8, 64)).ShouldBe(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");

    [Fact]
    public void Scrypt_gives_the_keys_of_the_RFC()
    {
        Hex("", "", 16, 1, 1).ShouldBe("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
        Hex("password", "NaCl", 1024, 8, 16).ShouldBe("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");

        static string Hex(string password, string salt, int n, int r, int p) =>
            Convert.ToHexStringLower(ScryptPassword.Derive(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), n, r, p, 64));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("!NCxSZb5DZmBbdmDnAqRGjJVSLqEFIJbyxGVGz8jx")]
    [InlineData("plain text")]
    [InlineData("pbkdf2_sha256")]
    [InlineData("pbkdf2_sha256$$$")]
    [InlineData("pbkdf2_sha256$x$salt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("pbkdf2_sha256$-1$salt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("pbkdf2_sha256$0$salt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("pbkdf2_sha256$1000$salt$JgZry")]
    [InlineData("pbkdf2_sha256$1000$salt$not base64 at all")]
    [InlineData("pbkdf2_sha256$1000$sa$lt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("pbkdf2_sha256$1000$sält$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("argon2$argon2d$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("argon2$argon2i$v=18$m=8,t=1,p=1$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("argon2$argon2i$v=19$m=8,t=1$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("argon2$argon2i$v=19$m=8,t=1,p=2$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("argon2$argon2i$v=19$$$")]
    [InlineData("argon2$argon2id")]
    [InlineData("argon2")]
    [InlineData("bcrypt$$2b$04$short")]
    [InlineData("bcrypt$$2x$04$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG")]
    [InlineData("bcrypt$$2b$99$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG")]
    [InlineData("bcrypt$$2b$04$abcdefghijklmnopqrstu!anVo7Xut1CH8VGIGlz1JovQh9GJbbtG")]
    [InlineData("scrypt$16383$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==")]
    [InlineData("scrypt$1$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==")]
    [InlineData("sha1$salt$xyz")]
    [InlineData("md5$salt$")]
    [InlineData("crypt$$ab1Hv2Lg7ltQo")]
    [InlineData("$$$$$$$$$$")]
    public void A_broken_or_unknown_text_matches_nothing(string? stored)
    {
        DjangoPassword.IsUsable(stored).ShouldBeFalse();
        if (stored is not null) DjangoPassword.Verify(stored, "lètmein").ShouldBeFalse();
    }

    [Theory]
    [InlineData("pbkdf2_sha256$5000001$salt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("pbkdf2_sha256$999999999999999999999$salt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("argon2$argon2id$v=19$m=262145,t=1,p=1$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("argon2$argon2id$v=19$m=102400,t=11,p=8$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("argon2$argon2id$v=19$m=102400,t=2,p=65$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("bcrypt_sha256$$2b$16$abcdefghijklmnopqrstuuaQz6CVhbgRiZmnmiNLc9bv5cauhFkti")]
    [InlineData("scrypt$1048576$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==")]
    [InlineData("scrypt$16384$seasalt$8$64$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==")]
    public void What_costs_more_than_the_caps_allow_is_refused_before_any_work(string stored)
    {
        var start = Stopwatch.GetTimestamp();
        DjangoPassword.IsUsable(stored).ShouldBeFalse();
        DjangoPassword.Verify(stored, "lètmein").ShouldBeFalse();
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("pbkdf2_sha256$1500000$salt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=")]
    [InlineData("argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$YC9+jJCrQhs5R6db7LlN8Q")]
    [InlineData("scrypt$16384$seasalt$8$5$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==")]
    [InlineData("bcrypt_sha256$$2b$12$abcdefghijklmnopqrstuuaQz6CVhbgRiZmnmiNLc9bv5cauhFkti")]
    public void Djangos_own_costs_are_within_the_caps(string stored) => DjangoPassword.IsUsable(stored).ShouldBeTrue();

    [Fact]
    public void Any_text_is_read_without_an_exception()
    {
        var random = new Random(7);
        var parts = new[] { "pbkdf2_sha256", "argon2", "argon2id", "bcrypt", "scrypt", "v=19", "m=8,t=1,p=1", "2b", "04", "", "1", "8", "c2FsdHNhbHQ", "\uD800", "=", "md5", new('a', 53) };
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join('$', Enumerable.Range(0, random.Next(1, 8)).Select(_ => parts[random.Next(parts.Length)]));
            Should.NotThrow(() => DjangoPassword.Read(text), text);
        }
    }
}
