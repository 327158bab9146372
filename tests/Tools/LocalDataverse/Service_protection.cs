using System;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Service_protection : Organization
{
    [TestMethod]
    public async Task Is_off_unless_it_is_asked_for()
    {
        var answer = await Get("WhoAmI");
        Assert.IsFalse(answer.Headers.ContainsKey("Set-Cookie"));
        Assert.AreEqual(501, (await WithCookie("ARRAffinity=0")).Status);
    }

    [TestMethod]
    public void Has_the_limits_of_Microsoft_Learn()
    {
        ServiceProtection usual = new(Clock, 1);
        Assert.AreEqual(
            (6000, TimeSpan.FromMinutes(20), 52), (usual.Requests, usual.ExecutionTime, usual.AtOnce));
    }

    [TestMethod]
    public async Task Refuses_more_requests_than_the_limit_in_five_sliding_minutes()
    {
        Local.Protection = new ServiceProtection(Clock, 1) { Requests = 3 };
        Assert.AreEqual(200, await Ask());
        Clock.Move(TimeSpan.FromMinutes(2));
        Assert.AreEqual((200, 200), (await Ask(), await Ask()));
        Clock.Move(TimeSpan.FromMinutes(1));
        var refused = await Get("WhoAmI");
        Assert.AreEqual(
            (429, "0x80072322", "Number of requests exceeded the limit of 3 over time window of 300 seconds."),
            (refused.Status, refused.Code, refused.Message));
        Assert.AreEqual(120, Wait(refused), 5);
        Clock.Move(TimeSpan.FromSeconds(Wait(refused)));
        Assert.AreEqual((200, 429), (await Ask(), await Ask()));
    }

    [TestMethod]
    public async Task Refuses_what_takes_longer_than_the_limit_in_five_sliding_minutes()
    {
        Local.Protection = new ServiceProtection(Clock, 1)
        {
            ExecutionTime = TimeSpan.FromMilliseconds(1200),
            Duration = TimeSpan.FromMilliseconds(600),
        };
        Assert.AreEqual((200, 200), (await Ask(), await Ask()));
        var refused = await Get("WhoAmI");
        Assert.AreEqual(
            (429, "0x80072321", "Combined execution time of incoming requests exceeded limit of 1,200 milliseconds "
                + "over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of "
                + "requests and try again later."),
            (refused.Status, refused.Code, refused.Message));
        Assert.AreEqual(300, Wait(refused), 5);
        Clock.Move(TimeSpan.FromMinutes(5));
        Assert.AreEqual(200, await Ask());
    }

    [TestMethod]
    public async Task Refuses_more_requests_at_once_than_the_limit_at_once()
    {
        Local.Protection = new ServiceProtection(Clock, 1) { AtOnce = 3, Duration = TimeSpan.FromSeconds(1) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Get("WhoAmI")));
        Assert.HasCount(3, answers.Where(answer => answer.Status == 200));
        var refused = answers.First(answer => answer.Status == 429);
        Assert.AreEqual(("0x80072326", "Number of concurrent requests exceeded the limit of 3."),
            (refused.Code, refused.Message));
        Clock.Move(TimeSpan.FromSeconds(2));
        Assert.AreEqual(200, await Ask());
    }

    [TestMethod]
    public async Task Lets_whoever_asks_on_wait_the_longer()
    {
        Local.Protection = new ServiceProtection(Clock, 1) { Requests = 1 };
        await Ask();
        int first = Wait(await Get("WhoAmI"));
        Clock.Move(TimeSpan.FromSeconds(10));
        int[] later = [Wait(await Get("WhoAmI")), Wait(await Get("WhoAmI")), Wait(await Get("WhoAmI"))];
        CollectionAssert.AreEqual(new[] { first - 9, first - 8, first - 7 }, later);
        Clock.Move(TimeSpan.FromSeconds(first - 8));
        Assert.AreEqual(429, await Ask());
        Clock.Move(TimeSpan.FromSeconds(2));
        Assert.AreEqual(200, await Ask());
    }

    [TestMethod]
    public async Task Counts_for_each_user_by_itself()
    {
        Local.Protection = new ServiceProtection(Clock, 1) { Requests = 1 };
        LocalUser bert = Local.AddPerson("Bert");
        Assert.AreEqual((200, 429), (await Ask(), await Ask()));
        Assert.AreEqual(200, (await Get("WhoAmI", bert)).Status);
    }

    [TestMethod]
    public async Task Counts_for_each_web_server_and_a_cookie_holds_a_client_to_one()
    {
        Local.Protection = new ServiceProtection(Clock, 2) { Requests = 1 };
        var first = await Get("WhoAmI");
        string cookie = first.Headers["Set-Cookie"].Split(';')[0];
        StringAssert.StartsWith(cookie, "ARRAffinity=");
        var held = await WithCookie(cookie);
        Assert.AreEqual((429, false), (held.Status, held.Headers.ContainsKey("Set-Cookie")));
        Assert.AreEqual((200, 429), (await Ask(), await Ask()));
    }

    [TestMethod]
    [DataRow("ARRAffinity=7")]
    [DataRow("ARRAffinity=-1")]
    [DataRow("ARRAffinity=x")]
    [DataRow("other=1")]
    public async Task A_cookie_that_names_no_web_server_holds_to_none(string cookie)
    {
        Local.Protection = new ServiceProtection(Clock, 2) { Requests = 1 };
        Assert.AreEqual((200, 200), ((await WithCookie(cookie)).Status, (await WithCookie(cookie)).Status));
    }

    private Task<Answer> WithCookie(string cookie) =>
        Send(Administrator, "GET", "WhoAmI", null, ("Cookie", cookie));

    private async Task<int> Ask() => (await Get("WhoAmI")).Status;

    private static int Wait(Answer refused) => int.Parse(
        refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture);
}
