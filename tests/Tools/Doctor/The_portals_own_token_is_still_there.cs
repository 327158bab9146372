using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class The_portals_own_token_is_still_there : SoundEnvironment
{
    private const string Own = "https://contosohelp.com/_services/auth/publickey";

    [TestMethod]
    [DataRow(Own)]
    [DataRow("https://contosohelp.com/_Services/Auth/PublicKey/")]
    public async Task Chat_authentication_settings_that_read_its_key_are_told(string address)
    {
        Organization.AddRow(
            "msdyn_authenticationsettings", Guid.NewGuid(), ("msdyn_name", "Portal"), ("msdyn_publickeyurl", address));
        string said = await FindsAsync("warning 5445");
        StringAssert.Contains(said, $"settings 'Portal' read the portal's own key at {address}");
    }

    [TestMethod]
    public async Task Those_of_the_settings_file_are_deploys_to_change()
    {
        Organization.ChangeRow(
            "msdyn_authenticationsettings", new Guid("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c13"),
            ("msdyn_publickeyurl", Own));
        string said = await FindsAsync("error 5432");
        Assert.IsFalse(said.Contains("5445", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Site_settings_of_the_service_are_noted(bool enhanced)
    {
        Guid site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", enhanced);
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        foreach (string name in new[]
        {
            "ImplicitGrantFlow/x/RedirectUri", "ImplicitGrantFlow/RegisteredClientId",
            "CustomCertificates/ImplicitGrantflow", "CustomCertificates/Other",
        })
        {
            EmptySite.Add(Organization, site, 9, "sitesetting", name, ("value", "x"));
        }

        string said = (await RunAsync("doctor")).Out;
        StringAssert.Contains(
            said, "warning CHATAUTH5445, for a person to mend\n  The site Contoso still has settings of its own token "
                + "service, which ChatAuth does not use: CustomCertificates/ImplicitGrantflow, "
                + "ImplicitGrantFlow/RegisteredClientId, ImplicitGrantFlow/x/RedirectUri.");
    }
}
