using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.LocalPortal.ServerLogic;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>ChatAuthPortal_managed.zip, in the environment that its site was promoted to.</summary>
[TestClass]
public sealed class A_site_comes_by_solution : EnvironmentUnderTest, IDisposable
{
    private Guid site;
    private PortalSite? portal;
    private HttpMessageInvoker? visitor;

    public void Dispose()
    {
        visitor?.Dispose();
        portal?.Dispose();
    }

    [TestMethod]
    public async Task And_serves_tokens_and_keys_from_what_the_zip_carried()
    {
        LocalUser client = Open();
        byte[] zip = await PackAsync();
        await ImportAsync(zip);
        string[] carried = Components();
        Assert.AreEqual(Component("chatauth.js"), await ShownAsync("chatauth.js"));
        Assert.AreEqual(string.Empty, await ShownAsync("auth/publickey"));

        // Keys from deploy: one site setting, and nothing else of the site.
        await DoAsync("deploy");
        Assert.AreEqual(
            1, Network.Writes.Count(write => write.EndsWith("powerpagecomponents", StringComparison.Ordinal)));
        Assert.AreEqual("ChatAuth/PublicKeys", Components().Except(carried).Single().Split(' ')[0]);
        await ServesAsync(client);
        Assert.AreEqual(AuthenticationRow.OwnId, Organization.Rows.Now.All("msdyn_authenticationsettings").Single().Id);

        // An upgrade leaves the keys, a removal takes away what deploy added.
        await ImportAsync(zip);
        await ServesAsync(client);
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(carried, Components());
        await DoAsync("uninstall", "--yes");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task And_is_bound_by_deploy_where_the_zip_is_not(bool hasLanguage)
    {
        LocalUser client = Open();
        if (hasLanguage)
        {
            Guid home = SiteComponent.Read(Organization.Rows.Now, site, "webpage").Single().Id;
            Guid language = Organization.AddRow("powerpagesitelanguage", Guid.NewGuid(), ("name", "English"),
                ("powerpagesiteid", new EntityReference("powerpagesite", site))).Id;
            Guid content = EmptySite.Add(
                Organization, site, 2, "webpage", "Home", ("partialurl", "/"), ("isroot", false),
                ("rootwebpageid", home));
            Organization.ChangeRow("powerpagecomponent", content,
                ("powerpagesitelanguageid", new EntityReference("powerpagesitelanguage", language)));
        }

        byte[] zip = await PackAsync(
            RunAsync(["pack", "--site-id", site.ToString("D"), "--portal-url", "https://contosohelp.com"]));
        await ImportAsync(zip);
        string[] carried = Components();
        StringAssert.Contains(await ShownAsync("auth/publickey"), "Page Not Found");
        Assert.IsNull(portal!.ServerLogic("chatauth-token", isSignedIn: true));

        await DoAsync("deploy");
        string[] added = [.. Components().Except(carried).Select(name => name[..^37]).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(
            hasLanguage ? ["ChatAuth auth", "ChatAuth publickey", "ChatAuth/PublicKeys", "Head/Bottom"]
                : new[] { "ChatAuth/PublicKeys" }, added);
        portal.Restart();
        await ServesAsync(client);

        // What deploy set lies over what the zip carries, and an upgrade passes below it.
        await ImportAsync(zip);
        await ServesAsync(client);
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        await DoAsync("uninstall", "--yes");
        CollectionAssert.AreEquivalent(carried, Components());
    }

    [TestMethod]
    [DataRow("no site", "Some dependencies are missing")]
    [DataRow("js blocked", "not a valid type")]
    [DataRow("no keys", "does not answer with a public key")]
    public async Task And_is_refused_as_a_whole(string why, string message)
    {
        Open();
        byte[] zip = await PackAsync();
        switch (why)
        {
            case "no site":
                Organization.Rows.Change(draft =>
                {
                    draft.Remove("powerpagesite", site);
                    return true;
                });
                break;
            case "js blocked":
                Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", BlockedFiles.Usual));
                break;
            default:
                Organization.PublicKeyUrlAnswers = _ => false;
                break;
        }

        string[] before = Components();
        CommandException refused = await Assert.ThrowsExactlyAsync<CommandException>(() => ImportAsync(zip));
        Assert.AreEqual("CHATAUTH5003", refused.Errors.Single().Code);
        StringAssert.Contains(refused.Errors.Single().Text, message);
        CollectionAssert.AreEquivalent(before, Components());
        if (why == "no keys")
        {
            await ImportAsync(await PackAsync(RunPackAsync("--authentication-data")));
        }
    }

    [TestMethod]
    public async Task Without_a_header_snippet_where_it_has_one_of_its_own()
    {
        Open();
        EmptySite.Add(Organization, site, 7, "contentsnippet", "Head/Bottom", ("value", "mine"));
        await ImportAsync(await PackAsync());
        Assert.AreEqual("mine", SiteComponent.Read(Organization.Rows.Now, site, "contentsnippet").Single()["value"]);
    }

    [TestMethod]
    public async Task Unless_it_is_in_the_standard_data_model()
    {
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", isEnhanced: false);
        Assert.AreEqual("CHATAUTH4166", (await RunPackAsync()).Codes);
    }

    private LocalUser Open()
    {
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com");
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        LocalUser client = Organization.AddPortalsClient("site", Guid.NewGuid(), "prvReadContact", "prvReadAccount");
        Settings["callers"]![client.ApplicationId!.Value.ToString("D")] = new JsonObject { ["contact"] = "parameter" };
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        portal = new PortalSite(Organization, site);
        visitor = new HttpMessageInvoker(portal, disposeHandler: false);
        Network.Before = async request => request.RequestUri!.Host == "contosohelp.com" ? await visitor.SendAsync(
            request, CancellationToken.None) : null;
        return client;
    }

    // Keys, script and tokens, as visitors get them; none for who is not signed in.
    private async Task ServesAsync(LocalUser client)
    {
        Assert.AreEqual(await File.ReadAllTextAsync(KeyFilePath), await ShownAsync("auth/publickey"));
        Assert.AreEqual(Component("chatauth.js"), await ShownAsync("chatauth.js"));
        await VerifyAsync(Ask(client, Guid.Parse(Bert))["token"]!.GetValue<string>());
        Assert.AreEqual(401, Ask(client, null)["status"]!.GetValue<int>());
        Assert.IsNull(portal!.ServerLogic("chatauth-token", isSignedIn: false));
    }

    private Task<CommandRun> RunPackAsync(params string[] options) => RunAsync(
        [
            "pack", "--site-id", site.ToString("D"), "--portal-url", "https://contosohelp.com", "--url",
            Url.AbsoluteUri, .. options.Length == 0 ? ["--with-authentication-settings"] : options,
        ]);

    private Task<CommandRun> RunAsync(IEnumerable<string> command) => CommandRun.OfAsync(
        [.. command, "--out", Folder.File("drop")],
        clock: Clock,
        environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : null);

    private Task<byte[]> PackAsync() => PackAsync(RunPackAsync());

    private async Task<byte[]> PackAsync(Task<CommandRun> packing)
    {
        CommandRun run = await packing;
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return await File.ReadAllBytesAsync(Folder.File("drop/ChatAuthPortal_managed.zip"));
    }

    private async Task ImportAsync(byte[] zip)
    {
        using WebApi dataverse = new(Url, Deployer.Token, Clock);
        await SolutionImport.RunAsync(
            dataverse, zip, Clock, new Waiting(_ => { }, text => text, Clock, null), TimeSpan.Zero,
                CancellationToken.None);
        portal?.Restart();
    }

    // The text that the site would run, run.
    private JsonObject Ask(LocalUser client, Guid? contact)
    {
        using HttpClient dataverse = new() { BaseAddress = Url };
        dataverse.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", client.Token);
        string answer =
            new ServerLogicFile("chatauth-token", portal!.ServerLogic("chatauth-token", isSignedIn: true)!).Run(
            new ServerLogicSite(dataverse, _ => null, (_, _) => { }),
            new ServerLogicRequest(
                Guid.NewGuid(), "POST", new Uri("https://contosohelp.com/_api/serverlogics/chatauth-token"),
                string.Empty, new Dictionary<string, string>(), new Dictionary<string, string>(), contact));
        return JsonNode.Parse(answer)!.AsObject();
    }

    private async Task VerifyAsync(string token)
    {
        CommandRun run = await CommandRun.OfAsync(["token", "verify", token, "--key", KeyFilePath], clock: Clock);
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    private string Component(string name) =>
        System.Text.Encoding.UTF8.GetString(
            Convert.FromBase64String(
                Organization.Rows.Now.All("powerpagecomponent").Single(row => row.Text("name") == name).Text(
                    "filecontent")!));

    private async Task<string> ShownAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://contosohelp.com/" + path);
        using HttpResponseMessage response = await visitor!.SendAsync(request, CancellationToken.None);
        return await response.Content.ReadAsStringAsync();
    }

    private string[] Components() =>
        [.. Organization.Rows.Now.All("powerpagecomponent").Select(row => $"{row.Text("name")} {row.Id}")];
}
