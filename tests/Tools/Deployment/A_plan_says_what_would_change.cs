using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class A_plan_says_what_would_change : EnvironmentUnderTest
{
    [TestMethod]
    public async Task By_old_and_new_value_and_exit_code_3()
    {
        Assert.AreEqual(3, (await RunAsync("deploy", "--dry-run")).ExitCode);
        await DoAsync("deploy");
        CommandRun same = await RunAsync("deploy", "--dry-run");
        Assert.AreEqual(0, same.ExitCode);

        Settings["tokenLifetimeSeconds"] = 600;
        Settings["issuer"] = "other.com";
        Settings["callers"]!["powerpages"] = new JsonObject();
        CommandRun run = await RunAsync("deploy", "--dry-run");
        Assert.AreEqual(3, run.ExitCode);
        StringAssert.Contains(run.Out, """
            will: change the settings of the step of chatauth_IssueChatToken
                  issuer: "contosohelp.com" → "other.com"
                  callers.powerpages: nothing → {}
                  tokenLifetimeSeconds: nothing → 600
            """.ReplaceLineEndings("\n"));
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow("deploy")]
    [DataRow("rotate")]
    [DataRow("revoke")]
    [DataRow("uninstall")]
    public async Task As_JSON(string command)
    {
        await DoAsync("deploy");
        string kid = StoredKeys().Single()!["kid"]!.GetValue<string>();
        string[] words = command == "revoke" ? [command, kid, "--force"] : [command];
        Settings["tokenLifetimeSeconds"] = 600;
        CommandRun run = await RunAsync([.. words, "--dry-run", "--json"]);
        Assert.AreEqual(3, run.ExitCode, run.Error);
        JsonArray changes = JsonNode.Parse(run.Out)!["changes"]!.AsArray();
        Assert.IsNotEmpty(changes);
        string[] differences =
        [
            .. changes.SelectMany(change => change!["differences"]!.AsArray())
                .Select(each => $"{each!["what"]} {each["from"] ?? "-"} {each["to"] ?? "-"}"),
        ];
        string expected = command switch
        {
            "deploy" => "tokenLifetimeSeconds - 600",
            "rotate" => " - pending until ",
            _ => $"key {kid} signing from ",
        };
        Assert.IsTrue(differences.Any(each => each.Contains(expected, StringComparison.Ordinal)), run.Out);
        Assert.IsEmpty(Network.Writes);
        Assert.DoesNotContain("\"d\"", run.Out);
    }

    [TestMethod]
    public async Task Also_of_a_step_that_somebody_disabled_and_of_what_is()
    {
        await DoAsync("deploy");
        Organization.ChangeRow("sdkmessageprocessingstep", new Guid("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11"),
            ("statecode", 1), ("statuscode", 2));
        StringAssert.Contains((await RunAsync("deploy", "--dry-run")).Out,
            "will: enable the step of chatauth_IssueChatToken\n      state: disabled → enabled\n");
        JsonNode plan = JsonNode.Parse((await RunAsync("deploy", "--dry-run", "--json")).Out)!;
        CollectionAssert.Contains(
            plan["is"]!.AsArray().Select(fact => fact!.GetValue<string>()).ToArray(),
            "step of chatauth_IssueChatToken disabled");
        Assert.AreEqual("state", plan["changes"]![0]!["differences"]![0]!["what"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task Also_of_a_part_of_a_site()
    {
        EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", true);
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        await DoAsync("deploy");
        Settings["portals"]![0]!["signInUrl"] = "/SignIn";
        StringAssert.Matches((await RunAsync("deploy", "--dry-run")).Out, new(
            "will: change the content snippet Head/Bottom of the site Contoso\n      [a-z]+: [^\n]+ → [^\n]+"));
    }

    [TestMethod]
    [DataRow(160, "x: {0} → nothing")]
    [DataRow(161, "x: a text of 161 characters → nothing")]
    public void By_its_length_where_a_value_is_long(int length, string told)
    {
        string value = new('a', length);
        Assert.AreEqual(told.Replace("{0}", value), new Difference("x", value, null).ToString());
        Assert.AreEqual("x: nothing → a text of 3 characters", new Difference("x", null, "a\nb").ToString());
    }

    [TestMethod]
    public async Task And_nothing_out_of_the_environment()
    {
        const string Secret = "s3cr3t-out-of-the-environment";
        await DoAsync("deploy");
        Settings["issuer"] = "${SECRETIVE}";
        await File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString());
        foreach (string[] json in new[] { [], new[] { "--json" } })
        {
            CommandRun run = await CommandRun.OfAsync(
                ["deploy", "--dry-run", .. json, "--settings", Folder.File("chatauth.json"), "--url", Url.AbsoluteUri],
                clock: Clock,
                environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token
                    : name == "SECRETIVE" ? Secret : null,
                network: Network);
            Assert.AreEqual(3, run.ExitCode, run.Error);
            Assert.DoesNotContain(Secret, run.Out + run.Error);
            StringAssert.Contains(run.Out, "${SECRETIVE}");
        }
    }

    [TestMethod]
    public async Task And_that_the_key_which_a_revocation_left_is_about_to_end()
    {
        await DoAsync("deploy");
        await DoAsync("rotate", "--lead", "0s", "--force");
        string next = StoredKeys()
            .MaxBy(key => key!["nbf"]!.GetValue<long>())!["kid"]!.GetValue<string>();
        await DoAsync("revoke", next);
        Clock.Move(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(60));
        CommandRun run = await RunAsync("deploy", "--dry-run");
        StringAssert.Contains(run.Error, "warning CHATAUTH5412: The signing key");
        StringAssert.Contains(run.Error, "and no other follows it. Run chatauth rotate.");
        StringAssert.Contains(run.Out, "(in ");
    }
}
