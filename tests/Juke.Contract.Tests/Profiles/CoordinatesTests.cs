using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Juke.Contract.Tests.Profiles;

public sealed class CoordinatesTests
{
    // As Python's round(x, 2) gives them.
    [Theory]
    [InlineData(2.675, 2.67)]
    [InlineData(1.115, 1.11)]
    [InlineData(1.005, 1.0)]
    [InlineData(0.125, 0.12)]
    [InlineData(0.375, 0.38)]
    [InlineData(-0.125, -0.12)]
    [InlineData(0.005, 0.01)]
    [InlineData(-0.005, -0.01)]
    [InlineData(0.004999, 0.0)]
    [InlineData(0.994999, 0.99)]
    [InlineData(179.995, 180.0)]
    [InlineData(-89.995, -90.0)]
    [InlineData(1e-310, 0.0)]
    [InlineData(180, 180)]
    public void Rounds_the_exact_binary_value_ties_to_even(double value, double expected) => Coordinates.Round(value).ShouldBe(expected);

    [Theory]
    [InlineData(-0.001)]
    [InlineData(-0.0)]
    [InlineData(-5e-324)]
    public void The_sign_of_zero_stays(double value) => double.IsNegative(Coordinates.Round(value)).ShouldBeTrue();

    [Fact]
    public void Agrees_with_exact_arithmetic()
    {
        var values = from n in Gen.Choose(-180_000_000, 180_000_000)
                     from eighths in Gen.Choose(0, 8)
                     select (n / 1_000_000.0) + (eighths / 8.0 / 100);
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(Arb.From(values), value =>
        {
            var rounded = Coordinates.Round(value);
            rounded.ShouldBe(Exactly(value));
            Coordinates.Round(rounded).ShouldBe(rounded);
        }));
    }

    private static double Exactly(double value)
    {
        // value * 2^60 is a whole number for all that is generated here.
        var scaled = new BigInteger(Math.Abs(value) * Math.Pow(2, 60)) * 100;
        var one = BigInteger.One << 60;
        var whole = BigInteger.DivRem(scaled, one, out var rest);
        if (rest * 2 > one || (rest * 2 == one && !whole.IsEven)) whole++;
        return Math.CopySign((double)whole / 100, value);
    }
}
