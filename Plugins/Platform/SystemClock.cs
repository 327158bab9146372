using System;

namespace ChatAuth.Plugins.Platform;

/// <summary>The clock of the machine, the one place that reads it.</summary>
internal static class SystemClock
{
    /// <summary>The time now, UTC.</summary>
    internal static DateTime UtcNow()
    {
#pragma warning disable RS0030 // the one place: everything else takes the clock as a parameter
        return DateTime.UtcNow;
#pragma warning restore RS0030 // the one place: everything else takes the clock as a parameter
    }
}
