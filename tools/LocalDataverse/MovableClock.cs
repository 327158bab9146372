using System;
using System.Threading;

namespace ChatAuth.LocalDataverse;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <remarks>Nothing of LocalDataverse waits on a timer: what is due is done when the organization is next asked. So this clock needs no timers and refuses to make one.</remarks>
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("MovableClock has no timers.");

    /// <summary>Moves the clock, forwards or backwards.</summary>
    public void Move(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
