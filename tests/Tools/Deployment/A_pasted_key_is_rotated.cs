using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>Live Assist holds one key that somebody pastes, and nobody can look whether it is there.</summary>
[TestClass]
public sealed class A_pasted_key_is_rotated : EnvironmentUnderTest
{
    private const string NotSaid = "CHATAUTH5306";

    [TestInitialize]
    public void Use()
    {
        Settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        Settings.Remove("publish");
    }

    [TestMethod]
    public async Task The_first_key_signs_once_Enter_says_that_it_was_pasted()
    {
        CommandRun run = await AnswerAsync("\n", "deploy");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(StoredKeys().Single()!["n"]!.ToString(), Live_Assist_is_told_what_to_paste.NumberOf(Line(run)));
        Assert.IsTrue(Accepts(Line(run), await IssueAsync()));
    }

    [TestMethod]
    public async Task The_line_is_shown_to_who_is_asked_also_where_no_progress_is_told()
    {
        CommandRun run = await AnswerAsync("\n", "deploy", "--quiet");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.StartsWith("Paste this line as the JWT public key of Live Assist", run.Error);
        Live_Assist_is_told_what_to_paste.NumberOf(Line(run));
    }

    [TestMethod]
    public async Task The_first_key_does_not_sign_while_nobody_says_so()
    {
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(NotSaid, run.Codes);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("pending", (await KeyStates()).Single());

        // Nor does a second run say so: nothing shows that somebody has read the first.
        Assert.AreEqual(NotSaid, (await RunAsync("deploy")).Codes);
        await DoAsync("deploy", "--yes");
        Assert.AreEqual("signing", (await KeyStates()).Single());
    }

    [TestMethod]
    [DataRow("no\n", false)]
    [DataRow("wait\n\n", false)]
    [DataRow(" \n", true)]
    [DataRow("Yes\n", true)]
    [DataRow("y\n", true)]
    public async Task Another_answer_than_Enter_says_so_only_where_it_is_yes(string answer, bool isPasted)
    {
        CommandRun run = await AnswerAsync(answer, "deploy");
        Assert.AreEqual(isPasted ? string.Empty : NotSaid, run.Codes);
        Assert.AreEqual(isPasted ? "signing" : "pending", (await KeyStates()).Single());
    }

    [TestMethod]
    [DataRow("rotate", "--cutover")]
    [DataRow("uninstall", "--quiet")]
    public async Task Ctrl_C_ends_it_at_once_while_a_person_is_waited_for(string command, string option)
    {
        await DoAsync("deploy", "--yes");
        await using StringWriter error = new();
        using PatientReader person = new();
        using CancellationTokenSource interrupt = new();
        CommandHost host = new(TextWriter.Null, error, person, Clock)
        {
            Environment = name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : null,
        };
        Task<int> run = Program.RunAsync(
            [command, option, "--settings", Folder.File("chatauth.json"), "--url", Url.AbsoluteUri], host,
            interrupt.Token);
        await person.Asked.WaitAsync(TimeSpan.FromSeconds(60));
        await interrupt.CancelAsync();
        Assert.AreEqual(130, await run.WaitAsync(TimeSpan.FromSeconds(20)), error.ToString());
        Assert.AreEqual("signing", (await KeyStates())[0]);
    }

    [TestMethod]
    public async Task A_key_that_ended_while_it_was_waited_for_never_signs()
    {
        await DoAsync("deploy", "--yes");
        bool isTouched = false;
        Network.Before = request =>
        {
            string path = request.RequestUri!.AbsolutePath;
            if (isTouched && path.EndsWith("secureconfigs", StringComparison.Ordinal))
            {
                Clock.Move(TimeSpan.FromDays(366));
                Network.Before = null;
            }

            isTouched |= request.Method.Method == "PATCH" && path.Contains("steps(", StringComparison.Ordinal);
            return Task.FromResult<System.Net.Http.HttpResponseMessage?>(null);
        };
        CommandRun run = await RunAsync("rotate", "--cutover", "--yes");
        Assert.AreEqual("CHATAUTH5305", run.Codes, run.Error);
        await DoAsync("rotate", "--cutover", "--yes");
        Assert.HasCount(1, (await KeyStates()).Where(state => state == "signing").ToArray());
    }

    [TestMethod]
    public async Task The_run_after_until_published_says_so()
    {
        CommandRun shown = await DoAsync("deploy", "--until", "published");
        Assert.AreEqual("pending", (await KeyStates()).Single());
        await DoAsync("deploy");
        Assert.IsTrue(Accepts(Line(shown), await IssueAsync()));

        CommandRun next = await DoAsync("rotate", "--cutover", "--until", "published");
        Assert.IsTrue(Accepts(Line(shown), await IssueAsync()));
        await DoAsync("rotate", "--cutover");
        Assert.IsTrue(Accepts(Line(next), await IssueAsync()));
        Assert.DoesNotContain("shown", StoredText());
    }

