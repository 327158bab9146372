using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalPortal.Site;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>One site for all of them: starting it takes a second.</summary>
[TestClass]
public class A_site_to_click_through
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";
    private const string Juergen = "5b0e1c8e-3f0a-4b57-8f3c-000000000002";
    private const string Inactive = "5b0e1c8e-3f0a-4b57-8f3c-000000000007";

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
    }

    [ClassCleanup]
    public static async Task Stop() => await site!.DisposeAsync();

    [TestMethod]
    [DataRow("powerpages")]
    [DataRow("custom")]
    public async Task Pops_the_contact_of_whoever_signed_in(string kind)
    {
        using SiteVisitor visitor = new(site!.Url);
        Assert.AreEqual("/?portal=custom#chat", await visitor.SignInAsync(Juergen, "/?portal=custom#chat"));
        JsonNode view = await visitor.ChatAsync(kind, await visitor.TokenAsync(kind, "7.50"));
        Assert.AreEqual("Jürgen Müßig-Özdemir", view["contact"]!["name"]!.GetValue<string>());
        Assert.AreEqual(Juergen, view["contact"]!["id"]!.GetValue<string>());
        Assert.IsNull(view["refusal"]);
        CollectionAssert.Contains(
            view["context"]!.AsArray().Select(pair => $"{pair!["key"]}={pair["value"]}").ToArray(),
            "msdyn_cartvalue=7.50");
        Assert.AreEqual("RS256", view["token"]!["header"]!["alg"]!.GetValue<string>());
    }

    [TestMethod]
    [DataRow("/{{antiforgery}}")]
    [DataRow("/{{contacts}}")]
    [DataRow("/{{return-url}}")]
    public async Task Fills_nothing_that_a_visitor_wrote(string back)
    {
        using SiteVisitor visitor = new(site!.Url);
        using HttpResponseMessage response =
            await visitor.GetAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(back));
        StringAssert.Contains(await response.Content.ReadAsStringAsync(), back);
    }

    [TestMethod]
    [DataRow("/\t/evil.example")]
    [DataRow("/a\tb")]
    [DataRow("/a\r\nb")]
    [DataRow("//evil.example")]
    [DataRow("/\\evil.example")]
    [DataRow("https://evil.example")]
    public async Task Leads_to_a_path_of_its_own_only(string back)
    {
        using SiteVisitor visitor = new(site!.Url);
        Assert.AreEqual("/", await visitor.SignInAsync(Juergen, back));
    }

    [TestMethod]
    [DataRow("evil.example", 421)]
    [DataRow("127.0.0.1.evil.example", 421)]
    [DataRow("169.254.169.254", 421)]
    [DataRow("localhost", 200)]
    public async Task Serves_this_machine_only(string host, int status)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, site!.Url);
        request.Headers.Host = host;
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.AreEqual(status, (int)response.StatusCode);
    }

    [TestMethod]
    [DataRow("msdyn_CartValue")]
    [DataRow("cartvalue")]
    [DataRow("msdyn_cartvalue ")]
    public async Task Drops_a_variable_that_the_workstream_does_not_define(string name)
    {
        var organization = site!.Stack.Organization;
        Guid variable = organization.Rows.Now.All("msdyn_ocliveworkstreamcontextvariable")
            .Single(row => (string?)row["msdyn_name"] == "msdyn_cartvalue").Id;
        using SiteVisitor visitor = new(site.Url);
        await visitor.SignInAsync(Bert, "/");
        string token = await visitor.TokenAsync("custom", "7.50");
        Rename(name);
        JsonNode view = await visitor.ChatAsync("custom", token);
        Rename("msdyn_cartvalue");
        Assert.IsNull(view["refusal"]);
        CollectionAssert.AreEqual(
            new[] { "portalcontactid" },
            view["context"]!.AsArray().Select(pair => pair!["key"]!.GetValue<string>()).ToArray());
        Assert.IsNotEmpty((await visitor.ChatAsync("custom", token))["context"]!.AsArray()
            .Where(pair => pair!["key"]!.GetValue<string>() == "msdyn_cartvalue"));

        void Rename(string other) => organization.ChangeRow(
            "msdyn_ocliveworkstreamcontextvariable", variable, ("msdyn_name", other), ("msdyn_displayname", other));
    }

    [TestMethod]
    [DataRow("powerpages")]
    [DataRow("custom")]
    public async Task Goes_on_chatting_over_a_rotation_and_an_hour(string kind)
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.SignInAsync(Bert, "/");
        string before = await visitor.TokenAsync(kind);
        string conversation = (await visitor.ChatAsync(kind, before))["conversation"]!.GetValue<string>();
        Assert.AreEqual(200, (await visitor.PostAsync("/local/rotate", new JsonObject())).Status);
        string after = await visitor.TokenAsync(kind);
        Assert.AreNotEqual(before.Split('.')[0], after.Split('.')[0], "the key");
        foreach (string token in new[] { before, after })
        {
            (int status, JsonNode? view) = await visitor.PostAsync(
                $"/chat-service/{kind}/conversations/{conversation}/messages",
                new JsonObject { ["text"] = "Hello" },
                token);
            Assert.AreEqual(200, status, view!.ToJsonString());
        }

        await visitor.PostAsync("/local/clock", new JsonObject { ["minutes"] = 60 });
        Assert.AreEqual("expired", (await visitor.ChatAsync(kind, after))["refusal"]!["code"]!.GetValue<string>());
        (int later, JsonNode? last) = await visitor.PostAsync(
            $"/chat-service/{kind}/conversations/{conversation}/messages",
            new JsonObject { ["text"] = "Still here" },
            await visitor.TokenAsync(kind));
        Assert.AreEqual(200, later);
        Assert.HasCount(
            2, last!["lines"]!.AsArray().Where(line => line!["from"]!.GetValue<string>() == "note").ToArray());
    }

    [TestMethod]
    [DataRow("powerpages")]
    [DataRow("custom")]
    public async Task Refuses_tokens_of_a_key_that_was_revoked(string kind)
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.SignInAsync(Bert, "/");
        string before = await visitor.TokenAsync(kind);
        JsonArray keys = (await visitor.PostAsync("/local/rotate", new JsonObject())).Body!["keys"]!.AsArray();
        Assert.IsGreaterThan(1, keys.Count);
        JsonNode header = JsonNode.Parse(Base64UrlEncoder.Decode(before.Split('.')[0]))!;
        JsonObject own = new() { ["key"] = header["kid"]!.GetValue<string>() };
        Assert.AreEqual(200, (await visitor.PostAsync("/local/revoke", own)).Status);
        Assert.AreEqual("unknown-kid", (await visitor.ChatAsync(kind, before))["refusal"]!["code"]!.GetValue<string>());
        Assert.IsNull((await visitor.ChatAsync(kind, await visitor.TokenAsync(kind)))["refusal"]);
    }

    [TestMethod]
    public async Task Keeps_a_conversation_to_its_visitor()
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.SignInAsync(Bert, "/");
        string conversation =
            (await visitor.ChatAsync("custom", await visitor.TokenAsync("custom")))["conversation"]!.GetValue<string>();
        await visitor.SignInAsync(Juergen, "/");
        (int status, JsonNode? view) = await visitor.PostAsync(
            $"/chat-service/custom/conversations/{conversation}/messages",
            new JsonObject { ["text"] = "x" },
            await visitor.TokenAsync("custom"));
        Assert.AreEqual(401, status);
        Assert.AreEqual("visitor", view!["refusal"]!["code"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task Says_at_the_desk_that_an_inactive_contact_is_not_linked()
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.SignInAsync(Juergen, "/");
        string token = await visitor.TokenAsync("custom");
        site.Stack.Organization.ChangeRow(
            "contact",
            Guid.Parse(Juergen),
            ("statecode", new OptionSetValue(1)),
            ("statuscode", new OptionSetValue(2)));
        JsonNode view = await visitor.ChatAsync("custom", token);
        site.Stack.Organization.ChangeRow(
            "contact",
            Guid.Parse(Juergen),
            ("statecode", new OptionSetValue(0)),
            ("statuscode", new OptionSetValue(1)));
        Assert.IsNull(view["refusal"]);
        Assert.IsFalse(view["contact"]!["isLinked"]!.GetValue<bool>());
        Assert.StartsWith("Not linked: the contact is inactive.", view["contact"]!["note"]!.GetValue<string>());
    }

    [TestMethod]
    [DataRow(Inactive, "powerpages", 403, "CHATAUTH1010")]
    [DataRow(Inactive, "custom", 403, "CHATAUTH1010")]
    public async Task Tells_an_inactive_contact_why(string contact, string kind, int status, string code)
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.SignInAsync(contact, "/");
        (int http, JsonNode? answer) = await visitor.PostAsync(
            kind == "custom" ? "/auth/token" : "/_api/serverlogics/chatauth-token", new JsonObject());
        Assert.AreEqual(kind == "custom" ? status : 200, http);
        JsonNode refusal = kind == "custom" ? answer! : JsonNode.Parse(answer!["Data"]!.GetValue<string>())!;
        Assert.AreEqual(status, refusal["status"]!.GetValue<int>());
        Assert.StartsWith(code, refusal["message"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task Lets_server_logic_be_called_with_the_token_and_the_web_role_only()
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.OpenAsync("/");
        Assert.AreEqual(403, (await visitor.PostAsync("/_api/serverlogics/chatauth-token", new JsonObject())).Status);
        await visitor.SignInAsync(Bert, "/");
        (int status, JsonNode? envelope) =
            await visitor.PostAsync("/_api/serverlogics/chatauth-token", new JsonObject(), withAntiforgery: false);
        Assert.AreEqual(401, status);
        Assert.AreEqual("MissingPortalRequestVerificationToken", envelope!["Error"]!["Message"]!.GetValue<string>());
        using HttpResponseMessage get = await visitor.GetAsync("/_api/serverlogics/chatauth-token");
        Assert.AreEqual(HttpStatusCode.Unauthorized, get.StatusCode);
        await visitor.OpenAsync("/_layout/tokenhtml");
        (_, envelope) = await visitor.PostAsync("/_api/serverlogics/chatauth-token", new JsonObject());
        Assert.AreEqual(
            "RequestId Success Data ExecutionTime ServerLogicName Error",
            string.Join(' ', envelope!.AsObject().Select(member => member.Key)));
    }

    [TestMethod]
    [DataRow("//evil.example", "/")]
    [DataRow("/\\evil.example", "/")]
    [DataRow("https://evil.example", "/")]
    [DataRow("", "/")]
    [DataRow("/help?a=1#chat", "/help?a=1#chat")]
    public async Task Returns_from_sign_in_to_itself_only(string asked, string expected)
    {
        using SiteVisitor visitor = new(site!.Url);
        Assert.AreEqual(expected, await visitor.SignInAsync(Bert, asked));
    }

    [TestMethod]
    [DataRow("rotate")]
    [DataRow("revoke")]
    [DataRow("clock")]
    [DataRow("visitor")]
    [DataRow("fail")]
    [DataRow("keys")]
    public async Task Takes_no_order_from_another_site(string order)
    {
        using SiteVisitor visitor = new(site!.Url);
        Assert.AreEqual(
            400, (await visitor.PostAsync("/local/" + order, new JsonObject(), withAntiforgery: false)).Status);
    }

    [TestMethod]
    public async Task Goes_on_with_a_conversation_after_a_page_load_for_its_own_visitor_only()
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.SignInAsync(Bert, "/");
        JsonNode opened = await visitor.ChatAsync("custom", await visitor.TokenAsync("custom"));
        string address = $"/chat-service/custom/conversations/{opened["conversation"]!.GetValue<string>()}/reconnect";
        var own = await visitor.PostAsync(address, new JsonObject(), await visitor.TokenAsync("custom"));
        Assert.AreEqual(200, own.Status);
        Assert.Contains("since the page was loaded again", own.Body!["lines"]!.ToJsonString());

        await visitor.SignInAsync(Juergen, "/");
        string other = await visitor.TokenAsync("custom");
        var refused = await visitor.PostAsync(address, new JsonObject(), other);
        Assert.AreEqual(401, refused.Status);
        Assert.AreEqual("visitor", refused.Body!["refusal"]!["code"]!.GetValue<string>());
        string unknown = $"/chat-service/custom/conversations/{Guid.NewGuid()}/reconnect";
        Assert.AreEqual(404, (await visitor.PostAsync(unknown, new JsonObject(), other)).Status);
    }

    [TestMethod]
    [DoNotParallelize] // the failure is the site's, for whoever asks next
    [DataRow("/_api/serverlogics/chatauth-token")]
    [DataRow("/auth/token")]
    public async Task Fails_the_next_token_request_when_told_to_and_no_other(string address)
    {
        using SiteVisitor visitor = new(site!.Url);
        await visitor.SignInAsync(Bert, "/");
        await visitor.PostAsync("/local/fail", new JsonObject());
        Assert.AreEqual(503, (await visitor.PostAsync(address, new JsonObject())).Status);
        Assert.AreEqual(200, (await visitor.PostAsync(address, new JsonObject())).Status);
    }

    [TestMethod]
    public async Task Serves_the_production_chatauth_js_under_a_strict_policy()
    {
        using SiteVisitor visitor = new(site!.Url);
        using HttpResponseMessage page = await visitor.GetAsync("/?portal=custom");
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy);
        Assert.DoesNotContain("unsafe", policy);
        string html = await page.Content.ReadAsStringAsync();
        Assert.Contains(
            """data-token-url="/auth/token" data-verification-url="/auth/antiforgery" data-sign-in-url="/sign-in">""",
            html);
        Assert.DoesNotContain("{{", html);
        using HttpResponseMessage script = await visitor.GetAsync("/chatauth.js");
        Assert.AreEqual(
            await File.ReadAllTextAsync(RepositoryRoot.File("Solution/portal/chatauth.js")),
            await script.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Prints_its_address_and_serves_until_it_is_stopped()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(60));
        using Lines output = new(stop.Cancel);
#pragma warning disable RS0030 // as it is started in a shell
        int exitCode = await ChatAuth.LocalPortal.Program.RunAsync(
            ["--port", "0"],
            new CommandHost(output, TextWriter.Null, TextReader.Null, TimeProvider.System),
            stop.Token);
#pragma warning restore RS0030 // as it is started in a shell
        Assert.AreEqual(0, exitCode);
        Assert.MatchesRegex("^http://127\\.0\\.0\\.1:[0-9]+\n$", output.ToString());
    }

    [TestMethod]
    public async Task Says_that_its_port_is_taken()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        using StringWriter error = new() { NewLine = "\n" };
#pragma warning disable RS0030 // as it is started in a shell
        int exitCode = await ChatAuth.LocalPortal.Program.RunAsync(
            ["--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}"],
            new CommandHost(TextWriter.Null, error, TextReader.Null, TimeProvider.System));
#pragma warning restore RS0030 // as it is started in a shell
        Assert.AreEqual(1, exitCode);
        Assert.StartsWith("CHATAUTH6001: ", error.ToString());
    }

    [TestMethod]
    [DataRow("70000")]
    [DataRow("x")]
    public async Task Takes_a_port_only(string port) => Assert.AreEqual(
        2,
        await ChatAuth.LocalPortal.Program.RunAsync(
            ["--port", port],
            new CommandHost(
                TextWriter.Null, TextWriter.Null, TextReader.Null, new FixedClock(DateTimeOffset.UnixEpoch))));

    // Tells when the first line is written.
    private sealed class Lines : StringWriter
    {
        private readonly Action written;

        public Lines(Action written)
        {
            this.written = written;
            NewLine = "\n";
        }

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            written();
        }
    }
}
