using System;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Load;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Load;

/// <summary>The small edition of tests/Load --portal.</summary>
[TestClass]
public sealed class A_portal_asks_for_more_than_Dataverse_allows
{
    [TestMethod]
    public async Task Below_it_every_visitor_gets_a_token_and_above_it_the_others_are_told_at_once()
    {
        TimeSpan hour = TimeSpan.FromSeconds(1);
        await using PortalDay day = await PortalDay.OpenAsync(2, 2, hour);
        Assert.AreEqual(80, day.Capacity);
        var below = await day.RunAsync([0.3]);
        Assert.HasCount(24, below);
        Assert.IsTrue(below.All(visit => visit.Status == 200));
        await Task.Delay(hour);
        var above = await day.RunAsync([2]);
        Assert.AreEqual(160, above.Count(visit => visit.Status is 200 or 429));
        Assert.IsLessThan(140, above.Count(visit => visit.Status == 200));
        Assert.IsGreaterThan(70, above.Count(visit => visit.Status == 200));
        Visit busy = above.Last(visit => visit.Status == 429);
        StringAssert.Contains(busy.Text, "The chat is busy. Try again in ");
        Assert.AreEqual(0, await day.WrongAsync([.. below, .. above]));
        Assert.AreEqual(1, await day.WrongAsync([below[0], below[0]]));
    }
}
