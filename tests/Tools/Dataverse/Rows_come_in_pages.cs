using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.LocalDataverse.State;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Dataverse;

[TestClass]
public sealed class Rows_come_in_pages
{
    private const string Below = "https://contoso.crm.dynamics.com/api/data/v9.2/";
    private const string First = "contacts?$select=fullname";

    private readonly List<string> asked = [];

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task And_all_of_them_are_read(bool ifKnown)
    {
        IReadOnlyList<JsonObject> rows = await ReadAsync(
            page => page < 3 ? $"{Below}{First}&$skiptoken=%3Ccookie%20pagenumber=%22{page + 1}%22%20/%3E" : null,
            ifKnown);
        CollectionAssert.AreEqual(
            new[] { "a1", "b1", "a2", "b2", "a3", "b3" }, rows.Select(row => row["id"]!.ToString()).ToArray());
        CollectionAssert.AreEqual(
            new[]
            {
                Below + First, Below + First + "&$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E",
                Below + First + "&$skiptoken=%3Ccookie%20pagenumber=%223%22%20/%3E",
            },
            asked);
    }

    [TestMethod]
    [DataRow("https://evil.example/api/data/v9.2/contacts")]
    [DataRow("https://contoso.crm.dynamics.com.evil.example/api/data/v9.2/contacts")]
    [DataRow("https://contoso.crm.dynamics.com@evil.example/api/data/v9.2/contacts")]
    [DataRow("http://contoso.crm.dynamics.com/api/data/v9.2/contacts")]
    [DataRow("https://contoso.crm.dynamics.com:444/api/data/v9.2/contacts")]
    [DataRow("https://contoso.crm.dynamics.com/api/data/v9.2/../../contacts")]
    [DataRow("https://contoso.crm.dynamics.com/contacts")]
    [DataRow("//evil.example/contacts")]
    [DataRow("contacts")]
    [DataRow("")]
    public async Task None_is_asked_for_elsewhere(string next)
    {
        WebApiException refusal =
            await Assert.ThrowsExactlyAsync<WebApiException>(() => ReadAsync(_ => next, ifKnown: false));
        Assert.AreEqual(
            "CHATAUTH5002: GET contacts failed: its next page is said to be at another address. Check the "
                + "environment's URL and the network, then run the command again.",
            refusal.Errors[0].ToString());
        Assert.HasCount(1, asked);
    }

    [TestMethod]
    public async Task Not_for_ever()
    {
        WebApiException refusal =
            await Assert.ThrowsExactlyAsync<WebApiException>(() => ReadAsync(_ => Below + First, ifKnown: false));
        StringAssert.Contains(refusal.Message, "the answer has no end");
        Assert.HasCount(200, asked);
    }

    private async Task<IReadOnlyList<JsonObject>> ReadAsync(Func<int, string?> next, bool ifKnown)
    {
        using Pages network = new(this, next);
        using WebApi dataverse = new(
            new Uri("https://contoso.crm.dynamics.com"), "token", new FixedClock(DateTimeOffset.UnixEpoch), network);
        return ifKnown ? (await dataverse.ListIfKnownAsync(First, CancellationToken.None))!
            : await dataverse.ListAsync(First, CancellationToken.None);
    }

    private sealed class Pages(Rows_come_in_pages test, Func<int, string?> next) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            test.asked.Add(request.RequestUri!.AbsoluteUri);
            int page = test.asked.Count;
            JsonObject body = new()
            {
                ["value"] = new JsonArray(
                    new JsonObject { ["id"] = $"a{page}" }, new JsonObject { ["id"] = $"b{page}" }),
            };
            if (next(page) is { } link)
            {
                body["@odata.nextLink"] = link;
            }

            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString()) });
        }
    }
}
