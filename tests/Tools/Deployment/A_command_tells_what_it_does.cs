using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class A_command_tells_what_it_does : EnvironmentUnderTest
{
    [TestMethod]
    public async Task With_each_request_where_verbose()
    {
        CommandRun run = await DoAsync("deploy", "--verbose");
        string[] requests = [.. run.Error.Split('\n').Where(line => line.Contains("/api/data/v9.2/"))];
        Assert.IsGreaterThan(30, requests.Length);
        foreach (string line in requests)
        {
            StringAssert.Matches(
                line, new("^(GET|POST|PATCH|DELETE) http://[^ ?]+: [0-9]{3}(, id [^ ]+)?, [0-9]+ ms$"));
        }

        Assert.DoesNotContain(StoredKeys()[0]!["d"]!.GetValue<string>(), run.Error);
        Assert.DoesNotContain("/api/data/", (await DoAsync("keys")).Error);
    }

    [TestMethod]
    public async Task But_no_progress_where_quiet()
    {
        CommandRun run = await DoAsync("deploy", "--quiet");
        Assert.DoesNotContain("done: ", run.Error);
        Assert.DoesNotContain("importing", run.Error);
        StringAssert.Contains(run.Out, "Deployed.");
        StringAssert.Contains((await DoAsync("rotate", "--lead", "0s", "--force")).Error, "done: ");
    }

    [TestMethod]
    public async Task As_JSON_when_it_was_done_too()
    {
        JsonNode done = JsonNode.Parse((await DoAsync("deploy", "--json")).Out)!;
        Assert.IsFalse(done["dryRun"]!.GetValue<bool>());
        Assert.IsTrue(done["changes"]!.AsArray().Any(
            change => change!["change"]!.GetValue<string>().StartsWith("import the solution")));
        JsonNode again = JsonNode.Parse((await DoAsync("deploy", "--json")).Out)!;
        Assert.IsEmpty(again["changes"]!.AsArray());
        Assert.IsTrue(again["complete"]!.GetValue<bool>());
    }

    [TestMethod]
    public async Task As_JSON_alone_also_where_something_is_to_be_pasted()
    {
        Settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        foreach (string[] words in (string[][])[["deploy", "--yes"], ["deploy"], ["rotate", "--cutover", "--yes"]])
        {
            Assert.IsTrue(JsonNode.Parse((await DoAsync([.. words, "--json"])).Out)!["complete"]!.GetValue<bool>());
        }

        // What the next run takes for pasted was shown.
        CommandRun shown = await DoAsync("rotate", "--cutover", "--until", "published", "--json");
        Assert.IsNotNull(JsonNode.Parse(shown.Out));
        StringAssert.Contains(shown.Error, "Paste this line as the JWT public key of Live Assist");
    }

    [TestMethod]
    [DataRow("deploy", "CHATAUTH5201", "import the solution 0.2.0.0")]
    [DataRow("deploy --dry-run", "CHATAUTH5429", null)]
    [DataRow("rotate", "CHATAUTH5301", null)]
    [DataRow("uninstall", "CHATAUTH5306", null)]
    public async Task As_JSON_when_it_failed_too(string command, string code, string? first)
    {
        bool isDry = command.EndsWith("dry-run", StringComparison.Ordinal);
        Settings["publish"] = new JsonArray(
            new JsonObject { ["file"] = "publickey.json", ["url"] = "https://contosohelp.com/publickey.json" });
        Network.Before = request => Task.FromResult(request.RequestUri!.Host == "contosohelp.com"
            ? new HttpResponseMessage(HttpStatusCode.NotFound) : null);
        Settings["claims"] = new JsonObject { ["email"] = isDry ? "nickname2" : "emailaddress1" };
        CommandRun run = await RunAsync([.. command.Split(' '), "--json", "--timeout", "0s"]);
        Assert.AreEqual((1, code), (run.ExitCode, run.Codes), run.Error);
        JsonNode document = JsonNode.Parse(run.Out)!;
        Assert.AreEqual(isDry, document["dryRun"]!.GetValue<bool>());
        Assert.IsFalse(document["complete"]!.GetValue<bool>());
        Assert.AreEqual(first, document["changes"]!.AsArray().FirstOrDefault()?["change"]!.GetValue<string>());
    }

    [TestMethod]
    [DataRow("GITHUB_ACTIONS", "true", "::error title=CHATAUTH5102::")]
    [DataRow("TF_BUILD", "True", "##vso[task.logissue type=error;code=CHATAUTH5102]CHATAUTH5102: ")]
    public async Task Beside_the_run_of_a_pipeline(string variable, string value, string annotation)
    {
        Settings["issuer"] = 7;
        Assert.DoesNotContain(annotation, (await RunAsync("deploy")).Error);
        Variables[variable] = value;
        CommandRun run = await RunAsync("deploy");
        string code = run.Codes.Split(' ')[0];
        StringAssert.Contains(run.Error, annotation.Replace("CHATAUTH5102", code, StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Beside_it_each_finding_of_doctor()
    {
        Variables["GITHUB_ACTIONS"] = "true";
        CommandRun run = await RunAsync("doctor");
        StringAssert.Contains(run.Error, "::error title=CHATAUTH5401::");
    }

    [TestMethod]
    [DataRow("GITHUB_ACTIONS", "::add-mask::x", @"\u{3a}:add-mask::x")]
    [DataRow("GITHUB_ACTIONS", "  ::stop-commands::x", @"  \u{3a}:stop-commands::x")]
    [DataRow("GITHUB_ACTIONS", "a ##[set-env name=x]y", @"a \u{23}#[set-env name=x]y")]
    [DataRow("TF_BUILD", "a ##vso[task.setvariable variable=x]y", @"a \u{23}#vso[task.setvariable variable=x]y")]
    [DataRow("TF_BUILD", "##VSO[task.uploadfile]", @"\u{23}#vso[task.uploadfile]")]
    [DataRow("NOWHERE", "::add-mask::x ##vso[y]", "::add-mask::x ##vso[y]")]
    [DataRow("GITHUB_ACTIONS", "Chat::Auth #1", "Chat::Auth #1")]
    public void And_lets_nobody_order_a_pipeline_about(string variable, string line, string written) =>
        Assert.AreEqual(written, PipelineLog.Disarmed(line, name => name == variable ? "true" : null));
}
