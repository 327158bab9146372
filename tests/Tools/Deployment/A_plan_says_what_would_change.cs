using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
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