    [TestMethod]
    public async Task A_rotation_is_refused_without_cutover_and_says_what_it_costs()
    {
        await DoAsync("deploy", "--yes");
        CommandRun run = await RunAsync("rotate");
        Assert.AreEqual("CHATAUTH5203", run.Codes);
        StringAssert.Contains(run.Error, "from the moment the new key is pasted until it signs");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task The_old_key_signs_until_somebody_says_so_and_no_longer()
    {
        CommandRun first = await DoAsync("deploy", "--yes");
        Assert.AreEqual(NotSaid, (await RunAsync("rotate", "--cutover")).Codes);
        Clock.Move(TimeSpan.FromHours(5));
        Assert.IsTrue(Accepts(Line(first), await IssueAsync()));

        CommandRun run = await AnswerAsync("\n", "rotate", "--cutover");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        string token = await IssueAsync();
        Assert.IsFalse(Accepts(Line(first), token));
        Assert.IsTrue(Accepts(Line(run), token));
        CollectionAssert.AreEqual(new[] { "retiring", "signing" }, await KeyStates());
    }

    [TestMethod]
    public async Task Where_others_read_a_key_set_no_token_is_refused_there()
    {
        Settings["publish"] = new JsonArray(new JsonObject { ["file"] = "publickey.json", ["local"] = true });
        await DoAsync("deploy");
        string before = await IssueAsync();
        CommandRun run = await AnswerAsync("\n", "rotate", "--cutover", "--lead", "2h");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, "and save there, not before 2030-");
        await IssueVerifiedAsync();
        Assert.AreEqual(
            0, (await CommandRun.OfAsync(["token", "verify", before, "--key", KeyFilePath], clock: Clock)).ExitCode);
    }

