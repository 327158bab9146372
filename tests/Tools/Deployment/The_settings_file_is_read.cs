using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.Settings;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class The_settings_file_is_read : EnvironmentUnderTest
{
    [TestMethod]
    [DataRow("""{"isuer":"x"}""", "CHATAUTH5102: isuer is not a setting. Did you mean \"issuer\"?")]
    [DataRow(
        """{"publish":[{"file":"a","formt":"jwks"}]}""",
        "CHATAUTH5102: publish[1].formt is not a setting. Did you mean \"format\"?")]
    [DataRow(
        """{"authenticationSettings":{"publickeyurl":"https://x"}}""",
        "CHATAUTH5102: authenticationSettings.publickeyurl is not a setting. Did you mean \"publicKeyUrl\"?")]
    [DataRow(
        """{"callers":{"powerpages":{"contct":"context"}}}""",
        "CHATAUTH5102: callers.powerpages.contct is not a setting. Did you mean \"contact\"?")]
    [DataRow(
        """{"callers":{"powerpages":{"applications":["6f0c1f0e-0000-0000-0000-000000000001"]}}}""",
        "CHATAUTH5104: callers.powerpages.applications must be left out: it names")]
    [DataRow(
        """{"callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"applications":"x"}}}""",
        "CHATAUTH5104: callers.6f0c1f0e-0000-0000-0000-000000000001.applications must be an array")]
    [DataRow(
        """{"callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"applications":["powerpages"]}}}""",
        "CHATAUTH5104: callers.6f0c1f0e-0000-0000-0000-000000000001.applications must be")]
    [DataRow(
        """
        {"callers":{"6f0c1f0e-0000-0000-0000-00000000000a":{
          "applications":["6F0C1F0E-0000-0000-0000-00000000000A"]}}}
        """,
        "CHATAUTH5104: callers.6f0c1f0e-0000-0000-0000-00000000000a.applications must be an array of application ids "
            + "that \"callers\" has nowhere else (")]
    [DataRow(
        """
        {"callers":{"6f0c1f0e-0000-0000-0000-000000000001":{
          "applications":["6f0c1f0e-0000-0000-0000-000000000002"]},
          "6f0c1f0e-0000-0000-0000-000000000002":{}}}
        """,
        "CHATAUTH5104: callers.6f0c1f0e-0000-0000-0000-000000000001.applications must be")]
    [DataRow(
        """
        {"callers":{"6f0c1f0e-0000-0000-0000-000000000001":{
          "tokenLifetimeSeconds":5,"applications":["6f0c1f0e-0000-0000-0000-000000000002"]}}}
        """,
        "CHATAUTH2006: ")]
    [DataRow("""{"zzz":1}""", "CHATAUTH5102: zzz is not a setting (")]
    [DataRow("""{"issuer":null}""", "CHATAUTH5104: issuer must be")]
    [DataRow("""{"callers":5}""", "CHATAUTH5104: callers must be an object")]
    [DataRow("""{"publish":{}}""", "CHATAUTH5104: publish must be an array of at most 100")]
    [DataRow("""{"publish":[{"file":"a","page":"b"}]}""", "CHATAUTH5104: publish[1] must be")]
    [DataRow("""{"publish":[{"file":"a"}]}""", "CHATAUTH5104: publish[1] must be")]
    [DataRow("""{"publish":[{"file":"a","url":"https://x","local":true}]}""", "CHATAUTH5104: publish[1] must be")]
    [DataRow("""{"publish":[{"file":"a","local":"yes"}]}""", "CHATAUTH5104: publish[1] must be")]
    [DataRow("""{"publish":[{"page":"a","local":true}]}""", "CHATAUTH5104: publish[1].local must be")]
    [DataRow("""{"publish":[{"portal":"a"}]}""", "CHATAUTH5104: publish[1].portal must be")]
    [DataRow("""{"publish":[{"portal":"http://x"}]}""", "CHATAUTH5104: publish[1].portal must be")]
    [DataRow("""{"publish":[{"portal":"https://u@x"}]}""", "CHATAUTH5104: publish[1].portal must be")]
    [DataRow("""{"publish":[{"portal":"https://x","format":"line"}]}""", "CHATAUTH5104: publish[1].format must be")]
    [DataRow("""{"publish":[{"portal":"https://x/a"},{"portal":"https://X/a"}]}""", "CHATAUTH5104: publish[2] must be")]
    [DataRow(
        """{"publish":[{"portal":"https://x/a"},{"file":"a","url":"https://x/a#b"}]}""",
        "CHATAUTH5104: publish[2] must be")]
    [DataRow(
        """{"publish":[{"page":"a"},{"file":"b","local":true},{"page":"A","format":"jwks"}]}""",
        "CHATAUTH5104: publish[3] must be")]
    [DataRow(
        """{"publish":[{"file":"a","local":true},{"file":"./a","url":"https://x"}]}""",
        "CHATAUTH5104: publish[2] must be")]
    [DataRow("""{"publish":[{"file":"a","local":true,"format":"xml"}]}""", "CHATAUTH5104: publish[1].format must be")]
    [DataRow("""{"publish":[{"file":"a","url":"ftp://x"}]}""", "CHATAUTH5104: publish[1].url must be")]
    [DataRow(
        """{"portals":[{"sites":"a"}]}""", "CHATAUTH5102: portals[1].sites is not a setting. Did you mean \"site\"?")]
    [DataRow("""{"portals":[{}]}""", "CHATAUTH5103: portals[1].site is missing")]
    [DataRow("""{"portals":[{"site":"a","headerSnippet":0}]}""", "CHATAUTH5104: portals[1].headerSnippet must be")]
    [DataRow(
        """{"portals":[{"site":"a","signInUrl":"https://x/SignIn"}]}""", "CHATAUTH5104: portals[1].signInUrl must be")]
    [DataRow("""{"portals":[{"site":"a","signInUrl":"//x"}]}""", "CHATAUTH5104: portals[1].signInUrl must be")]
    [DataRow("""{"portals":[{"site":"a","signInUrl":"/{{user}}"}]}""", "CHATAUTH2013: portals[1].signInUrl holds")]
    [DataRow("""{"testContact":"bert"}""", "CHATAUTH5104: testContact must be")]
    [DataRow("""{"tokenLifetimeSeconds":59}""", "CHATAUTH2006: ")]
    [DataRow("""{"claims":{"sub":"contactid"}}""", "CHATAUTH2007: ")]
    [DataRow("""{"contextVariables":{"email":{"request":"string"}}}""", "CHATAUTH2008: ")]
    [DataRow("""{"callers":{}}""", "CHATAUTH2005: ")]
    [DataRow("""{"audience":"${NOT_SET}"}""", "CHATAUTH5105: The environment variable NOT_SET")]
    public async Task What_is_wrong_is_refused_before_anything_is_sent(string changes, string error)
    {
        foreach ((string name, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
        {
            Settings[name] = value?.DeepClone();
        }

        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(1, run.ExitCode);
        Assert.StartsWith(error, run.Error);
        Assert.IsEmpty(Network.Writes);
        Assert.IsEmpty(Organization.Rows.Now.All("solution"));
    }

    [TestMethod]
    [DataRow("issuer", "CHATAUTH5103")]
    [DataRow("callers", "CHATAUTH5103")]
    public async Task What_is_required_must_be_there(string name, string code)
    {
        Settings.Remove(name);
        Assert.AreEqual(code, (await RunAsync("deploy")).Codes);
    }

    [TestMethod]
    public async Task It_is_read_up_to_its_longest()
    {
        string path = Folder.File("long.json");
        await File.WriteAllTextAsync(path, Settings.ToJsonString().PadRight(65536));
        SettingsFile.Read(path, _ => null);
        await File.AppendAllTextAsync(path, " ");
        CommandException refusal = Assert.ThrowsExactly<CommandException>(() => SettingsFile.Read(path, _ => null));
        Assert.AreEqual("CHATAUTH5101", refusal.Errors[0].Code);
    }

    [TestMethod]
    [DataRow("{", "CHATAUTH5101")]
    [DataRow("[]", "CHATAUTH5104")]
    public async Task It_must_be_a_JSON_object(string text, string code)
    {
        await File.WriteAllTextAsync(Folder.File("other.json"), text);
        Assert.AreEqual(
            code, (
                await CommandRun.OfAsync(
                    ["deploy", "--settings", Folder.File("other.json"), "--url", "https://localhost"])).Codes);
    }

    [TestMethod]
    public void Placeholders_come_from_the_environment()
    {
        SettingsFile file = SettingsFile.Parse(
            """
            {"issuer":"${HOST}","audience":"x${HOST}","callers":{"${ID}":{}},
             "publish":[{"file":"${HOST}.json","local":true}]}
            """,
            Folder.File("chatauth.json"),
            name => name == "HOST" ? "contosohelp.com" : "6f0c1f0e-0000-0000-0000-000000000001");
        Assert.AreEqual(
            """{"issuer":"contosohelp.com","audience":"xcontosohelp.com","""
                + "\"callers\":{\"6f0c1f0e-0000-0000-0000-000000000001\":{}}}",
            file.StepConfiguration);
        Assert.AreEqual(Folder.File("contosohelp.com.json"), file.Publish[0].Place);
    }

    [TestMethod]
    public async Task An_entry_counts_for_each_of_its_applications()
    {
        string own = Portal.ApplicationId!.Value.ToString("D");
        LocalUser other = Organization.AddApplicationUser("portal, too", Guid.NewGuid(), "prvReadContact");
        JsonObject entry = Settings["callers"]![own]!.AsObject();
        entry["audience"] = "chat.contosohelp.com";
        entry["applications"] = new JsonArray(other.ApplicationId!.Value.ToString("D").ToUpperInvariant());
        await DoAsync("deploy");
        JsonNode callers = JsonNode.Parse(
            Organization.Rows.Now.Get("sdkmessageprocessingstep", new Guid("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11"))
                .Text("configuration")!)!["callers"]!;
        Assert.HasCount(2, callers.AsObject());
        Assert.IsTrue(JsonNode.DeepEquals(callers[own], callers[other.ApplicationId.Value.ToString("D")]));
        JsonObject one = Claims(await IssueAsync(Portal));
        JsonObject two = Claims(await IssueAsync(other));
        Assert.AreEqual("chat.contosohelp.com", one["aud"]!.GetValue<string>());
        foreach (string moment in new[] { "iat", "nbf", "exp", "jti" })
        {
            one.Remove(moment);
            two.Remove(moment);
        }

        Assert.AreEqual(one.ToJsonString(), two.ToJsonString());
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        entry.Remove("applications");
        await DoAsync("deploy");
        StringAssert.StartsWith(
            (await Assert.ThrowsExactlyAsync<WebApiException>(() => IssueAsync(other))).Message, "CHATAUTH1002");
    }

    [TestMethod]
    [DataRow(null, "CHATAUTH5007")]
    [DataRow(" ", "CHATAUTH5007")]
    [DataRow("http://contoso.crm.dynamics.com", "CHATAUTH5008")]
    [DataRow("contoso", "CHATAUTH5008")]
    public async Task The_environment_must_be_named(string? environment, string code)
    {
        await File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString());
        CommandRun run = await CommandRun.OfAsync(
            ["keys", "--settings", Folder.File("chatauth.json")],
            environment: name => name switch
            {
                "CHATAUTH_URL" => environment,
                "CHATAUTH_ACCESS_TOKEN" => "x",
                _ => null,
            });
        Assert.AreEqual(code, run.Codes);
    }

    [TestMethod]
    public async Task Changed_settings_reach_the_step()
    {
        await DoAsync("deploy");
        Settings["issuer"] = "fabrikam.com";
        await DoAsync("deploy");
        Assert.HasCount(1, Network.Writes);
        Assert.AreEqual("fabrikam.com", Claims(await IssueAsync())["iss"]!.GetValue<string>());
    }

    private static JsonObject Claims(string token) =>
        JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(token.Split('.')[1]))!.AsObject();
}
