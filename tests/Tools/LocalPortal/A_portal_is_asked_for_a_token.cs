using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Claims;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

[TestClass]
public class A_portal_is_asked_for_a_token : MapChatAuthUnderTest
{
    [TestMethod]
    public async Task Gives_a_signed_in_visitor_the_token_as_text_and_no_cache_keeps_it()
    {
        using HttpResponseMessage response =
            await AskAsync("""{"contextVariables":{"msdyn_isvip":"ü"},"ContactId":"another"}""");
        Assert.AreEqual("a.b.c", await response.Content.ReadAsStringAsync());
        Assert.AreEqual("no-store", response.Headers.CacheControl!.ToString());
        Assert.IsFalse(
            response.Headers.Any(
                header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)));
        (string api, string authorization, string body) = Calls.Single();
        Assert.AreEqual("chatauth_IssueChatToken", api);
        Assert.AreEqual("Bearer application", authorization);
        Assert.AreEqual("""ContactId ContextVariables""",
            string.Join(' ', JsonNode.Parse(body)!.AsObject().Select(member => member.Key)));
        Assert.AreEqual(Bert, JsonNode.Parse(body)!["ContactId"]!.GetValue<string>());
        Assert.AreEqual("""{"msdyn_isvip":"ü"}""", JsonNode.Parse(body)!["ContextVariables"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task Names_the_visitor_by_user_name_where_the_portal_knows_no_contact()
    {
        await OpenAsync(
            chat => chat.Visitor = user => new ChatVisitor(null, user.FindFirstValue(ClaimTypes.NameIdentifier)));
        using HttpResponseMessage response = await AskAsync();
        Assert.AreEqual("""{"UserName":"bert"}""", Calls.Single().Body);
    }

    [TestMethod]
    [DataRow("cross-site", null)]
    [DataRow("same-site", null)]
    [DataRow("none", null)]
    [DataRow("cross-site", "own")]
    [DataRow("same-origin", "https://evil.example")]
    [DataRow(null, "https://evil.example")]
    [DataRow(null, "null")]
    [DataRow(null, null)]
    public async Task Refuses_a_request_that_does_not_come_from_a_page_of_its_own(string? site, string? origin)
    {
        using HttpResponseMessage response = await AskAsync(site: site, origin: origin);
        await AssertRefusedAsync(403, response);
    }

    [TestMethod]
    public async Task Takes_the_origin_of_a_browser_that_sends_nothing_else()
    {
        using HttpResponseMessage response = await AskAsync(site: null, origin: "own");
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
    }

    [TestMethod]
    public async Task Answers_an_anonymous_visitor_with_401()
    {
        using HttpResponseMessage response = await AskAsync(isSignedIn: false);
        await AssertRefusedAsync(401, response);
    }

    [TestMethod]
    public async Task Answers_a_visitor_whom_it_does_not_know_with_401()
    {
        await OpenAsync(chat => chat.Visitor = _ => null);
        using HttpResponseMessage response = await AskAsync();
        await AssertRefusedAsync(401, response);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("forged")]
    public async Task Refuses_a_request_without_the_anti_forgery_token(string? antiforgery)
    {
        using HttpResponseMessage response = await AskAsync(antiforgery: antiforgery);
        await AssertRefusedAsync(400, response);
    }

    [TestMethod]
    [DataRow("GET")]
    [DataRow("PUT")]
    [DataRow("OPTIONS")]
    public async Task Takes_POST_only(string method)
    {
        using HttpRequestMessage request = new(HttpMethod.Parse(method), "/auth/token");
        using HttpResponseMessage response = await Client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [TestMethod]
    public async Task Limits_each_visitor_and_not_the_others()
    {
        await OpenAsync(chat => chat.TokensPerMinute = 2);
        int[] statuses = new int[3];
        for (int i = 0; i < statuses.Length; i++)
        {
            using HttpResponseMessage response = await AskAsync();
            statuses[i] = (int)response.StatusCode;
            Assert.AreEqual(i == 2, response.Headers.RetryAfter != null);
        }

        CollectionAssert.AreEqual(new[] { 200, 200, 429 }, statuses);
        using HttpResponseMessage other = await AskAsync(contact: "5b0e1c8e-3f0a-4b57-8f3c-000000000002");
        Assert.AreEqual(HttpStatusCode.OK, other.StatusCode);
    }

    [TestMethod]
    [DataRow(
        403,
        """{"error":{"message":"CHATAUTH1010: The visitor's contact is inactive."}}""",
        403,
        "CHATAUTH1010: The visitor's contact is inactive.")]
    [DataRow(
        401,
        """{"error":{"message":"CHATAUTH1001: The visitor is not signed in."}}""",
        401,
        "CHATAUTH1001: The visitor is not signed in.")]
    [DataRow(
        403,
        """{"error":{"message":"Principal user (Id=42) is missing prvReadContact"}}""",
        424,
        "The site was refused a chat token.")]
    [DataRow(401, "", 424, "The site was refused a chat token.")]
    [DataRow(404, """{"error":{"message":"Bert Hair does not exist"}}""", 404, "The site was refused a chat token.")]
    [DataRow(500, "<html>10.0.0.7</html>", 502, "The site was refused a chat token.")]
    [DataRow(200, "[1]", 502, "The site was refused a chat token.")]
    public async Task Passes_only_the_product_s_own_messages_on(int status, string text, int expected, string message)
    {
        Token = (status, text);
        using HttpResponseMessage response = await AskAsync();
        Assert.AreEqual(expected, (int)response.StatusCode);
        Assert.AreEqual(
            message, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task Gives_an_empty_token_where_no_step_serves_the_custom_API()
    {
        Token = (200, """{"Token":"","KeyId":null}""");
        using HttpResponseMessage response = await AskAsync();
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.AreEqual(string.Empty, await response.Content.ReadAsStringAsync());
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow(null)]
    public async Task Refuses_a_body_that_is_not_JSON_or_too_long(string? body)
    {
        using HttpResponseMessage response = await AskAsync(body ?? '"' + new string('x', 70_000) + '"');
        await AssertRefusedAsync(400, response);
    }

    private async Task AssertRefusedAsync(int status, HttpResponseMessage response)
    {
        Assert.AreEqual(status, (int)response.StatusCode);
        Assert.AreEqual("no-store", response.Headers.CacheControl!.ToString());
        JsonNode refusal = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.AreEqual(status, refusal["status"]!.GetValue<int>());
        Assert.MatchesRegex("^[A-Z].+\\.$", refusal["message"]!.GetValue<string>());
        Assert.IsEmpty(Calls);
    }
}
