using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>A site with enhanced authorization: what deploy says of it, and what its visitors get.</summary>
[TestClass]
public sealed class A_site_acts_as_its_visitors : EnvironmentUnderTest
{
    private Guid site;
    private LocalUser client = null!;

    [TestInitialize]
    public void Open()
    {
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com");
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        client = Organization.AddSiteUser("site", site, "prvReadContact", "prvReadAccount");
        LocalUser visitor = Organization.AddPerson("# Bert", "prvReadContact", "prvReadAccount");
        Organization.AddRow(
            "powerpagesusermapping", Guid.NewGuid(),
            ("contact", new EntityReference("contact", Guid.Parse(Bert))),
            ("siteid", new EntityReference("powerpagesite", site)),
            ("systemuser", new EntityReference("systemuser", visitor.Id)));
        Settings["callers"]![client.ApplicationId!.Value.ToString("D")] = new JsonObject { ["contact"] = "parameter" };
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
    }

    [TestMethod]
    [DataRow(false, false, "token", DisplayName = "off")]
    [DataRow(true, false, "CHATAUTH1003", DisplayName = "on")]
    [DataRow(true, true, "token", DisplayName = "on, and custom APIs are spared")]
    public async Task Its_visitor_gets(bool isOn, bool spares, string expected)
    {
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", new OptionSetValue(isOn ? 3 : 0)));
        Organization.Unknowns.EnhancedAuthorizationSparesCustomApis = spares;
        await DoAsync("deploy");
        string answer = await AskAsync(Guid.Parse(Bert));
        Assert.AreEqual(expected, answer.Contains("\"Token\":\"ey", StringComparison.Ordinal) ? "token"
            : JsonNode.Parse(answer)!["error"]!["message"]!.GetValue<string>().Split(':')[0]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task While_it_is_moved_nobody_knows_as_whom_it_acts(int value)
    {
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", new OptionSetValue(value)));
        await DoAsync("deploy");
        StringAssert.Contains(await AskAsync(Guid.Parse(Bert)), "LocalDataverse does not know");
    }

    [TestMethod]
    public async Task A_visitor_without_mapping_is_not_known()
    {
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", new OptionSetValue(3)));
        await DoAsync("deploy");
        StringAssert.Contains(await AskAsync(null), "LocalDataverse does not know");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Deploy_says_so_and_goes_on(bool isOn)
    {
        Organization.ChangeRow("powerpagesite", site, ("enhancedauthorization", new OptionSetValue(isOn ? 3 : 0)));
        Assert.AreEqual(
            isOn, (await DoAsync("deploy", "--dry-run")).Error.Contains("CHATAUTH5495: The site Contoso has"));
        Assert.AreEqual(isOn, (await DoAsync("deploy")).Error.Contains("CHATAUTH5495: The site Contoso has"));
    }

    [TestMethod]
    public async Task Where_the_platform_does_not_have_it_it_is_off()
    {
        Network.Before = request => Task.FromResult(
            request.RequestUri!.Query.Contains("enhancedauthorization")
                ? new HttpResponseMessage(HttpStatusCode.BadRequest)
                {
                    Content = new StringContent(
                        """{"error":{"code":"0x80060888","message":"Could not find a property named 'x'."}}"""),
                }
                : null);
        Assert.DoesNotContain("5495", (await DoAsync("deploy")).Error);
    }

    private async Task<string> AskAsync(Guid? contact)
    {
        using HttpClient http = new() { BaseAddress = Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", client.Token);
        http.DefaultRequestHeaders.Add(
            "LocalDataverse-PortalsContactId", contact is { } id ? [id.ToString("D")] : Array.Empty<string>());
        using StringContent body = new(
            new JsonObject { ["ContactId"] = Bert }.ToJsonString(), null, "application/json");
        using HttpResponseMessage response = await http.PostAsync(
            new Uri("api/data/v9.2/chatauth_IssueChatToken", UriKind.Relative), body);
        return await response.Content.ReadAsStringAsync();
    }
}
