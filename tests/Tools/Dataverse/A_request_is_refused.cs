using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Dataverse;

/// <summary>What decides is the status and the codes of an answer, never its words.</summary>
[TestClass]
public sealed class A_request_is_refused
{
    private static readonly Uri Environment = new("https://contoso.crm.dynamics.com");

    [TestMethod]
    [DataRow(400, """{"error":{"code":"0x80048d19","message":"Nein."}}""", 0x80048d19L, null, "CHATAUTH5001")]
    [DataRow(400, """{"error":{"code":"0x8006088D","message":"Nein."}}""", 0x8006088dL, null, "CHATAUTH5001")]
    [DataRow(403, """{"error":{"code":"","message":"Nein."}}""", null, null, "CHATAUTH5001")]
    [DataRow(403, """{"error":{"code":5}}""", null, null, "CHATAUTH5001")]
    [DataRow(500, "<html>", null, null, "CHATAUTH5001")]
    [DataRow(401, "", null, null, "CHATAUTH5014")]
    [DataRow(412, """{"error":{"code":"0x80060882","message":"Nein."}}""", 0x80060882L, null, "CHATAUTH5006")]
    [DataRow(
        401,
        """{"error":{"code":"0x80040265","message":"CHATAUTH1001: Nobody. Sign in: now."}}""",
        0x80040265L,
        "CHATAUTH1001",
        "CHATAUTH1001")]
    public async Task And_tells_status_and_codes(
        int status, string body, long? dataverseCode, string? pluginCode, string code)
    {
        using Answers network = new((status, body));
        using WebApi dataverse = new(Environment, "token", new FixedClock(DateTimeOffset.UnixEpoch), network);

        WebApiException refusal = await Assert.ThrowsExactlyAsync<WebApiException>(
            () => dataverse.GetAsync("contacts", CancellationToken.None));

        Assert.AreEqual(
            ((HttpStatusCode?)status, (uint?)dataverseCode, pluginCode, code),
            (refusal.Status, refusal.DataverseCode, refusal.PluginCode, refusal.Errors[0].Code));
    }

    [TestMethod]
    public async Task In_a_plugins_own_words_as_they_came()
    {
        const string Line = "CHATAUTH1001: Nobody. Sign in: now.";
        using Answers network = new((401, $$$"""{"error":{"message":"{{{Line}}}"}}"""));
        using WebApi dataverse = new(Environment, "token", new FixedClock(DateTimeOffset.UnixEpoch), network);

        WebApiException refusal = await Assert.ThrowsExactlyAsync<WebApiException>(
            () => dataverse.GetAsync("contacts", CancellationToken.None));

        Assert.AreEqual(Line, refusal.Message);
    }

    [TestMethod]
    public async Task Without_an_answer_there_is_no_status()
    {
        using Answers network = new((200, "no JSON"));
        using WebApi dataverse = new(Environment, "token", new FixedClock(DateTimeOffset.UnixEpoch), network);

        WebApiException failure = await Assert.ThrowsExactlyAsync<WebApiException>(
            () => dataverse.GetAsync("contacts", CancellationToken.None));

        Assert.AreEqual((null, "CHATAUTH5002"), (failure.Status, failure.Errors[0].Code));
    }

    [TestMethod]
    [DataRow("0x80048d19")]
    [DataRow("0x80040265")]
    public async Task For_the_name_of_a_lookup_and_no_other_name_is_tried(string code)
    {
        using Answers network = new((400, $$$"""{"error":{"code":"{{{code}}}","message":"Nein."}}"""), (204, ""));
        using WebApi dataverse = new(Environment, "token", new FixedClock(DateTimeOffset.UnixEpoch), network);
        ChatWidget widget = new(Guid.NewGuid(), "Chat", null, null);
        await Assert.ThrowsExactlyAsync<WebApiException>(
            () => widget.LinkAsync(dataverse, null, CancellationToken.None));
        CollectionAssert.AreEqual(new[] { """{"msdyn_AuthsettingsId@odata.bind":null}""" }, network.Bodies);
    }

    /// <summary>Answers in a row; the bodies that were sent.</summary>
    private sealed class Answers(params (int Status, string Body)[] answers) : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (int status, string body) = answers[Bodies.Count];
            Bodies.Add(
                request.Content == null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        }
    }
}
