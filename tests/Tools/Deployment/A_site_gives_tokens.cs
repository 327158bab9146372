using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalPortal.PowerPages;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class A_site_gives_tokens : EnvironmentUnderTest, IDisposable
{
    private const string Tag =
        "<script src=\"/chatauth.js\" data-token-url=\"/_api/serverlogics/chatauth-token\"></script>";
    private const string Piece = "<!-- chatauth -->" + Tag + "<!-- /chatauth -->";

    private static readonly string Script = File.ReadAllText(RepositoryRoot.File("Solution/portal/chatauth.js"));
    private static readonly string ServerLogic =
        File.ReadAllText(RepositoryRoot.File("Solution/portal/server-logic/chatauth-token.js"));

    private Guid site;
    private PortalSite? portal;
    private HttpMessageInvoker? visitor;

    public void Dispose()
    {
        visitor?.Dispose();
        portal?.Dispose();
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task From_the_files_of_this_product_until_it_is_uninstalled(bool enhanced)
    {
        Open(enhanced);
        string[] before = Components();
        CommandRun run = await DoAsync("deploy");
        StringAssert.Contains(
            run.Error, "done: create the server logic chatauth-token of the site Contoso\ndone: create the site "
                + "setting ServerLogic/Enabled of the site Contoso\ndone: create the web file chatauth.js of the site "
                + "Contoso\ndone: create the content snippet Head/Bottom of the site Contoso");
        portal!.Restart();
        Assert.AreEqual(Script, await ShownAsync("chatauth.js"));
        Assert.AreEqual(ServerLogic, portal.ServerLogic("chatauth-token", isSignedIn: true));
        Assert.IsNull(portal.ServerLogic("chatauth-token", isSignedIn: false));
        CollectionAssert.AreEqual(new[] { Piece }, Headers());

        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(before, Components());
        await DoAsync("uninstall", "--yes");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow(true, "<style>a{}</style>")]
    [DataRow(true, "line\r\n")]
    [DataRow(false, "<style>a{}</style>\n")]
    public async Task With_a_piece_in_the_customers_header_that_leaves_as_it_came(bool enhanced, string own)
    {
        Open(enhanced);
        Component(7, "contentsnippet", "Head/Bottom", ("value", own));
        await DoAsync("deploy");
        CollectionAssert.AreEqual(new[] { own + "\n" + Piece }, Headers());

        Settings["portals"]![0]!["signInUrl"] = "/SignIn?a=1&b=2";
        await DoAsync("deploy");
        CollectionAssert.AreEqual(
            new[]
            {
                own + "\n" + Piece.Replace(
                    "></script>", " data-sign-in-url=\"/SignIn?a=1&amp;b=2\"></script>", StringComparison.Ordinal),
            }, Headers());
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEqual(new[] { own }, Headers());
    }

    [TestMethod]
    public async Task Whose_header_of_our_own_was_added_to_since()
    {
        Open(enhanced: true);
        await DoAsync("deploy");
        Row snippet = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == "Head/Bottom");
        Organization.ChangeRow("powerpagecomponent", snippet.Id,
            ("content", new JsonObject { ["value"] = Piece + "<style></style>" }.ToJsonString()));
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEqual(new[] { "<style></style>" }, Headers());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task With_the_identity_function_of_LivePerson_where_Live_Assist_asks_for_it(bool enhanced)
    {
        Open(enhanced);
        string[] before = Components();
        await DoAsync("deploy");
        Settings["liveAssist"] =
            new JsonObject { ["key"] = "line", ["issuer"] = "a\"b{ c", ["identity"] = true };
        CommandRun run = await DoAsync("deploy");
        StringAssert.Contains(run.Error, "create the web file chatauth-identity.js of the site Contoso");
        portal!.Restart();
        Assert.AreEqual(
            await File.ReadAllTextAsync(RepositoryRoot.File("Solution/portal/chatauth-identity.js")),
            await ShownAsync("chatauth-identity.js"));
        string tag = "<script src=\"/chatauth-identity.js\" data-liveperson-issuer=\"a&quot;b&#123; c\"></script>";
        CollectionAssert.AreEqual(
            new[] { Piece.Replace("<!-- /", tag + "<!-- /", StringComparison.Ordinal) }, Headers());

        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        Settings["liveAssist"]!["identity"] = false;
        await DoAsync("deploy");
        CollectionAssert.AreEqual(new[] { Piece }, Headers());
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(before, Components());
    }

    [TestMethod]
    [DataRow("<script src=\"/chatauth.js?v=1\" data-token-url=\"/x\"></script>")]
    public async Task Whose_pages_load_the_script_already(string own)
    {
        Open(enhanced: true);
        Component(7, "contentsnippet", "Head/Bottom", ("value", own));
        await DoAsync("deploy");
        CollectionAssert.AreEqual(new[] { own }, Headers());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task In_each_language(bool enhanced)
    {
        Open(enhanced);
        string language = enhanced ? "powerpagesitelanguage" : "adx_websitelanguage";
        Guid[] languages = [.. Enumerable.Range(1, 2).Select(number => Organization.AddRow(
            language, Guid.NewGuid(), (enhanced ? "name" : "adx_name", $"language {number}"), (
                enhanced ? "powerpagesiteid" : "adx_websiteid",
                new EntityReference(enhanced ? "powerpagesite" : "adx_website", site))).Id)];
        Guid home = Organization.Rows.Now.All(enhanced ? "powerpagecomponent" : "adx_webpage")
            .Single(row => row.Text(enhanced ? "name" : "adx_name") == "Home").Id;
        foreach (Guid each in languages)
        {
            Guid content = Component(2, "webpage", "Content", ("partialurl", "/"), ("isroot", false));
            Organization.ChangeRow(
                enhanced ? "powerpagecomponent" : "adx_webpage",
                content,
                enhanced
                    ? ("content",
                        new JsonObject { ["isroot"] = false, ["rootwebpageid"] = home.ToString() }.ToJsonString())
                    : ("adx_rootwebpageid", new EntityReference("adx_webpage", home)),
                (enhanced ? "powerpagesitelanguageid" : "adx_webpagelanguageid", new EntityReference(language, each)));
        }

        await DoAsync("deploy");
        CollectionAssert.AreEquivalent(
            languages,
            Organization.Rows.Now.All(enhanced ? "powerpagecomponent" : "adx_contentsnippet")
                .Where(row => row.Text(enhanced ? "name" : "adx_name") == "Head/Bottom")
                .Select(row => row.Reference(enhanced ? "powerpagesitelanguageid" : "adx_contentsnippetlanguageid"))
                .ToArray());
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task With_what_was_made_by_hand_if_it_is_the_same()
    {
        Open(enhanced: true);
        PutFile(Component(35, "serverlogic", "chatauth-token"), "x.sl", ServerLogic);
        PutFile(
            Component(3, "webfile", "mine", ("partialurl", "chatauth.js"), ("parentpageid", Home())), "x.txt", Script);
        Component(9, "sitesetting", "serverlogic/enabled", ("value", "True"));
        Settings["portals"]![0]!["headerSnippet"] = false;
        string[] before = Components();
        await DoAsync("deploy");
        CollectionAssert.AreEquivalent(before, Components());
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(before, Components());
    }

    [TestMethod]
    public async Task To_authenticated_visitors_alone_whatever_was_changed()
    {
        Open(enhanced: false);
        await DoAsync("deploy");
        Guid everyone = Component(11, "webrole", "Anonymous Users", ("anonymoususersrole", true));
        Guid logic = Organization.Rows.Now.All("adx_serverlogic").Single().Id;
        Organization.Rows.Change(
            draft => draft.Put("adx_serverlogic_adx_webrole", Guid.NewGuid(), ("adx_serverlogicid", logic),
                ("adx_webroleid", everyone)));
        await DoAsync("deploy");
        Assert.AreNotEqual(
            everyone, Organization.Rows.Now.All("adx_serverlogic_adx_webrole").Single().Reference("adx_webroleid"));
    }

    [TestMethod]
    public async Task Of_the_standard_model_by_columns_that_carry_its_prefix()
    {
        Open(enhanced: false);
        List<string> requests = [];
        Network.Before = async request =>
        {
            if (request.Method != HttpMethod.Get && request.RequestUri!.AbsolutePath.Contains("adx_serverlogics"))
            {
                requests.Add(request.RequestUri.AbsolutePath.Split('/')[^1]);
                requests.AddRange(request.Content!.Headers.ContentType?.MediaType != "application/json" ? []
                    : JsonNode.Parse(await request.Content.ReadAsStringAsync())!.AsObject().Select(each => each.Key));
            }

            return null;
        };
        await RunAsync("deploy");
        CollectionAssert.AreEqual(
            new[]
            {
                "adx_serverlogics", "adx_serverlogicid", "adx_name", "adx_websiteid@odata.bind", "$ref", "@odata.id",
                "adx_filecontent",
            }, requests);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task By_rows_that_carry_what_every_exported_one_does(bool enhanced)
    {
        Open(enhanced);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        Network.Before = async request => request.RequestUri!.Host == "contosohelp.com"
            ? await visitor!.SendAsync(request, CancellationToken.None)
            : null;
        await DoAsync("deploy");
        foreach ((string kind, string[] columns) in new Dictionary<string, string[]>
        {
            ["webpage"] = ["enablerating", "enabletracking", "sharedpageconfiguration"],
            ["pagetemplate"] = ["isdefault"],
            ["webfile"] = ["enabletracking"],
        })
        {
            SiteComponent[] made =
                [.. SiteComponent.Read(Organization.Rows.Now, site, kind).Where(each => each.Id.Version == 8)];
            Assert.IsNotEmpty(made, kind);
            Assert.IsTrue(made.All(each => columns.All(column => each.Flag(column) == false)), kind);
        }
    }

    [TestMethod]
    [DataRow("CHATAUTH5601", true)]
    [DataRow("CHATAUTH5602", true)]
    [DataRow("CHATAUTH5602", false)]
    [DataRow("CHATAUTH5603", true)]
    [DataRow("CHATAUTH5604", false)]
    [DataRow("CHATAUTH5605", true)]
    [DataRow("CHATAUTH5607", false)]
    [DataRow("CHATAUTH5012", true)]
    public async Task Unless_something_stands_in_the_way_and_then_nothing_is_written(string code, bool enhanced)
    {
        Open(enhanced);
        switch (code)
        {
            case "CHATAUTH5601":
                Guid role = Organization.Rows.Now.All("powerpagecomponent")
                    .Single(row => row.Number("powerpagecomponenttype") == 11).Id;
                Organization.ChangeRow("powerpagecomponent", role, ("content", """{"authenticatedusersrole":false}"""));
                break;
            case "CHATAUTH5602" when enhanced:
                PutFile(Component(35, "serverlogic", "chatauth-token"), "x.sl", ServerLogic + "// changed");
                break;
            case "CHATAUTH5602":
                Component(3, "webfile", "mine", ("partialurl", "ChatAuth.js"), ("parentpageid", Home()));
                break;
            case "CHATAUTH5603":
                Component(
                    7, "contentsnippet", "Head/Bottom", ("value",
                        Piece.Replace("></script>", " data-register=\"sdk\"></script>", StringComparison.Ordinal)));
                break;
            case "CHATAUTH5604":
                Component(9, "sitesetting", "ServerLogic/Enabled", ("value", "false"));
                break;
            case "CHATAUTH5605":
                Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe;JS"));
                break;
            case "CHATAUTH5607":
                Component(7, "contentsnippet", "Head/Bottom", ("value", "a"));
                Component(7, "contentsnippet", "Head/Bottom", ("value", "b"));
                break;
            default:
                Settings["portals"]![0]!["site"] = "Fabrikam";
                break;
        }

        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(code, run.Codes, run.Error);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow("ServerLogic/Enabled", "site setting ServerLogic/Enabled")]
    [DataRow("chatauth-token", "server logic chatauth-token")]
    [DataRow("chatauth.js", "web file chatauth.js")]
    [DataRow("Head/Bottom", "content snippet Head/Bottom")]
    public async Task Not_while_somebody_has_deactivated_what_it_made(string name, string part)
    {
        Open(enhanced: true);
        await DoAsync("deploy");
        Row row = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == name);
        Organization.ChangeRow("powerpagecomponent", row.Id, ("statecode", new OptionSetValue(1)));
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5602", run.Codes, run.Error);
        StringAssert.Contains(
            run.Error,
            $"The {part} of the site contosohelp.com was deactivated (row {row.Id}). Undo that or delete it");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Nor_over_a_snippet_that_cannot_be_read(bool own)
    {
        Open(enhanced: true);
        if (own)
        {
            await DoAsync("deploy");
        }
        else
        {
            Component(7, "contentsnippet", "Head/Bottom", ("value", "<style></style>"));
        }

        Guid id = Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == "Head/Bottom").Id;
        const string Content = """{"value":"<style>\ud83d</style>"}""";
        Organization.ChangeRow("powerpagecomponent", id, ("content", Content));
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5602", run.Codes, run.Error);
        StringAssert.Contains(run.Error, "holds what cannot be read, and is not overwritten");
        Assert.IsEmpty(Network.Writes);
        await RunAsync("uninstall", "--yes");
        Assert.AreEqual(Content, Organization.Rows.Now.Get("powerpagecomponent", id).Text("content"));
    }

    [TestMethod]
    public async Task After_a_plan_that_writes_nothing()
    {
        Open(enhanced: true);
        CommandRun run = await DoAsync("deploy", "--dry-run");
        Assert.IsEmpty(Network.Writes);
        Assert.StartsWith("is:   server logic chatauth-token of the site Contoso not there\n", run.Out);
        StringAssert.Contains(run.Out, "will: create the web file chatauth.js of the site Contoso\n");
    }

    private void Open(bool enhanced)
    {
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", enhanced);
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        portal = new PortalSite(Organization, site);
        visitor = new HttpMessageInvoker(portal, disposeHandler: false);
    }

    private Guid Component(int type, string kind, string name, params (string Column, object Value)[] columns) =>
        EmptySite.Add(Organization, site, type, kind, name, columns);

    private Guid Home() => Organization.Rows.Now.Tables.Where(
        table => table.Key is "powerpagecomponent" or "adx_webpage").SelectMany(table => table.Value.Values)
        .Single(row => (row.Text("name") ?? row.Text("adx_name")) == "Home").Id;

    private void PutFile(Guid component, string name, string text)
    {
        Table table = Schema.Known.Table("powerpagecomponent");
        Organization.Operations.Upload(
            Organization.Administrator, table, component, table.Column("filecontent"), Encoding.UTF8.GetBytes(text),
            name);
    }

    private string[] Headers() => [
        .. SiteComponent.Read(Organization.Rows.Now, site, "contentsnippet").Where(
            snippet => snippet.Name == "Head/Bottom").Select(snippet => snippet["value"]!),
    ];

    private async Task<string> ShownAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://contosohelp.com/" + path);
        using HttpResponseMessage response = await visitor!.SendAsync(request, CancellationToken.None);
        return await response.Content.ReadAsStringAsync();
    }

    private string[] Components() => [.. Organization.Rows.Now.Tables
        .Where(
            table => table.Key.StartsWith("adx_", StringComparison.Ordinal) || table.Key.StartsWith(
                "powerpage", StringComparison.Ordinal) || table.Key == "annotation")
        .SelectMany(table => table.Value.Values.Select(row => table.Key + " " + row.Id))];
}
