using System;
using System.Linq;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

[TestClass]
public class A_key_is_chosen
{
    [TestMethod]
    [DataRow(99L, null)]
    [DataRow(100L, "old")]
    [DataRow(199L, "old")]
    [DataRow(200L, "new")]
    [DataRow(299L, "new")]
    [DataRow(300L, "new")]
    [DataRow(400L, null)]
    public void Among_the_valid_ones_the_latest_nbf_signs(long now, string? kid) =>
        Assert.AreEqual(kid, Rotation().SigningKeyAt(now)?.KeyId);

    [TestMethod]
    [DataRow(0L, "new,old,pending")]
    [DataRow(299L, "new,old,pending")]
    [DataRow(300L, "new,pending")]
    [DataRow(400L, "pending")]
    [DataRow(500L, "")]
    public void Every_key_is_published_until_it_expires(long now, string kids) =>
        Assert.AreEqual(kids, string.Join(",", Rotation().PublishedAt(now).Select(key => key.KeyId)));

    [TestMethod]
    public void Of_two_that_begin_together_the_first_of_the_set_signs() =>
        Assert.AreEqual("one", JwkSet.Parse(TestKeys.Set(
        TestKeys.Jwk(TestKeys.Rfc7515, "one", 100, 300),
        TestKeys.Jwk(TestKeys.Rfc7520, "two", 100, 400))).SigningKeyAt(200)?.KeyId);

    [TestMethod]
    public void Before_the_first_and_after_the_last_key_the_call_is_refused()
    {
        foreach (var time in new[] { 50, 450 })
        {
            new Call
            {
                Keys = Text(),
                Time = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(time),
            }.IsRefused(3008);
        }
    }

    [TestMethod]
    public void A_clock_that_jumps_changes_the_key_and_nothing_stays_behind()
    {
        var time = Call.Now;
        var call = new Call();
        var keys = TestKeys.Set(
            TestKeys.Jwk(TestKeys.Rfc7515, "yesterday", 0, Call.NowNumeric),
            TestKeys.Jwk(TestKeys.Rfc7520, "today", Call.NowNumeric, int.MaxValue));
        var plugin = new IssueChatToken(call.Settings, keys, () => time);
        foreach (var days in new[] { 0, -1, 1 })
        {
            time = Call.Now.AddDays(days);
            plugin.Execute(call.Platform);
            Assert.AreEqual(days < 0 ? "yesterday" : "today", call.Platform.OutputParameters["KeyId"]);
        }
    }

    private static JwkSet Rotation() => JwkSet.Parse(Text());

    private static string Text() => TestKeys.Set(
        TestKeys.Jwk(TestKeys.Rfc7515, "new", 200, 400),
        TestKeys.Jwk(TestKeys.Rfc7520, "old", 100, 300),
        TestKeys.Jwk(TestKeys.Fresh, "pending", Jwk.PendingNotBefore, 500));
}
