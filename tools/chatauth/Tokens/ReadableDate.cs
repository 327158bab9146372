using System.Globalization;

namespace ChatAuth.Tokens;

/// <summary>A NumericDate for a person: the date in UTC, and how far from now.</summary>
internal static class ReadableDate
{
    /// <summary>9999-12-31T23:59:59Z, the last second .NET and ISO 8601 know.</summary>
    public const long Last = 253402300799;

    /// <summary>For example <c>2018-11-19 10:07:51 UTC (in 15 minutes)</c>.</summary>
    /// <param name="numericDate">Seconds since 1970, not negative.</param>
    /// <param name="now">The time that the distance is from.</param>
    public static string Of(long numericDate, DateTimeOffset now)
    {
        if (numericDate > Last)
        {
            return "after the year 9999";
        }

        DateTimeOffset moment = DateTimeOffset.FromUnixTimeSeconds(numericDate);
        long distance = numericDate - now.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{moment:yyyy-MM-dd HH:mm:ss} UTC ({Relative(distance)})");
    }

    private static string Relative(long seconds) =>
        seconds == 0 ? "now" : seconds > 0 ? "in " + Span(seconds) : Span(-seconds) + " ago";

    // The largest unit of which there are at least two, cut, so that "in 2 days" is never said of less.
    private static string Span(long seconds) => seconds switch
    {
        1 => "1 second",
        < 2 * 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds"),
        < 2 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} minutes"),
        < 2 * 86400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} hours"),
        < 2 * 365 * 86400L => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400} days"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / (365 * 86400L)} years"),
    };
}
