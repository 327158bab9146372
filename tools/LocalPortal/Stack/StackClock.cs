using System;
using System.Threading;

namespace ChatAuth.LocalPortal.Stack;

/// <summary>The one clock of the local stack: the machine's, and ahead of it by what somebody let pass.</summary>
/// <remarks>
/// Waiting takes as long as ever. What passed has passed for timestamps too, which go back with no time of day.
/// </remarks>
/// <param name="machine">The machine's clock.</param>
internal sealed class StackClock(TimeProvider machine) : TimeProvider
{
    private long aheadTicks;
    private long passedTicks;

    /// <summary>How far it is ahead of the machine's clock.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref aheadTicks));

    /// <inheritdoc/>
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time)
    {
        Interlocked.Add(ref aheadTicks, time.Ticks);
        Interlocked.Add(ref passedTicks, Math.Max(0, time.Ticks));
    }

    /// <summary>Goes back to the machine's clock.</summary>
    public void SetRight() => Interlocked.Exchange(ref aheadTicks, 0);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Ahead;

    /// <inheritdoc/>
    public override long GetTimestamp() => machine.GetTimestamp()
        + (long)(Interlocked.Read(ref passedTicks) * ((double)TimestampFrequency / TimeSpan.TicksPerSecond));

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);
}
