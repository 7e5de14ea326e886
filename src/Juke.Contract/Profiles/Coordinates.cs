namespace Juke.Contract.Profiles;

/// <summary>Where a city lies, to 2 decimals (about 1 km): near enough for a globe, too coarse for a home (contract §7).</summary>
/// <param name="Latitude">Degrees north, -90..90.</param>
/// <param name="Longitude">Degrees east, -180..180.</param>
public sealed record Coordinates(double Latitude, double Longitude)
{
    /// <summary>
    /// The value to 2 decimals, rounded as the exact binary number that it is, ties to even: 2.675 is below the tie and
    /// becomes 2.67, 0.125 is the tie and becomes 0.12 (as Python's <c>round</c>; <c>Math.Round</c> scales first and differs).
    /// The sign of zero stays.
    /// </summary>
    /// <param name="value">A finite number of at most 1,000,000 in size.</param>
    public static double Round(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> 52);
        if (exponent == 0) return Math.CopySign(0, value);
        // |value| = fraction / 2^shift, exactly; 100 times the fraction still fits into 64 bits.
        var hundredfold = ((bits & ((1UL << 52) - 1)) | (1UL << 52)) * 100;
        var shift = 1075 - exponent;
        if (shift <= 0) return value;
        if (shift >= 62) return Math.CopySign(0, value);
        var whole = hundredfold >> shift;
        var rest = hundredfold & ((1UL << shift) - 1);
        var half = 1UL << (shift - 1);
        if (rest > half || (rest == half && (whole & 1) == 1)) whole++;
        return Math.CopySign(whole / 100.0, value);
    }
}
