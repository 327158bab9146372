using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Chat_is_told_of_the_keys : EnvironmentUnderTest
{
    private const string KeyUrl = "https://contosohelp.com/publickey.json";

    private readonly Guid widget = Guid.NewGuid();

    [TestInitialize]
    public void Ask()
    {
        Settings["authenticationSettings"] =
            new JsonObject { ["name"] = "Contoso's", ["publicKeyUrl"] = KeyUrl, ["widgets"] = new JsonArray("Chat") };
        Organization.AddRow("msdyn_livechatconfig", widget, ("msdyn_name", "Chat"));
        Network.Before = async request => request.RequestUri!.Host != "contosohelp.com" ? null
            : File.Exists(KeyFilePath) ? new HttpResponseMessage(
                HttpStatusCode.OK)
            { Content = new StringContent(await File.ReadAllTextAsync(KeyFilePath)) }
            : new HttpResponseMessage(HttpStatusCode.NotFound);
        Organization.PublicKeyUrlAnswers = url => url == KeyUrl && File.Exists(KeyFilePath);
    }

    [TestMethod]
    public async Task By_a_record_that_the_widget_uses_until_the_uninstallation()
    {
        await DoAsync("deploy");
        var row = Organization.Rows.Now.All("msdyn_authenticationsettings").Single();
        Assert.AreEqual((KeyUrl, "chatauth.getAuthenticationToken", "Contoso's"),
            (row.Text("msdyn_publickeyurl"), row.Text("msdyn_javascriptclientfunction"), row.Text("msdyn_name")));
        Assert.AreEqual(
            row.Id, Organization.Rows.Now.Get("msdyn_livechatconfig", widget).Reference("msdyn_authsettingsid"));

        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);

        Settings["authenticationSettings"]!["javaScriptFunction"] = "authoriseChatWithCallback";
        await DoAsync("deploy");
        Assert.HasCount(1, Network.Writes);

        await DoAsync("uninstall", "--yes");
        Assert.IsEmpty(Organization.Rows.Now.All("msdyn_authenticationsettings"));
        Assert.IsNull(
            Organization.Rows.Now.Get("msdyn_livechatconfig", widget).Values.Values.OfType<EntityReference>()
                .SingleOrDefault());
    }

    [TestMethod]
    [DataRow("auth.getAuthenticationToken", "auth.getAuthenticationToken")]
    [DataRow("contoso.getToken", "contoso.getToken")]
    [DataRow("", "chatauth.getAuthenticationToken")]
    [DataRow(null, "chatauth.getAuthenticationToken")]
    public async Task By_a_record_that_keeps_the_function_it_names(string? named, string expected)
    {
        await DoAsync("deploy");
        Guid row = Organization.Rows.Now.All("msdyn_authenticationsettings").Single().Id;
        Organization.ChangeRow("msdyn_authenticationsettings", row, ("msdyn_javascriptclientfunction", named));
        Organization.ChangeRow("msdyn_authenticationsettings", row, ("msdyn_name", "Other"));
        string[] deploy = expected == "contoso.getToken" ? ["deploy", "--force", "CHATAUTH5485"] : ["deploy"];
        await DoAsync(deploy);
        var record = Organization.Rows.Now.Get("msdyn_authenticationsettings", row);
        Assert.AreEqual(("Contoso's", expected),
            (record.Text("msdyn_name"), record.Text("msdyn_javascriptclientfunction")));
        await DoAsync(deploy);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task Only_when_the_key_URL_answers_with_the_signing_key()
    {
        Network.Before = request => Task.FromResult(
            request.RequestUri!.Host == "contosohelp.com" ? new HttpResponseMessage(HttpStatusCode.NotFound) : null);
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5201", run.Codes);
        Assert.IsEmpty(Organization.Rows.Now.All("msdyn_authenticationsettings"));
        await Assert.ThrowsExactlyAsync<CommandException>(IssueAsync);
    }

    [TestMethod]
    public async Task By_a_record_of_the_name_that_was_there_and_stays()
    {
        await File.WriteAllTextAsync(KeyFilePath, "[]");
        Organization.AddRow("msdyn_authenticationsettings", Guid.NewGuid(), ("msdyn_name", "Contoso's"),
            ("msdyn_publickeyurl", KeyUrl));
        await DoAsync("deploy");
        await DoAsync("uninstall", "--yes");
        Assert.HasCount(1, Organization.Rows.Now.All("msdyn_authenticationsettings").ToArray());
    }

    [TestMethod]
    public async Task For_a_widget_that_is_there()
    {
        Settings["authenticationSettings"]!["widgets"]![0] = "Other";
        Assert.AreEqual("CHATAUTH5012", (await RunAsync("deploy")).Codes);
    }

    [TestMethod]
    public async Task By_the_one_name_that_Dataverse_has_for_the_link()
    {
        List<string> bodies = [];
        Func<HttpRequestMessage, Task<HttpResponseMessage?>> before = Network.Before!;
        Network.Before = async request =>
        {
            if (request.Method != HttpMethod.Patch || !request.RequestUri!.AbsolutePath.Contains("livechatconfigs"))
            {
                return await before(request);
            }

            bodies.Add(await request.Content!.ReadAsStringAsync());
            return new HttpResponseMessage(HttpStatusCode.BadRequest)
            {
                Content = new StringContent("""{"error":{"code":"0x80048d19","message":"undeclared property"}}"""),
            };
        };
        Assert.AreEqual("CHATAUTH5001", (await RunAsync("deploy")).Codes);
        StringAssert.StartsWith(bodies.Single(), "{\"msdyn_AuthsettingsId@odata.bind\":");
    }

    [TestMethod]
    public async Task And_a_listed_caller_is_proved_by_a_token_for_the_test_contact()
    {
        Settings.Remove("authenticationSettings");
        Settings["testContact"] = Bert;
        Deployer = Organization.AddApplicationAdministrator("pipeline", Guid.NewGuid());
        Settings["callers"]![Deployer.ApplicationId!.Value.ToString("D")] =
            new JsonObject { ["contact"] = "parameter" };
        StringAssert.Contains((await DoAsync("deploy")).Error, "a token for the test contact verifies");
    }
}
