using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class A_site_acts_as_its_visitor : SoundEnvironment
{
    private static readonly OptionSetValue Enabled = new(3);

    private Guid site;

    [TestInitialize]
    public void Open()
    {
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com");
        EmptySite.AddTo(Organization, "Old", "old.contosohelp.com", isEnhanced: false);
    }

    [TestMethod]
    [DataRow("portals", "site", "Contoso")]
    [DataRow("portals", "site", null)]
    [DataRow("publish", "page", "Contoso")]
    public async Task And_is_named(string setting, string kind, string? name)
    {
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Old" });
        JsonArray entries = Settings[setting]!.AsArray();
        entries.Add(new JsonObject { [kind] = name ?? site.ToString("D") });
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", Enabled));
        string said = (await RunAsync("doctor")).Out;
        StringAssert.Contains(
            said, "warning CHATAUTH5495, for a person to mend\n  The site " + (name ?? site.ToString("D")) + " has");
        Assert.HasCount(2, said.Split("CHATAUTH5495"));
    }

    [TestMethod]
    public async Task And_a_portal_that_is_none_is_not_looked_for_among_the_sites()
    {
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        Settings["publish"]!.AsArray().Add(new JsonObject { ["portal"] = "https://contosohelp.com/auth/publickey" });
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", Enabled));
        string said = (await RunAsync("doctor")).Out;
        StringAssert.Contains(said, "The site Contoso has");
        Assert.DoesNotContain("CHATAUTH5012", said);
    }

    [TestMethod]
    [DataRow(0, null)]
    [DataRow(1, "The site Contoso is being moved to enhanced authorization (preview), and then acts")]
    [DataRow(2, null)]
    [DataRow(3, "The site Contoso has enhanced authorization (preview) on and acts")]
    public async Task Each_value_of_the_column_is_told_as_what_it_is(int value, string? said)
    {
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", new OptionSetValue(value)));
        string all = (await RunAsync("doctor")).Out;
        Assert.AreEqual(said != null, all.Contains("CHATAUTH5495", StringComparison.Ordinal), all);
        StringAssert.Contains(all, said ?? string.Empty);
    }

    [TestMethod]
    public async Task Which_is_no_fault_while_it_is_off()
    {
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        StringAssert.Contains(await FindsAsync("error 5497"), "authorization of sites"); // the site lacks its parts
    }

    [TestMethod]
    public async Task Or_where_the_settings_name_no_site()
    {
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", Enabled));
        StringAssert.Contains(await FindsAsync(), "Left out: authorization of sites, since the settings file names no");
    }
}
