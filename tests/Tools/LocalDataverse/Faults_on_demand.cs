using System;
using System.Net.Http;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.State;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Faults_on_demand : Organization
{
    private static readonly Guid Contact = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    [TestMethod]
    public async Task Too_many_requests_say_how_long_to_wait()
    {
        Local.Faults.RetryAfter = TimeSpan.FromSeconds(7);
        Local.Faults.OnRequest(1, RequestFault.TooManyRequests);
        var answer = await Create();
        Assert.AreEqual((429, "7", "0x80072322"), (answer.Status, answer.Headers["Retry-After"], answer.Code));
        Assert.IsFalse(Exists());
    }

    [TestMethod]
    public async Task An_unavailable_service_did_nothing()
    {
        Local.Faults.OnRequest(1, RequestFault.ServiceUnavailable);
        Assert.AreEqual((503, false), ((await Create()).Status, Exists()));
    }

    [TestMethod]
    public async Task A_connection_dropped_before_did_nothing()
    {
        Local.Faults.OnRequest(1, RequestFault.DropBefore);
        await Assert.ThrowsExactlyAsync<HttpRequestException>(Create);
        Assert.IsFalse(Exists());
        Assert.AreEqual(0, Local.Journal.Last.Status);
    }

    [TestMethod]
    public async Task A_connection_dropped_after_did_its_work()
    {
        Local.Faults.OnRequest(1, RequestFault.DropAfter);
        await Assert.ThrowsExactlyAsync<HttpRequestException>(Create);
        Assert.IsTrue(Exists());
    }

    [TestMethod]
    public async Task Only_the_nth_request_fails()
    {
        Local.Faults.OnRequest(2, RequestFault.ServiceUnavailable);
        Assert.AreEqual((200, 503, 200),
            ((await Get("WhoAmI")).Status, (await Get("WhoAmI")).Status, (await Get("WhoAmI")).Status));
    }

    private Task<Answer> Create() => Post("contacts", new { contactid = Contact });

    private bool Exists() => Local.Rows.Now.Find("contact", Contact) != null;
}
