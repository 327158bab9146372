using System.Net.Http.Headers;

namespace ChatAuth.Dataverse;

/// <summary>How long to wait before a server that is busy (429, 503) is asked again.</summary>
internal static class BusyServer
{
    // Service protection counts over five minutes (Microsoft Learn, service protection API limits): longer waits are of
    // no use.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>As Retry-After says; without one 2, 4, 8 seconds and so on.</summary>
    public static TimeSpan Pause(RetryConditionHeaderValue? retryAfter, int attempt, TimeProvider clock)
    {
        TimeSpan pause =
            retryAfter?.Delta ?? (retryAfter?.Date - clock.GetUtcNow()) ?? TimeSpan.FromSeconds(1 << attempt);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause < LongestPause ? pause : LongestPause;
    }
}