    [TestMethod]
    public async Task And_without_a_lead_nothing_is_said_of_one()
    {
        Settings["publish"] = new JsonArray(new JsonObject { ["file"] = "publickey.json", ["local"] = true });
        await DoAsync("deploy");
        CommandRun shown = await DoAsync("rotate", "--cutover", "--until", "published", "--lead", "0s");
        StringAssert.Contains(shown.Out, "and save there, once every other place serves the key (key ");
        await DoAsync("rotate", "--cutover", "--lead", "0s");
        CommandRun run = await AnswerAsync("\n", "rotate", "--cutover", "--lead", "0s");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, "and save there (key ");
    }

    [TestMethod]
    public async Task With_a_JWKS_endpoint_there_is_no_cutover_at_all()
    {
        Settings["publish"] =
            new JsonArray(new JsonObject { ["file"] = "jwks.json", ["format"] = "jwks", ["local"] = true });
        Settings["liveAssist"] = new JsonObject { ["key"] = "jwks", ["jwksUrl"] = "https://contosohelp.com/jwks" };
        Network.Before = request => Task.FromResult(request.RequestUri!.Host != "contosohelp.com" ? null
            : new System.Net.Http.HttpResponseMessage
            {
                Content = new System.Net.Http.StringContent(Jwks()),
            });
        await DoAsync("deploy");
        string before = await IssueAsync();
        await DoAsync("rotate");
        await IssueVerifiedAsync(Folder.File("jwks.json"));
        Clock.Move(TimeSpan.FromHours(24));
        await IssueVerifiedAsync(Folder.File("jwks.json"));
        Assert.HasCount(2, PublicKeys.Parse(Jwks()).Keys, before);
    }

    [TestMethod]
    public async Task Broken_off_at_any_write_the_old_or_the_new_key_signs_and_the_next_run_ends_it()
    {
        await DoAsync("deploy", "--yes");
        for (int broken = 1; ; broken++)
        {
            int writes = 0;
            string[] before = Signing();
            Network.Before = request => request.Method.Method == "PATCH" && ++writes == broken
                ? throw new System.Net.Http.HttpRequestException("broken")
                : Task.FromResult<System.Net.Http.HttpResponseMessage?>(null);
            CommandRun run = await RunAsync("rotate", "--cutover", "--yes");
            Network.Before = null;
            string signer = Token.Parse(await IssueAsync()).Header["kid"]!.Text;
            CollectionAssert.Contains(before.Union(Signing()).ToArray(), signer);
            if (writes < broken)
            {
                Assert.AreEqual(0, run.ExitCode, run.Error);
                Assert.IsGreaterThan(4, broken);
                return;
            }

            Assert.AreEqual(1, run.ExitCode);
            await DoAsync("rotate", "--cutover", "--yes");
            Assert.HasCount(1, (await KeyStates()).Where(state => state == "signing").ToArray());
            Clock.Move(TimeSpan.FromDays(2));
        }
    }

    [TestMethod]
    public async Task A_dry_run_asks_nobody_and_writes_nothing()
    {
        await DoAsync("deploy", "--dry-run");
        Assert.IsEmpty(Network.Writes);
        await DoAsync("deploy", "--yes");
        CommandRun run = await DoAsync("rotate", "--cutover", "--dry-run");
        Assert.IsEmpty(Network.Writes);
        StringAssert.Contains(run.Error, "is to be pasted into Live Assist before it signs");
    }

    [TestMethod]
    [DataRow("deploy")]
    [DataRow("rotate --cutover")]
    public async Task Where_JSON_is_written_the_line_is_shown_beside_it(string command)
    {
        string[] words = command.Split(' ');
        await DoAsync("deploy", words[0] == "deploy" ? "--dry-run" : "--yes");
        CommandRun shown = await DoAsync([.. words, "--until", "published", "--json"]);
        Assert.IsNotNull(JsonNode.Parse(shown.Out));
        StringAssert.Contains(shown.Error, "Paste this line as the JWT public key");
        CommandRun run = await DoAsync([.. words, "--json"]);
        Assert.IsNotNull(JsonNode.Parse(run.Out));
        Assert.IsTrue(Accepts(Line(shown), await IssueAsync()));
    }

    [TestMethod]
    [DataRow("deploy")]
    [DataRow("rotate --cutover")]
    public async Task A_dry_run_shows_no_line_of_a_key_that_is_not_made(string command)
    {
        await DoAsync("deploy", command == "deploy" ? "--dry-run" : "--yes");
        CommandRun run = await DoAsync([.. command.Split(' '), "--until", "published", "--dry-run"]);
        Assert.DoesNotContain("MII", run.Out + run.Error);
        StringAssert.Contains(run.Error, "is to be pasted into Live Assist before it signs");
    }

    [TestMethod]
    public async Task Who_is_shown_the_line_is_told_the_next_command()
    {
        StringAssert.Contains(
            (await DoAsync("deploy", "--until", "published")).Out, "Once its line is pasted, run chatauth deploy.");
        await DoAsync("deploy");
        StringAssert.Contains(
            (await DoAsync("rotate", "--cutover", "--until", "published")).Out,
            " is pasted, run chatauth rotate --cutover again.");
    }

    [TestMethod]
    public async Task A_file_of_one_key_is_cut_over_after_the_paste()
    {
        Settings["publish"] =
            new JsonArray(new JsonObject { ["file"] = "publickey.json", ["format"] = "line", ["local"] = true });
        await DoAsync("deploy");
        string old = await IssueVerifiedAsync();
        Assert.AreEqual(NotSaid, (await RunAsync("rotate", "--cutover")).Codes);
        Assert.AreEqual(old, await IssueVerifiedAsync());
        await DoAsync("rotate", "--cutover", "--yes");
        Assert.AreNotEqual(old, await IssueVerifiedAsync());
    }

    // Somebody who does not answer before the test has ended.
    private sealed class PatientReader : TextReader
    {
        private readonly TaskCompletionSource asked = new();
        private readonly TaskCompletionSource ended = new();

        public Task Asked => asked.Task;

        public override string? ReadLine()
        {
            asked.TrySetResult();
            ended.Task.Wait();
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            ended.TrySetResult();
            base.Dispose(disposing);
        }
    }

    private string Jwks() => File.Exists(Folder.File("jwks.json")) ? File.ReadAllText(Folder.File("jwks.json"))
        : """{"keys":[]}""";

    private static string Line(CommandRun run) =>
        Regex.Match(run.Error + run.Out, "^(MII[A-Za-z0-9+/=]+)$", RegexOptions.Multiline).Groups[1].Value
            is { Length: > 0 } line
            ? line : Regex.Match(run.Out, @"JWT public key +(MII\S+)").Groups[1].Value;

    private bool Accepts(string line, string token)
    {
        try
        {
            TokenVerification.Verify(Token.Parse(token), PublicKeys.Parse(line).Keys, Clock.GetUtcNow());
            return true;
        }
        catch (CommandException)
        {
            return false;
        }
    }

    // The kids that sign or did last.
    private string[] Signing() =>
    [
        .. StoredKeys().Where(key => key!["nbf"]!.GetValue<long>() <= Clock.GetUtcNow().ToUnixTimeSeconds())
            .Select(key => key!["kid"]!.ToString()),
    ];

    private async Task<string[]> KeyStates() =>
        [.. JsonNode.Parse((await DoAsync("keys", "--json")).Out)!.AsArray().Select(key => key!["state"]!.ToString())];

    private string StoredText() =>
        Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Single().Text("secureconfig")!;
}
