using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.State;
using ChatAuth.Tools.Tests.Deployment;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class A_site_holds_the_chat_back : EnvironmentUnderTest
{
    private const string Policy = "HTTP/Content-Security-Policy";
    private const string WidgetTag =
        "<script id='lcw' src='https://oc-cdn-ocprod.azureedge.net/livechatwidget/scripts/LiveChatBootstrapper.js'>"
            + "</script>";

    private const string KeyUrl = "https://contosohelp.com/publickey.json";
    private const string OldTag =
        "<script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token?client_id=contoso-chat\"></script>";

    private Guid site;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Unless_nothing_does(bool enhanced)
    {
        await OpenAsync(enhanced);
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("chatauth-token", "server logic chatauth-token")]
    [DataRow("chatauth.js", "web file chatauth.js")]
    [DataRow("Head/Bottom", "content snippet Head/Bottom")]
    [DataRow("ServerLogic/Enabled", "site setting ServerLogic/Enabled")]
    public async Task By_a_part_that_somebody_took_away(string name, string part)
    {
        await OpenAsync(enhanced: true);
        Row gone = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == name);
        Organization.Operations.Delete(
            Organization.Administrator, Schema.Known.Table("powerpagecomponent"), gone.Id);
        StringAssert.Contains(await FindsAsync("error 5497"), $"the {part} is not there");
        await DoAsync("deploy");
        await FindsAsync();
    }

    [TestMethod]
    public async Task By_a_script_of_another_version()
    {
        await OpenAsync(enhanced: false);
        Row file = Organization.Rows.Now.All("annotation").Single(row => row.Text("filename") == "chatauth.js");
        Organization.ChangeRow("annotation", file.Id, ("documentbody", Convert.ToBase64String("old"u8)));
        StringAssert.Contains(
            await FindsAsync("error 5497"), "the web file chatauth.js differs in chatauth.js");
        await DoAsync("deploy");
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("<template>{0}</template>")]
    [DataRow("<noscript>{0}</noscript>")]
    [DataRow("{% comment %}{0}{% endcomment %}")]
    [DataRow("{% comment %} open")]
    [DataRow("<style>a { } ")]
    [DataRow("<script>a()")]
    public async Task By_a_piece_of_deploy_that_no_browser_runs(string around)
    {
        await OpenAsync(enhanced: true);
        Row header = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == "Head/Bottom");
        JsonObject content = JsonNode.Parse(header.Text("content")!)!.AsObject();
        string piece = content["value"]!.ToString();
        content["value"] = around.Replace("{0}", piece, StringComparison.Ordinal);
        Organization.ChangeRow("powerpagecomponent", header.Id, ("content", content.ToJsonString()));
        await FindsAsync("error 5603");
        int writes = Network.Writes.Count;
        Assert.AreEqual("CHATAUTH5603", (await RunAsync("deploy")).Codes);
        Assert.HasCount(writes, Network.Writes);
        content["value"] = "<!-- closed -->" + piece;
        Organization.ChangeRow("powerpagecomponent", header.Id, ("content", content.ToJsonString()));
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("window.auth.getAuthenticationToken = function (callback) { };")]
    [DataRow("auth['getAuthenticationToken']=f")]
    [DataRow("var auth = {\n  getAuthenticationToken: function (callback) { } };")]
    [DataRow("window.auth = { user: 1, getAuthenticationToken(callback) { } };")]
    [DataRow("window.auth = { getAuthenticationToken };")]
    [DataRow("function authoriseChatWithCallback(callback) { }")]
    [DataRow("window.authoriseChatWithCallback = f")]
    [DataRow("lpGetAuthenticationToken = async (callback) => { }")]
    public async Task By_a_script_of_its_own_that_sets_the_function(string script)
    {
        await OpenAsync(enhanced: true);
        Component(7, "contentsnippet", "Chat", ("value", $"<script>{script}</script>"));
        StringAssert.Contains(await FindsAsync("warning 5486"), "content snippet Chat of the site Contoso sets ");
        Component(8, "webtemplate", "Layout", ("source", script));
        await FindsAsync("warning 5486", "warning 5486");
    }

    [TestMethod]
    [DataRow("if (auth.getAuthenticationToken === undefined) { }")]
    [DataRow("auth.getAuthenticationToken(function (token) { });")]
    [DataRow("chatauth.getAuthenticationToken((token) => { show(token); });")]
    [DataRow("const provider = auth.getAuthenticationToken;")]
    [DataRow("authoriseChatWithCallback(f); authoriseChatWithCallback == f")]
    public async Task Not_by_one_that_asks_for_the_token(string script)
    {
        await OpenAsync(enhanced: true);
        Component(7, "contentsnippet", "Chat", ("value", $"<script>{script}</script>"));
        await FindsAsync();
    }

    [TestMethod]
    public async Task By_the_script_of_a_page()
    {
        await OpenAsync(enhanced: true);
        Component(
            2, "webpage", "Help", ("partialurl", "help"), ("customjavascript", "auth.getAuthenticationToken = f"));
        StringAssert.Contains(await FindsAsync("warning 5486"), "web page Help");
    }

    [TestMethod]
    [DataRow("script-src 'self' https://oc-cdn-ocprod.azureedge.net 'nonce'; connect-src 'self'")]
    [DataRow("script-src 'nonce' *.azureedge.net")]
    [DataRow("SCRIPT-SRC contosohelp.com https://*.azureedge.net; connect-src https://contosohelp.com")]
    [DataRow("default-src *")]
    [DataRow("default-src https:")]
    [DataRow("script-src 'nonce' 'strict-dynamic'")]
    [DataRow("style-src 'none'")]
    [DataRow("")]
    public async Task Not_by_a_policy_that_lets_everything_through(string policy)
    {
        await OpenAsync(enhanced: true);
        Component(7, "contentsnippet", "Chat Widget Code", ("value", WidgetTag));
        Component(9, "sitesetting", Policy, ("value", policy));
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("script-src 'self'", "oc-cdn-ocprod.azureedge.net")]
    [DataRow("script-src 'self' https://azureedge.net https://cdn.azureedge.net", "oc-cdn-ocprod.azureedge.net")]
    [DataRow("default-src 'self'; script-src https://*.azureedge.net", "chatauth.js")]
    [DataRow("script-src 'self' https: 'strict-dynamic'", "chatauth.js")]
    [DataRow("script-src https://*.azureedge.net 'nonce'; connect-src 'none'", "token request")]
    [DataRow("script-src https:; connect-src https://m-1.us.omnichannelengagementhub.com", "token request")]
    [DataRow("script-src 'self' https:; script-src 'none'; connect-src x; connect-src 'self'", "token request")]
    public async Task By_a_policy_that_does_not(string policy, string what)
    {
        await OpenAsync(enhanced: true);
        Component(7, "contentsnippet", "Chat Widget Code", ("value", WidgetTag));
        Component(9, "sitesetting", Policy, ("value", policy));
        StringAssert.Contains(await FindsAsync("error 5487"), what);
    }

    [TestMethod]
    [DataRow(false, "error 5488")]
    [DataRow(true, "error 5497")]
    public async Task By_a_server_logic_that_signed_in_visitors_may_not_use(bool isBesideAnother, string found)
    {
        await OpenAsync(enhanced: true);
        Row logic = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == "chatauth-token");
        JsonObject content = JsonNode.Parse(logic.Text("content")!)!.AsObject();
        string own = content["adx_serverlogic_adx_webrole"]![0]!.ToString();
        string other = Guid.NewGuid().ToString("D");
        content["adx_serverlogic_adx_webrole"] = isBesideAnother ? new JsonArray(own, other) : new JsonArray(other);
        Organization.ChangeRow("powerpagecomponent", logic.Id, ("content", content.ToJsonString()));
        await FindsAsync(found);
    }

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(false, false)]
    public async Task By_a_header_that_asks_the_portal_itself_for_the_token(bool enhanced, bool isWritten)
    {
        await OpenAsync(enhanced, deploys: false);
        LetAChatReadTheKeys();
        Settings["portals"]![0]!["headerSnippet"] = isWritten;
        Component(7, "contentsnippet", "Head/Bottom", ("value", OldTag));
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5489", run.Codes, run.Error);
        StringAssert.Contains(
            run.Error, "In the content snippet Head/Bottom of the site Contoso, a tag of chatauth.js asks the ");
        Assert.IsEmpty(Network.Writes);
        await DoAsync("deploy", "--force", "CHATAUTH5489");
        await FindsAsync("error 5489");

        string table = enhanced ? "powerpagecomponent" : "adx_contentsnippet";
        Row header = Organization.Rows.Now.All(table)
            .Single(row => row.Text(enhanced ? "name" : "adx_name") == "Head/Bottom");
        string right = OldTag.Replace(
            "/_services/auth/token?client_id=contoso-chat", "/_api/serverlogics/chatauth-token",
            StringComparison.Ordinal);
        Organization.ChangeRow(
            table, header.Id, enhanced
                ? ("content", new JsonObject { ["value"] = right }.ToJsonString())
                : ("adx_value", right));
        await DoAsync("deploy");
        await FindsAsync();
    }

    [TestMethod]
    public async Task Not_yet_where_no_chat_reads_the_keys()
    {
        await OpenAsync(enhanced: true, deploys: false);
        Settings["portals"]![0]!["headerSnippet"] = false;
        Component(7, "contentsnippet", "Head/Bottom", ("value", OldTag));
        Settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        CommandRun refusal = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5489", refusal.Codes, refusal.Error);
        Settings.Remove("liveAssist");
        CommandRun run = await DoAsync("deploy");
        StringAssert.Contains(run.Error, "warning CHATAUTH5489: In the content snippet Head/Bottom of the site");
        await FindsAsync("warning 5489");
    }

    [TestMethod]
    public async Task By_no_tag_of_a_site_that_has_ChatAuth_only_for_its_keys()
    {
        await OpenAsync(enhanced: true, deploys: false);
        Settings.Remove("portals");
        LetAChatReadTheKeys();
        Settings["publish"] = new JsonArray(new JsonObject { ["page"] = "Contoso", ["url"] = KeyUrl });
        Component(7, "contentsnippet", "Head/Bottom", ("value", OldTag));
        await FindsAsync();
        Component(35, "serverlogic", "chatauth-token");
        await FindsAsync("error 5489");
    }

    [TestMethod]
    [DataRow(7, "contentsnippet", "Tracking Code", "value")]
    [DataRow(8, "webtemplate", "Layout", "source")]
    [DataRow(2, "webpage", "Help", "copy")]
    public async Task By_a_tag_of_one_page_beside_that_of_all(int type, string kind, string name, string column)
    {
        await OpenAsync(enhanced: true);
        Component(type, kind, name, ("partialurl", "help"), (column, OldTag));
        StringAssert.Contains(await FindsAsync("warning 5489"), name + " of the site Contoso");
    }

    [TestMethod]
    public async Task By_a_tag_in_a_file_that_is_a_page()
    {
        await OpenAsync(enhanced: true);
        Guid file = EmptySite.Add(Organization, site, 3, "webfile", "index", ("partialurl", "index.HTML"));
        Table table = Schema.Known.Table("powerpagecomponent");
        Organization.Operations.Upload(
            Organization.Administrator, table, file, table.Column("filecontent"), Encoding.UTF8.GetBytes(OldTag),
            "index.html");
        StringAssert.Contains(await FindsAsync("warning 5489"), "web file index of the site Contoso");
    }

    [TestMethod]
    [DataRow("{before}{own}", "error 5489")]
    [DataRow("{own}{before}", "warning 5489")]
    public async Task By_the_first_tag_of_several(string order, string found)
    {
        await OpenAsync(enhanced: true);
        LetAChatReadTheKeys();
        Row header = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == "Head/Bottom");
        JsonObject content = JsonNode.Parse(header.Text("content")!)!.AsObject();
        content["value"] = order.Replace("{own}", content["value"]!.ToString(), StringComparison.Ordinal)
            .Replace("{before}", OldTag, StringComparison.Ordinal);
        Organization.ChangeRow("powerpagecomponent", header.Id, ("content", content.ToJsonString()));
        await FindsAsync(found);
    }

    [TestMethod]
    public async Task Not_by_a_tag_that_is_commented_out_beside_which_deploy_writes_its_own()
    {
        await OpenAsync(enhanced: true, deploys: false);
        Component(7, "contentsnippet", "Head/Bottom", ("value", $"<!-- {OldTag} -->"));
        await DoAsync("deploy");
        await FindsAsync();
        StringAssert.Contains(
            Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == "Head/Bottom")
                .Text("content"),
            "chatauth-token");
    }

    [TestMethod]
    [DataRow("{\"site\":\"Contoso\"}", "", "")]
    [DataRow(null, "", "the settings file has no \"portals\"")]
    [DataRow("{\"site\":\"Contoso\",\"headerSnippet\":false}", "", "\"headerSnippet\": false")]
    [DataRow("{\"site\":\"Contoso\",\"headerSnippet\":false}", "{identity}", "")]
    [DataRow("{\"site\":\"Contoso\",\"headerSnippet\":false}", "{% if user %}{identity}{% endif %}", "")]
    [DataRow("{\"site\":\"Contoso\",\"headerSnippet\":false}", "<!-- {identity} -->", "\"headerSnippet\": false")]
    [DataRow("{\"site\":\"Contoso\"}", "{own}", "a tag of its own")]
    [DataRow("{\"site\":\"Contoso\"}", "{own}{identity}", "")]
    [DataRow("{\"site\":\"Contoso\"}", "{own}{other}", "another issuer")]
    public async Task By_LivePerson_that_is_not_told_who_is_signed_in(string? portal, string header, string said)
    {
        await OpenAsync(enhanced: true, deploys: false);
        Settings["liveAssist"] = new JsonObject { ["key"] = "line", ["identity"] = true };
        Settings["portals"] = new JsonArray(portal == null ? [] : [JsonNode.Parse(portal)]);
        if (header.Length > 0)
        {
            const string Tag = "<script src='/chatauth-identity.js' data-liveperson-issuer='";
            Component(7, "contentsnippet", "Head/Bottom", ("value", header
                .Replace("{own}", "<script src='/chatauth.js' data-token-url='/x'></script>", StringComparison.Ordinal)
                .Replace("{identity}", Tag + "contosohelp.com'></script>", StringComparison.Ordinal)
                .Replace("{other}", Tag + "contoso'></script>", StringComparison.Ordinal)));
        }

        CommandRun run = await DoAsync("deploy");
        Assert.AreEqual(
            said.Length > 0, run.Error.Contains("warning CHATAUTH5496", StringComparison.Ordinal), run.Error);
        StringAssert.Contains(run.Error, said);
        await FindsAsync(said.Length > 0 ? ["warning 5496"] : []);
    }

    private void LetAChatReadTheKeys()
    {
        Settings["authenticationSettings"] =
            new JsonObject { ["publicKeyUrl"] = KeyUrl, ["widgets"] = new JsonArray("Chat") };
        Settings["publish"] = new JsonArray(new JsonObject { ["file"] = "publickey.json", ["url"] = KeyUrl });
        Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", "Chat"));
        Network.Before = async request => request.RequestUri!.AbsoluteUri != KeyUrl ? null
            : new HttpResponseMessage
            {
                Content = new StringContent(
                    File.Exists(KeyFilePath) ? await File.ReadAllTextAsync(KeyFilePath) : "[]"),
            };
        Organization.PublicKeyUrlAnswers = url => url == KeyUrl && File.Exists(KeyFilePath);
    }

    private async Task OpenAsync(bool enhanced, bool deploys = true)
    {
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", enhanced);
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        await (deploys ? DoAsync("deploy") : Task.CompletedTask);
    }

    // What doctor finds of the pages, as severity and code; gives all that it says.
    private async Task<string> FindsAsync(params string[] expected)
    {
        CommandRun run = await RunAsync("doctor", "--json");
        string[] found =
        [
            .. JsonNode.Parse(run.Out)!["findings"]!.AsArray()
                .Select(finding => $"{finding!["severity"]} {finding["code"]!.GetValue<string>()[^4..]}")
                .Where(finding =>
                    finding[^4..].StartsWith("548", StringComparison.Ordinal)
                    || finding[^4..] is "5496" or "5497" or "5603"),
        ];
        CollectionAssert.AreEqual(expected, found, run.Out + run.Error);
        return run.Out;
    }

    private void Component(int type, string kind, string name, params (string Column, object Value)[] columns) =>
        EmptySite.Add(Organization, site, type, kind, name, columns);
}
