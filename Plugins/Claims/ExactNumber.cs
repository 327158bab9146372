using System;
using System.Globalization;

namespace ChatAuth.Plugins.Claims;

/// <summary>Numbers that every JSON reader keeps: RFC 7493 (I-JSON) section 2.2.</summary>
internal static class ExactNumber
{
    // 2^53 - 1: beyond it a reader with doubles, JavaScript's for one, silently changes a whole number.
    private const double MaximumInteger = 9007199254740991;

    /// <summary>
    /// Whether a JSON number literal is finite as a double and, if it is whole, 2^53 - 1 at most in size.
    /// </summary>
    internal static bool IsExact(string literal) =>
        double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && !double.IsInfinity(value)
        && (Math.Abs(value) <= MaximumInteger || literal.IndexOfAny(FractionOrExponent) >= 0);

    private static readonly char[] FractionOrExponent = { '.', 'e', 'E' };
}
