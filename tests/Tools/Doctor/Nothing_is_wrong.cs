using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class Nothing_is_wrong : SoundEnvironment
{
    [TestMethod]
    public async Task And_it_says_what_was_checked() => Assert.AreEqual(
        "Nothing stands in the way of authenticated chat.\n"
            + "Checked: solution, plug-in assembly, steps, steps and triggers of others, who reads the keys, who made "
            + "the keys, settings of the step, keys, published keys, "
            + "callers, mapped columns, chat authentication settings, the portal's own token service, "
            + "context variables of workstreams, plug-in trace, "
            + "unmanaged customizations, status reasons of contacts, clock.\n"
            + "Left out: authorization of sites, since the settings file names no Power Pages site.\n"
            + "Left out: test contact, since the settings file has no \"testContact\".\n"
            + "Left out: what sites give tokens by, since the settings file has no \"portals\".\n"
            + "Left out: pages of the sites, since the settings file names no Power Pages site.\n",
        await FindsAsync());

    [TestMethod]
    public async Task And_it_says_what_there_was_nothing_to_check_of()
    {
        Settings.Remove("authenticationSettings");
        Settings.Remove("publish");
        string said = await FindsAsync();
        StringAssert.Contains(said, "Left out: published keys, since the settings file names no place");
        StringAssert.Contains(said, "Left out: chat authentication settings, since ");
        JsonNode json = JsonNode.Parse((await RunAsync("doctor", "--json")).Out)!;
        Assert.AreEqual((15, 7, 0),
            (json["checked"]!.AsArray().Count, json["leftOut"]!.AsArray().Count, json["warnings"]!.GetValue<int>()));
    }

    [TestMethod]
    public async Task With_every_way_of_mapping_in_use()
    {
        Settings["claims"] = new JsonObject { ["given_name"] = "firstname" };
        Settings["contextVariables"] = new JsonObject
        {
            ["company"] = new JsonObject { ["column"] = "parentcustomerid:account.name" },
            ["cart"] = new JsonObject { ["request"] = "number" },
            ["city"] = new JsonObject { ["value"] = "Ulm" },
        };
        Settings["callers"]!["powerpages"] = new JsonObject();
        Settings["callers"]![Portal.ApplicationId!.Value.ToString("D")]!["contact"] =
            new JsonObject { ["externalIdentity"] = "local" };
        foreach (string name in (string[])["company", "cart", "city"])
        {
            Organization.AddRow("msdyn_ocliveworkstreamcontextvariable", System.Guid.NewGuid(), ("msdyn_name", name),
                ("msdyn_liveworkstreamid", new EntityReference("msdyn_liveworkstream", Workstream)));
        }

        Assert.AreEqual(0, (await RunAsync("deploy")).ExitCode);
        await FindsAsync();
    }

    [TestMethod]
    public async Task While_a_rotation_is_under_way()
    {
        Clock.Move(System.TimeSpan.FromDays(350));
        ServeFile();
        Assert.AreEqual(0, (await RunAsync("rotate")).ExitCode);
        await FindsAsync();
    }
}
