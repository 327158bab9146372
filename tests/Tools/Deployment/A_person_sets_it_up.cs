using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.Settings;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Spectre.Console;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class A_person_sets_it_up : EnvironmentUnderTest
{
    private string shown = string.Empty;

    [TestMethod]
    public async Task For_a_site_of_Power_Pages()
    {
        Guid site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com");
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", "Help [beta]"));
        using PortalSite pages = new(Organization, site);
        using HttpMessageInvoker visitor = new(pages);
        Network.Before = async request => request.RequestUri!.Host == "contosohelp.com"
            ? await visitor.SendAsync(request, CancellationToken.None) : null;
        CommandRun run = await SetUpAsync("\r\r\r \ry\r");
        Assert.AreEqual(0, run.ExitCode, run.Error + shown);
        SettingsFile settings = SettingsFile.Read(Folder.File("new.json"), _ => null);
        Assert.AreEqual("Contoso", settings.Publish[0].Place);
        StringAssert.Contains(run.Out, "will: import the solution");
        StringAssert.Contains(run.Error, "done: enable the step of chatauth_IssueChatToken");
        Assert.IsNotEmpty(StoredKeys());
    }

    [TestMethod]
    [DataRow("Contoso", "CONTOSO")]
    [DataRow("$(Site)")]
    [DataRow("9f0c1f0e-0000-0000-0000-000000000001")]
    public async Task For_a_site_whose_name_does_not_say_which(params string[] names)
    {
        Guid[] sites = [.. names.Select(name => EmptySite.AddTo(Organization, name, "contosohelp.com"))];
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        CommandRun run = await SetUpAsync("\r\r\rn\r");
        Assert.AreEqual(0, run.ExitCode, run.Error + shown);
        SettingsFile settings = SettingsFile.Read(Folder.File("new.json"), _ => null);
        CollectionAssert.Contains(sites, Guid.Parse(settings.Publish[0].Place));
    }

    [TestMethod]
    public async Task For_a_portal_of_ones_own_up_to_the_published_keys()
    {
        CommandRun run = await SetUpAsync("\rhttps://help.contoso.com\r\ry\r");
        Assert.AreEqual(0, run.ExitCode, run.Error + shown);
        string text = await File.ReadAllTextAsync(Folder.File("new.json"));
        StringAssert.Contains(text, "\"issuer\": \"help.contoso.com\"");
        StringAssert.Contains(text, "{ \"portal\": \"https://help.contoso.com/auth/publickey\" }");
        StringAssert.Contains(text, $"\"{Portal.ApplicationId:D}\": {{ \"contact\": \"parameter\" }}");
        StringAssert.Contains(run.Out, "Start the portal (docs/portal.md), then run chatauth deploy.");
    }

    [TestMethod]
    public async Task And_may_think_better_of_it()
    {
        CommandRun run = await SetUpAsync("\rhttps://help.contoso.com\r\rn\r");
        Assert.AreEqual(0, run.ExitCode, run.Error + shown);
        Assert.IsEmpty(Network.Writes);
        Assert.IsTrue(File.Exists(Folder.File("new.json")));
        StringAssert.Contains(run.Out, "Nothing was changed.");
    }

    [TestMethod]
    public async Task And_is_asked_again_for_an_address_that_is_none()
    {
        CommandRun run = await SetUpAsync("\rhttp://help.contoso.com\rhttps://help.contoso.com\r\rn\r");
        Assert.AreEqual(0, run.ExitCode, run.Error + shown);
        StringAssert.Contains(shown, "Give an https URL");
    }

    [TestMethod]
    public async Task But_not_over_a_file_that_is_there()
    {
        await File.WriteAllTextAsync(Folder.File("new.json"), "mine");
        CommandRun run = await SetUpAsync(string.Empty);
        StringAssert.Contains(run.Error, "CHATAUTH4003");
        Assert.AreEqual("mine", await File.ReadAllTextAsync(Folder.File("new.json")));
    }

    [TestMethod]
    public async Task Nor_where_nobody_can_answer()
    {
        CommandRun run = await RunAsync("setup");
        Assert.AreEqual("CHATAUTH5033", run.Codes, run.Error);
    }

    private async Task<CommandRun> SetUpAsync(string keys)
    {
        using StringWriter screen = new();
        IAnsiConsole terminal = ScriptedTerminal.Of(screen, keys);
        Network.Forget();
        CommandRun run = await CommandRun.OfAsync(
            ["setup", "--settings", Folder.File("new.json"), "--url", Url.AbsoluteUri],
            clock: Clock,
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : null,
            network: Network,
            terminal: terminal);
        shown = screen.ToString();
        return run;
    }
}
