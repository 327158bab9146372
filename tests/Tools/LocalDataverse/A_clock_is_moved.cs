using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_clock_is_moved
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly MovableClock clock = new(Start);

    [TestMethod]
    public void Who_waits_wakes_when_the_time_has_come_and_not_before()
    {
        var waiting = Task.Delay(TimeSpan.FromMinutes(5), clock);
        clock.Move(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.IsFalse(waiting.IsCompleted);
        clock.Move(TimeSpan.FromTicks(1));
        Assert.IsTrue(waiting.IsCompletedSuccessfully);
    }

    [TestMethod]
    public void Who_waits_again_and_again_sees_every_moment()
    {
        List<TimeSpan> moments = [];
        var loop = Wait();
        clock.Move(TimeSpan.FromHours(1));
        CollectionAssert.AreEqual(new[] { TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(50) }, moments);
        Assert.AreEqual(Start + TimeSpan.FromHours(1), clock.GetUtcNow());
        Assert.IsFalse(loop.IsCompleted);

        async Task Wait()
        {
            for (var round = 0; round < 3; round++)
            {
                await Task.Delay(TimeSpan.FromMinutes(25), clock);
                moments.Add(clock.GetUtcNow() - Start);
            }
        }
    }

    [TestMethod]
    public void Timers_fire_in_the_order_of_their_time()
    {
        List<int> fired = [];
        using var later = clock.CreateTimer(_ => fired.Add(2), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var sooner =
            clock.CreateTimer(_ => fired.Add(1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var disposed =
            clock.CreateTimer(_ => fired.Add(3), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        clock.Move(TimeSpan.FromSeconds(9));
        CollectionAssert.AreEqual(new[] { 1, 2 }, fired);
    }

    [TestMethod]
    public void Moving_backwards_fires_nothing()
    {
        var waiting = Task.Delay(TimeSpan.FromSeconds(1), clock);
        clock.Move(TimeSpan.FromDays(-1));
        Assert.AreEqual((false, Start - TimeSpan.FromDays(1)), (waiting.IsCompleted, clock.GetUtcNow()));
    }

    [TestMethod]
    [Timeout(10_000, CooperativeCancellation = true)]
    public async Task By_itself_it_moves_to_what_is_waited_for()
    {
        clock.MovesByItself = true;
        for (var day = 0; day < 365; day++)
        {
            await Task.Delay(TimeSpan.FromDays(1), clock);
        }

        Assert.AreEqual(Start + TimeSpan.FromDays(365), clock.GetUtcNow());
        Assert.AreEqual(TimeSpan.FromDays(365), clock.GetElapsedTime(Start.UtcTicks));
    }
}
