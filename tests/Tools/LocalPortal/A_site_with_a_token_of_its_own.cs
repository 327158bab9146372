using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalPortal.Site;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>The portal's own token service as LocalPortal plays it; one site for all of them.</summary>
[TestClass]
public class A_site_with_a_token_of_its_own
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";
    private const string TokenPath = "/_services/auth/token";

    private static SiteServer? site;

    [ClassInitialize]
    public static async Task Start(TestContext context)
    {
#pragma warning disable RS0030 // the site serves browsers, whose time passes by itself
        site = await SiteServer.StartAsync(
            0,
            new CommandHost(TextWriter.Null, TextWriter.Null, TextReader.Null, TimeProvider.System),
            context?.CancellationToken ?? default);
#pragma warning restore RS0030 // the site serves browsers, whose time passes by itself
        using SiteVisitor visitor = new(site.Url);
        await visitor.SignInAsync(Bert, "/");
        foreach (string said in new[] { "gives its own token", "gives ChatAuth" })
        {
            (int status, JsonNode? body) = await visitor.PostAsync("/local/move", new JsonObject());
            Assert.AreEqual(200, status);
            StringAssert.Contains(body!["said"]!.ToJsonString(), said);
        }
    }

    [ClassCleanup]
    public static async Task Stop() => await site!.DisposeAsync();

    [TestMethod]
    [DataRow("GET")]
    [DataRow("POST")]
    public async Task Gives_it_to_whoever_signed_in(string method)
    {
        using HttpResponseMessage response =
            await AskAsync(method, "?client_id=contoso-chat&state=s%201&nonce=n1&response_type=token");
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.AreEqual("s 1", response.Headers.GetValues("state").Single());
        Assert.AreEqual("900", response.Headers.GetValues("expires_in").Single());
        Assert.AreEqual("text/plain", response.Content.Headers.ContentType!.MediaType);
        string[] parts = (await response.Content.ReadAsStringAsync()).Split('.');
        Assert.AreEqual("""{"alg":"RS256","typ":"JWT"}""", Base64UrlEncoder.Decode(parts[0]));
        JsonNode claims = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!;
        CollectionAssert.AreEqual(
            new[]
            {
                "sub", "preferred_username", "phone_number", "given_name", "family_name", "email", "lp_sdes", "aud",
                "appid", "nonce", "iat", "nbf", "exp", "iss",
            },
            claims.AsObject().Select(claim => claim.Key).ToArray());
        CollectionAssert.AreEqual(
            new[] { Bert, "contosohelp.com", "contoso-chat", "contoso-chat", "n1" },
            new[] { "sub", "iss", "aud", "appid", "nonce" }.Select(name => claims[name]!.ToString()).ToArray());
        Assert.AreEqual(900, claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>());
    }

    [TestMethod]
    public async Task Which_the_key_that_the_command_prints_verifies()
    {
        CommandRun check = await CommandRun.OfAsync(
            [
                "builtin", "check", "--json", "--registered-client", "contoso-chat", "--portal-url",
                site!.Url.AbsoluteUri,
            ]);
        Assert.AreEqual(0, check.ExitCode, check.Error);
        using HttpResponseMessage response = await AskAsync("POST", "?client_id=contoso-chat");
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(
            folder.File("line.txt"), JsonNode.Parse(check.Out)!["publicKey"]!.GetValue<string>());
        CommandRun verified = await CommandRun.OfAsync(
            [
                "token", "verify", await response.Content.ReadAsStringAsync(), "--key", folder.File("line.txt"),
                "--profile", "liveassist",
            ],
            clock: site.Stack.Clock);
        Assert.AreEqual(0, verified.ExitCode, verified.Error);
    }

    [TestMethod]
    [DataRow("?client_id=unknown", 400, "PortalSTS0001")]
    [DataRow("?client_id=CONTOSO-CHAT", 400, "PortalSTS0001")]
    [DataRow("?client_id=contoso-chat-with-more-than-36-characters", 400, "PortalSTS0001")]
    [DataRow("?response_type=code", 400, "PortalSTS0007")]
    [DataRow("?state=123456789012345678901", 501, "does not know")]
    [DataRow("?nonce=123456789012345678901", 501, "does not know")]
    [DataRow("?state=%0d%0aX-Y:1", 501, "does not know")]
    public async Task And_refuses_the_rest(string query, int status, string said)
    {
        using HttpResponseMessage response = await AskAsync("POST", query);
        Assert.AreEqual(status, (int)response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        StringAssert.Contains(text, said);
        if (status == 400)
        {
            CollectionAssert.AreEqual(
                new[] { "ErrorId", "ErrorMessage", "Timestamp", "CorrelationId" },
                JsonNode.Parse(text)!.AsObject().Select(member => member.Key).ToArray());
        }
    }

    [TestMethod]
    public async Task An_anonymous_script_is_told_in_a_header_and_a_browser_by_a_redirect()
    {
        using HttpResponseMessage script =
            await AskAsync("POST", "?client_id=unknown", isSignedIn: false, isScript: true);
        Assert.AreEqual(HttpStatusCode.OK, script.StatusCode);
        JsonNode told = JsonNode.Parse(script.Headers.GetValues("X-Responded-JSON").Single())!;
        Assert.AreEqual(401, told["status"]!.GetValue<int>());
        StringAssert.Contains(told["headers"]!["location"]!.GetValue<string>(), "/sign-in?returnUrl=%2F_services");
        Assert.AreEqual(string.Empty, await script.Content.ReadAsStringAsync());

        using HttpResponseMessage browser = await AskAsync("GET", string.Empty, isSignedIn: false);
        Assert.AreEqual(HttpStatusCode.Redirect, browser.StatusCode);
        StringAssert.StartsWith(browser.Headers.Location!.OriginalString, "/sign-in?returnUrl=");
    }

    [TestMethod]
    [DoNotParallelize] // it changes the site of the other tests for a moment
    [DataRow("CustomCertificates/ImplicitGrantflow", "", 400, "no certificate")]
    [DataRow("Connector/ImplicitGrantFlowEnabled", "False", 404, "is not there (HTTP status 404)")]
    [DataRow("ImplicitGrantFlow/TokenExpirationTime", "5", 200, "")]
    public async Task Its_site_settings_count_and_the_command_explains_them(
        string name, string value, int status, string said)
    {
        var organization = site!.Stack.Organization;
        var before = organization.Rows.Now;
        if (before.All("powerpagecomponent").SingleOrDefault(row => row.Text("name") == name)?.Id is { } id)
        {
            organization.ChangeRow(
                "powerpagecomponent", id, ("content", new JsonObject { ["value"] = value }.ToJsonString()));
        }
        else
        {
            EmptySite.Add(organization, site.Stack.SiteId, 9, "sitesetting", name, ("value", value));
        }

        using HttpResponseMessage token = await AskAsync("POST", string.Empty);
        CommandRun check =
            await CommandRun.OfAsync(["builtin", "check", "--portal-url", site.Url.AbsoluteUri]);
        organization.Rows.Return(before);
        Assert.AreEqual(status, (int)token.StatusCode);
        Assert.AreEqual(status == 200 ? string.Empty : "CHATAUTH5446", check.Codes);
        StringAssert.Contains(check.Error, said);
        if (status == 200)
        {
            Assert.AreEqual("60", token.Headers.GetValues("expires_in").Single());
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(
        string method, string query, bool isSignedIn = true, bool isScript = false)
    {
        using SiteVisitor visitor = new(site!.Url);
        if (isSignedIn)
        {
            await visitor.SignInAsync(Bert, "/");
        }

        return await visitor.SendAsync(method, TokenPath + query, isScript);
    }
}
