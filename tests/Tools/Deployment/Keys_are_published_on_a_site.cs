using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.Plugins.Jose;
using ChatAuth.Publishing;
using ChatAuth.Settings;
using ChatAuth.Sites;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Keys_are_published_on_a_site : EnvironmentUnderTest, IDisposable
{
    private static readonly Guid SiteId = Guid.NewGuid();

    private PortalSite? portal;
    private HttpMessageInvoker? visitor;

    public void Dispose()
    {
        visitor?.Dispose();
        portal?.Dispose();
    }

    [TestMethod]
    [DataRow(true, "Contoso")]
    [DataRow(true, null)]
    [DataRow(false, "Contoso")]
    [DataRow(false, null)]
    public async Task Through_a_life_of_keys_and_nothing_is_left_behind(bool enhanced, string? name)
    {
        Open(enhanced);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = name ?? SiteId.ToString("D") });
        string[] before = Components();
        portal!.Visit();

        DateTimeOffset start = Clock.GetUtcNow();
        await DoAsync("deploy");
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromMinutes(15), Clock.GetUtcNow() - start);
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        string first = await IssueVerifiedAsync();
        Assert.AreEqual(await File.ReadAllTextAsync(KeyFilePath), await ShownAsync());

        await DoAsync("rotate");
        Clock.Move(TimeSpan.FromHours(24));
        Assert.AreNotEqual(first, await IssueVerifiedAsync());
        await DoAsync("revoke", first);
        Assert.DoesNotContain(first, await ShownAsync());

        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(before, Components());
        await DoAsync("uninstall", "--yes");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow(true, "page", "/auth/publickey", "/auth/jwks")]
    [DataRow(false, "page", "/auth/publickey", "/auth/jwks")]
    [DataRow(true, "page", "/auth/jwks", "/auth/publickey")]
    [DataRow(true, "page", "/keys/set", "/other/jwks")]
    [DataRow(true, "webfile", "/publickey.json", "/jwks.json")]
    [DataRow(true, "webfile", "/a.json", "/b.json")]
    public async Task As_a_JWK_set_beside_a_key_set(bool enhanced, string kind, string one, string other)
    {
        Open(enhanced);
        Settings["publish"] = new JsonArray(
            new JsonObject { [kind] = "Contoso", ["url"] = "https://contosohelp.com" + one },
            new JsonObject { [kind] = "Contoso", ["url"] = "https://contosohelp.com" + other, ["format"] = "jwks" });
        string[] before = Components();
        await DoAsync("deploy");
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        string kid = StoredKeys()[0]!["kid"]!.GetValue<string>();
        Assert.AreEqual(kid, JsonNode.Parse(await ShownAsync(one[1..]))![0]!["kid"]!.GetValue<string>());
        Assert.AreEqual(kid, JsonNode.Parse(await ShownAsync(other[1..]))!["keys"]![0]!["kid"]!.GetValue<string>());
        await DoAsync("rotate");
        Assert.HasCount(2, JsonNode.Parse(await ShownAsync(one[1..]))!.AsArray());
        Assert.HasCount(2, JsonNode.Parse(await ShownAsync(other[1..]))!["keys"]!.AsArray());
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(before, Components());
    }

    [TestMethod]
    [DataRow(true, "powerpagecomponents", "8", "web template")]
    [DataRow(true, "powerpagecomponents", "6", "page template")]
    [DataRow(false, "adx_webtemplates", null, "web template")]
    [DataRow(false, "adx_pagetemplates", null, "page template")]
    public async Task Unless_the_platform_refuses_the_templates_of_the_page(
        bool enhanced, string set, string? type, string named)
    {
        Open(enhanced);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        Func<HttpRequestMessage, Task<HttpResponseMessage?>> before = Network.Before!;
        Network.Before = async request =>
            request.Method == HttpMethod.Post
            && request.RequestUri!.AbsolutePath.EndsWith(set, StringComparison.Ordinal)
            && (type == null || JsonNode.Parse(await request.Content!.ReadAsStringAsync())!
                ["powerpagecomponenttype"]!.ToString() == type)
                ? new HttpResponseMessage(System.Net.HttpStatusCode.BadRequest)
                {
                    Content = new StringContent("""{"error":{"code":"0x80040203","message":"Not this one."}}"""),
                }
                : await before(request);
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5610", run.Codes);
        StringAssert.Contains(run.Error, $"The site takes no {named} as");
        StringAssert.Contains(run.Error, "Publish with \"webfile\"");
        Assert.AreEqual(253402300799, StoredKeys()[0]!["nbf"]!.GetValue<long>(), "nothing signs");
    }

    [TestMethod]
    public async Task As_a_file_of_a_code_site()
    {
        Open(enhanced: true);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["webfile"] = "Contoso" });
        string[] before = Components();
        await DoAsync("deploy");
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        string first = await IssueVerifiedAsync();
        Assert.AreEqual(await File.ReadAllTextAsync(KeyFilePath), await ShownAsync("publickey.json"));
        Assert.AreEqual("CHATAUTH5202", (await RunAsync("rotate", "--lead", "119m")).Codes);

        await DoAsync("rotate", "--lead", "2h");
        Clock.Move(TimeSpan.FromHours(2));
        Assert.AreNotEqual(first, await IssueVerifiedAsync());
        await DoAsync("revoke", first);
        Assert.DoesNotContain(first, await ShownAsync("publickey.json"));
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(before, Components());
    }

    [TestMethod]
    public async Task As_a_file_that_a_killed_run_left_empty()
    {
        Guid home = Open(enhanced: true);
        Settings["publish"]!.AsArray()
            .Add(new JsonObject { ["webfile"] = "Contoso", ["url"] = "https://contosohelp.com/keys.json" });
        await DoAsync("deploy");
        Guid file =
            Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Number("powerpagecomponenttype") == 3).Id;
        Organization.Rows.Change(draft =>
        {
            draft.Remove("powerpagecomponent", file);
            return file;
        });
        Organization.AddRow("powerpagecomponent", file, ("name", "keys.json"), ("powerpagecomponenttype", 3),
            ("powerpagesiteid", new EntityReference("powerpagesite", SiteId)),
            ("content", $$"""{"partialurl":"keys.json","parentpageid":"{{home}}"}"""));
        await DoAsync("deploy");
        Assert.AreEqual(await File.ReadAllTextAsync(KeyFilePath), await ShownAsync("keys.json"));
    }

    [TestMethod]
    public async Task But_not_over_a_file_of_somebody_else()
    {
        Guid home = Open(enhanced: true);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["webfile"] = "Contoso" });
        Organization.AddRow("powerpagecomponent", Guid.NewGuid(), ("name", "mine"), ("powerpagecomponenttype", 3),
            ("powerpagesiteid", new EntityReference("powerpagesite", SiteId)),
            ("content", $$"""{"partialurl":"PublicKey.json","parentpageid":"{{home}}"}"""));
        Assert.AreEqual("CHATAUTH5205", (await RunAsync("deploy")).Codes);
    }

    [TestMethod]
    [DataRow(true, "https://contosohelp.com/auth/keys.json")]
    [DataRow(false, null)]
    public async Task But_not_as_a_file_below_a_page_or_of_a_site_in_the_standard_model(bool enhanced, string? address)
    {
        Open(enhanced);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["webfile"] = "Contoso", ["url"] = address });
        Assert.AreEqual("CHATAUTH5104", (await RunAsync("deploy")).Codes);
    }

    [TestMethod]
    public async Task With_a_content_page_for_each_language_of_the_home_page()
    {
        Guid home = Open(enhanced: true);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        Guid language = Organization.AddRow("powerpagesitelanguage", Guid.NewGuid(), ("name", "English"),
            ("powerpagesiteid", new EntityReference("powerpagesite", SiteId))).Id;
        Organization.AddRow("powerpagecomponent", Guid.NewGuid(), ("name", "Home"), ("powerpagecomponenttype", 2),
            ("powerpagesiteid", new EntityReference("powerpagesite", SiteId)),
            ("powerpagesitelanguageid", new EntityReference("powerpagesitelanguage", language)),
            ("content", $$"""{"partialurl":"/","isroot":false,"rootwebpageid":"{{home}}"}"""));
        await DoAsync("deploy");
        Assert.HasCount(
            3, Organization.Rows.Now.All(
                "powerpagecomponent").Where(row => row.Reference("powerpagesitelanguageid") == language).ToArray());
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task But_not_while_the_site_is_private()
    {
        Open(enhanced: true);
        portal!.IsPrivate = true;
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5201", run.Codes);
        StringAssert.Contains(run.Error, "answered with a web page");
        await Assert.ThrowsExactlyAsync<CommandException>(IssueAsync);
    }

    [TestMethod]
    public async Task With_a_lead_longer_than_its_caches_unless_forced()
    {
        Open(enhanced: true);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        await DoAsync("deploy");
        Assert.AreEqual("CHATAUTH5202", (await RunAsync("rotate", "--lead", "29m")).Codes);
        Assert.IsEmpty(Network.Writes);
        await DoAsync("rotate", "--lead", "30m");
    }

    [TestMethod]
    [DataRow("page")]
    [DataRow("webfile")]
    public async Task And_taken_from_it_when_it_is_no_target_any_more(string kind)
    {
        Open(enhanced: true);
        Settings["publish"]!.AsArray().Add(new JsonObject { [kind] = "Contoso" });
        await DoAsync("deploy");
        string text = await File.ReadAllTextAsync(KeyFilePath);
        Assert.IsTrue(Organization.Rows.Now.All("powerpagecomponent").Any(row => HeldBy(row) == text));
        Settings["publish"]!.AsArray().RemoveAt(Settings["publish"]!.AsArray().Count - 1);

        await DoAsync("deploy");

        Assert.IsFalse(Organization.Rows.Now.All("powerpagecomponent").Any(row => HeldBy(row) == text));
        Clock.Move(TimeSpan.FromHours(1));
        await DoAsync("deploy");
        Row keys = Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Single();
        Assert.DoesNotContain("contosohelp.com", keys.Text("secureconfig")!);
    }

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(false, false)]
    public async Task Without_what_0_1_0_made_for_a_page_with_an_address_of_its_own(bool enhanced, bool isDeployed)
    {
        // 0.1.0 gave every page the plain setting and templates; its ids and names are this version's usual ones.
        Open(enhanced);
        string[] before = Components();
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        await DoAsync("deploy");
        string[] plain = [.. Components().Except(before)];
        Settings["publish"]![1]!["url"] = "https://contosohelp.com/keys/set";
        await DoAsync("deploy");
        MakeOld(enhanced);
        if (isDeployed)
        {
            await DoAsync("deploy");
            Assert.IsEmpty(Components().Intersect(plain).ToArray());
            await DoAsync("deploy");
            Assert.IsEmpty(Network.Writes);
            Assert.AreEqual(await File.ReadAllTextAsync(KeyFilePath), await ShownAsync("keys/set"));
        }

        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(before, Components());
    }

    [TestMethod]
    [DataRow("page", true, false)]
    [DataRow("page", false, false)]
    [DataRow("webfile", true, true)]
    public async Task With_private_parts_that_only_the_revocation_of_their_key_overwrites(
        string kind, bool enhanced, bool isPem)
    {
        Open(enhanced);
        Settings["publish"]!.AsArray().Add(new JsonObject { [kind] = "Contoso" });
        await DoAsync("deploy");
        string exposed = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "2h");
        Clock.Move(TimeSpan.FromHours(2));
        Row held = Organization.Rows.Now.All(enhanced ? "powerpagecomponent" : "adx_sitesetting")
            .Single(row => (enhanced ? HeldBy(row) : row.Text("adx_value")) == File.ReadAllText(KeyFilePath));
        KeyFile keys = KeyFile.Parse(
            Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Single().Text("secureconfig"));
        string secret = isPem ? PemOf(keys.Keys[0])
            : new JsonObject { ["keys"] = new JsonArray(StoredKeys()[0]!.DeepClone()) }.ToJsonString();
        Put(held, secret);
        string shown = kind == "page" ? "auth/publickey" : "publickey.json";

        string[][] commands = [["deploy"], ["rotate"], ["revoke", keys.Keys[1].KeyId, "--force"]];
        foreach (string[] command in commands)
        {
            CommandRun refused = await RunAsync(command);
            StringAssert.Contains(refused.Error, "CHATAUTH5209", command[0]);
            StringAssert.Contains(refused.Error, isPem ? "a private key in PEM" : exposed, command[0]);
            Assert.AreEqual(secret, await ShownAsync(shown), command[0]);
        }

        StringAssert.Contains((await RunAsync("doctor")).Out, "CHATAUTH5480");
        await DoAsync("revoke", exposed, "--force");
        Assert.AreEqual("[]", (await ShownAsync(shown)).TrimEnd());
        await DoAsync("deploy");
        Assert.AreNotEqual(exposed, await IssueVerifiedAsync());
    }

    // The page shows by the plain templates, and they by the plain setting; no other page is there.
    private void MakeOld(bool enhanced)
    {
        string components = enhanced ? "powerpagecomponent" : "adx_webpage";
        string name = enhanced ? "name" : "adx_name";
        string[] tables = enhanced ? [components]
            : ["adx_webpage", "adx_pagetemplate", "adx_webtemplate", "adx_sitesetting"];
        Row template = Organization.Rows.Now.All(enhanced ? components : "adx_pagetemplate")
            .Single(row => row.Text(name) == "ChatAuth public keys" && (!enhanced
                || row.Number("powerpagecomponenttype") == 6));
        foreach (Row page in Organization.Rows.Now.All(components).Where(
            row => row.Text(name) is "ChatAuth keys" or "ChatAuth set"))
        {
            JsonObject columns = JsonNode.Parse(page.Text("content") ?? "{}")!.AsObject();
            columns["pagetemplateid"] = template.Id.ToString("D");
            Organization.ChangeRow(components, page.Id, enhanced ? ("content", columns.ToJsonString())
                : ("adx_pagetemplateid", new EntityReference("adx_pagetemplate", template.Id)));
        }

        Organization.Rows.Change(draft =>
        {
            foreach (string table in tables)
            {
                draft.RemoveAll(table, row => row.Text(name) is "ChatAuth auth" or "ChatAuth publickey"
                    || row.Text(name)!.EndsWith("/keys/set", StringComparison.Ordinal));
            }

            return template;
        });
    }

    [TestMethod]
    public async Task And_taken_from_one_of_two_sites_that_show_them_at_one_path()
    {
        Open(enhanced: true);
        using PortalSite second = new(Organization, EmptySite.AddTo(Organization, "Fabrikam", "fabrikam.com"));
        using HttpMessageInvoker other = new(second, disposeHandler: false);
        Func<HttpRequestMessage, Task<HttpResponseMessage?>> first = Network.Before!;
        Network.Before = async request => request.RequestUri!.Host == "fabrikam.com"
            ? await other.SendAsync(request, CancellationToken.None) : await first(request);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Fabrikam" });
        await DoAsync("deploy");
        string stolen = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "30m");
        Clock.Move(TimeSpan.FromMinutes(30));
        Settings["publish"]!.AsArray().RemoveAt(2);

        await RunAsync("revoke", stolen);
        Clock.Move(TimeSpan.FromHours(1));
        await DoAsync("revoke", stolen);

        string text = await File.ReadAllTextAsync(KeyFilePath);
        CollectionAssert.AreEquivalent(
            new[] { text, "[]\n" },
            Organization.Rows.Now.All("powerpagecomponent").Where(row => row.Text("name") == "ChatAuth/PublicKeys")
                .Select(HeldBy).ToArray());
        Assert.AreEqual(text, await ShownAsync());
    }

    [TestMethod]
    public async Task And_put_back_by_a_request_whose_sender_died_while_they_are_revoked()
    {
        Open(enhanced: true);
        Settings["publish"]!.AsArray().Add(new JsonObject { ["webfile"] = "Contoso" });
        await DoAsync("deploy");
        string stolen = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "2h");
        Clock.Move(TimeSpan.FromHours(2));
        string old = await ShownAsync("publickey.json");
        Row file = Organization.Rows.Now.All("powerpagecomponent").Single(row => HeldBy(row) == old);
        bool isPutBack = false;
        Func<HttpRequestMessage, Task<HttpResponseMessage?>> before = Network.Before!;
        Network.Before = async request =>
        {
            HttpResponseMessage? answer = await before(request);
            if (!isPutBack && request.RequestUri!.Host == "contosohelp.com"
                && !(await answer!.Content.ReadAsStringAsync()).Contains(stolen, StringComparison.Ordinal))
            {
                // Seen without the key; now an upload arrives that was on its way.
                isPutBack = true;
                Put(file, old);
            }

            return answer;
        };

        await DoAsync("revoke", stolen);

        Assert.IsTrue(isPutBack);
        portal!.Restart();
        Assert.DoesNotContain(stolen, await ShownAsync("publickey.json"));
    }

    private static string PemOf(Jwk key)
    {
        using RSA rsa = RSA.Create(key.Parts);
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    private void Put(Row row, string text)
    {
        if (row.Text("filecontent") != null)
        {
            Organization.ChangeRow("powerpagecomponent", row.Id,
                ("filecontent", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))));
        }
        else if (row.Text("content") is { } content)
        {
            JsonObject columns = JsonNode.Parse(content)!.AsObject();
            columns["value"] = text;
            Organization.ChangeRow("powerpagecomponent", row.Id, ("content", columns.ToJsonString()));
        }
        else
        {
            Organization.ChangeRow("adx_sitesetting", row.Id, ("adx_value", text));
        }
    }

    private static string? HeldBy(Row row) => row.Text("filecontent") is { } file
        ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(file))
        : JsonNode.Parse(row.Text("content") ?? "{}")!["value"]?.ToString();

    [TestMethod]
    public async Task But_not_more_of_them_than_a_setting_holds()
    {
        Open(enhanced: false);
        using WebApi dataverse = new(Url, Deployer.Token, Clock, Network);
        TargetSettings settings = new(TargetKind.Page, SiteId.ToString("D"), PublicKeyFormat.KeySet, null);
        PageTarget page = new(settings, dataverse, Network);
        HeldText held = await page.ReadAsync(CancellationToken.None);
        CommandException refused = await Assert.ThrowsExactlyAsync<CommandException>(
            () => page.WriteAsync(new string('k', 4001), held, CancellationToken.None));
        Assert.AreEqual("CHATAUTH5608", refused.Errors.Single().Code);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task That_is_not_there()
    {
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Fabrikam" });
        Assert.AreEqual("CHATAUTH5012", (await RunAsync("deploy")).Codes);
    }

    // A site with a home page and nothing else; returns the home page.
    private Guid Open(bool enhanced)
    {
        string model = enhanced ? "powerpagesite" : "adx_website";
        Organization.AddRow(model, SiteId, (enhanced ? "name" : "adx_name", "Contoso"),
            (enhanced ? "primarydomainname" : "adx_primarydomainname", "contosohelp.com"));
        EntityReference site = new(model, SiteId);
        Guid state = Guid.NewGuid();
        Guid home = Guid.NewGuid();
        if (enhanced)
        {
            Organization.AddRow(
                "powerpagecomponent", state, ("name", "Published"), ("powerpagecomponenttype", 1),
                ("content", """{"isvisible":true}"""), ("powerpagesiteid", site));
            Organization.AddRow(
                "powerpagecomponent", home, ("name", "Home"), ("powerpagecomponenttype", 2),
                ("content", $$"""{"partialurl":"/","isroot":true,"publishingstateid":"{{state}}"}"""),
                ("powerpagesiteid", site));
        }
        else
        {
            Organization.AddRow("adx_publishingstate", state, ("adx_name", "Published"), ("adx_isvisible", true),
                ("adx_websiteid", site));
            Organization.AddRow(
                "adx_webpage", home, ("adx_name", "Home"), ("adx_partialurl", "/"), ("adx_isroot", true),
                ("adx_publishingstateid", new EntityReference("adx_publishingstate", state)), ("adx_websiteid", site));
        }

        portal = new PortalSite(Organization, SiteId);
        visitor = new HttpMessageInvoker(portal, disposeHandler: false);
        Network.Before = async request => request.RequestUri!.Host == "contosohelp.com" ? await visitor.SendAsync(
            request, CancellationToken.None) : null;
        return home;
    }

    private async Task<string> ShownAsync(string path = "auth/publickey")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://contosohelp.com/" + path);
        using HttpResponseMessage response = await visitor!.SendAsync(request, CancellationToken.None);
        Assert.AreEqual("application/json", response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    private string[] Components() => [.. Organization.Rows.Now.Tables
        .Where(
            table => table.Key.StartsWith(
                "adx_", StringComparison.Ordinal) || table.Key.StartsWith("powerpage", StringComparison.Ordinal))
        .SelectMany(table => table.Value.Values.Select(row => table.Key + " " + row.Id))];
}
