using System;
using System.Diagnostics;
using System.Threading;

namespace ChatAuth.Load;

/// <summary>A clock that goes so many times as fast as the machine's.</summary>
internal sealed class FastClock(double times) : TimeProvider
{
#pragma warning disable RS0030 // it begins at the machine's time
    private readonly DateTimeOffset start = System.GetUtcNow();
    private readonly TimeProvider machine = System;
#pragma warning restore RS0030
    private readonly long started = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)(Stopwatch.GetElapsedTime(started).Ticks * times);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, Here(dueTime), Here(period));

    private TimeSpan Here(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / times;
}
