using System;

namespace ChatAuth.Plugins.Claims;

/// <summary>Seconds since 1970-01-01T00:00:00Z, RFC 7519 section 2.</summary>
internal static class NumericDate
{
    private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The second that a UTC time lies in.</summary>
    internal static long From(DateTime utc) => (long)Math.Floor((utc - Epoch).TotalSeconds);

    /// <summary>The UTC time of a second.</summary>
    internal static DateTime ToDateTime(long numericDate) => Epoch.AddSeconds(numericDate);
}
