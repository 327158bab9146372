using System.Globalization;

namespace ChatAuth.Keys;

/// <summary>A span of time as it is typed: a whole number and s, m, h, d or w.</summary>
internal static class Lifetime
{
    // A hundred years; longer ones are mistyped.
    private const long Maximum = 100L * 366 * 86400;

    /// <summary>
    /// The seconds of a span such as <c>365d</c>; null when it is none, or longer than a hundred years.
    /// </summary>
    public static long? Parse(string text)
    {
        long? unit = text.Length < 2 ? null : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            'w' => 604800,
            _ => null,
        };
        return unit is { } seconds
            && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && count is > 0 and <= Maximum
            && count * seconds <= Maximum
            ? count * seconds
            : null;
    }
}
