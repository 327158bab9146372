using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
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
    public async Task By_a_server_logic_that_signed_in_visitors_may_not_use()
    {
        await OpenAsync(enhanced: true);
        Row logic = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == "chatauth-token");
        JsonObject content = JsonNode.Parse(logic.Text("content")!)!.AsObject();
        content["adx_serverlogic_adx_webrole"] = new JsonArray(Guid.NewGuid().ToString("D"));
        Organization.ChangeRow("powerpagecomponent", logic.Id, ("content", content.ToJsonString()));
        await FindsAsync("error 5488");
    }

    private async Task OpenAsync(bool enhanced)
    {
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", enhanced);
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        await DoAsync("deploy");
    }

    // What doctor finds of the pages, as severity and code; gives all that it says.
    private async Task<string> FindsAsync(params string[] expected)
    {
        CommandRun run = await RunAsync("doctor", "--json");
        string[] found =
        [
            .. JsonNode.Parse(run.Out)!["findings"]!.AsArray()
                .Select(finding => $"{finding!["severity"]} {finding["code"]!.GetValue<string>()[^4..]}")
                .Where(finding => finding.Contains(" 548", StringComparison.Ordinal)),
        ];
        CollectionAssert.AreEqual(expected, found, run.Out + run.Error);
        return run.Out;
    }

    private void Component(int type, string kind, string name, params (string Column, object Value)[] columns) =>
        EmptySite.Add(Organization, site, type, kind, name, columns);
}
