using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace ChatAuth.Tools.Tests;

/// <summary>A clock that stands still until somebody moves it; timers fire when it passes them.</summary>
/// <remarks>What waits on a timer runs inside <see cref="Move"/>, at the time it waited for.</remarks>
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock guard = new();
    private readonly List<Timer> timers = [];
    private long ticks = start.UtcTicks;
    private long setBack;

    /// <summary>Whether the clock moves to the next timer by itself, so that a command which waits does not.</summary>
    /// <remarks>
    /// A timer counts as waiting from the moment it is made. So a limit on something else than waiting, such as the
    /// longest time of a request, must not be a timer of this clock.
    /// </remarks>
    public bool MovesByItself { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref ticks) + Interlocked.Read(ref setBack);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <summary>A timer that fires once.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, forwards or backwards, and fires the timers it passes, the earliest first.</summary>
    /// <remarks>Timestamps go back with no time of day.</remarks>
    public void Move(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (FireNext(end))
        {
        }

        Interlocked.Exchange(ref ticks, end.UtcTicks);
        Interlocked.Add(ref setBack, by < TimeSpan.Zero ? -by.Ticks : 0);
    }

    private bool FireNext(DateTimeOffset end)
    {
        Timer? next;
        lock (guard)
        {
            next = timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next == null)
            {
                return false;
            }

            timers.Remove(next);
            Interlocked.Exchange(ref ticks, Math.Max(ticks, next.Due.UtcTicks));
        }

        next.Fire();
        return true;
    }

    private void Schedule(Timer timer, TimeSpan dueTime)
    {
        lock (guard)
        {
            timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = GetUtcNow() + dueTime;
            timers.Add(timer);
        }

        if (MovesByItself)
        {
            ThreadPool.QueueUserWorkItem(_ => FireNext(DateTimeOffset.MaxValue));
        }
    }

    private sealed class Timer(MovableClock clock, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan)
            {
                throw new NotSupportedException("A timer of MovableClock fires once.");
            }

            clock.Schedule(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan);

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
