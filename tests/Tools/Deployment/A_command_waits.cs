using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Pack;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Spectre.Console;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class A_command_waits : EnvironmentUnderTest
{
    [TestMethod]
    public async Task In_a_pipe_with_a_line_at_the_start_and_then_one_a_minute()
    {
        Settings["publish"] = new JsonArray(
            new JsonObject { ["file"] = "publickey.json", ["url"] = "https://contosohelp.com/publickey.json" });
        Network.Before = request => Task.FromResult(request.RequestUri!.Host == "contosohelp.com"
            ? new HttpResponseMessage(HttpStatusCode.NotFound) : null);
        CommandRun run = await RunAsync("deploy", "--timeout", "10m");
        Assert.AreEqual("CHATAUTH5201", run.Codes, run.Error);
        string[] lines =
        [
            .. run.Error.Split('\n').Where(line => line.StartsWith("waiting for file", StringComparison.Ordinal)),
        ];
        Assert.IsTrue(lines.Length is >= 9 and <= 11, run.Error);
        StringAssert.Matches(lines[0], new("publickey.json until [0-9]{2}:[0-9]{2}:[0-9]{2} UTC: it holds nothing$"));
        StringAssert.Matches(lines[3], new("publickey.json for [34] min, until [0-9:]{8} UTC: it holds nothing$"));
        Assert.AreEqual(1, run.Error.Split("importing the solution").Length - 1);
    }

    [TestMethod]
    [DataRow(HttpStatusCode.ServiceUnavailable)]
    [DataRow(HttpStatusCode.InternalServerError)]
    public async Task For_a_server_that_is_down_and_gives_no_advice_on_its_address(HttpStatusCode status)
    {
        Settings["publish"] = new JsonArray(
            new JsonObject { ["file"] = "publickey.json", ["url"] = "https://contosohelp.com/publickey.json" });
        Network.Before = request => Task.FromResult(
            request.RequestUri!.Host == "contosohelp.com" ? new HttpResponseMessage(status) : null);
        CommandRun run = await RunAsync("deploy", "--timeout", "1m");
        Assert.AreEqual("CHATAUTH5201", run.Codes, run.Error);
        StringAssert.Contains(run.Error, $"answered with HTTP status {(int)status}\n");
        StringAssert.Contains(run.Error, $"answered with HTTP status {(int)status}. No key signs before");
        Assert.DoesNotContain("Check the address", run.Error);
    }

    [TestMethod]
    public async Task Until_a_day_that_is_named_where_it_is_another_one()
    {
        List<string> lines = [];
        Waiting waiting = new(lines.Add, text => text, Clock, terminal: null);
        foreach (int hours in new[] { 20, 24, 500 })
        {
            await waiting.RunAsync("waiting", Clock.GetUtcNow().AddHours(hours), tell =>
            {
                tell("nothing", null);
                return Task.FromResult(true);
            });
        }

        CollectionAssert.AreEqual(
            new[]
            {
                "waiting until 23:04:05 UTC: nothing",
                "waiting until 2030-01-03 03:04:05 UTC: nothing",
                "waiting until 2030-01-22 23:04:05 UTC: nothing",
            },
            lines);
    }

    [TestMethod]
    public async Task For_another_import_of_the_environment()
    {
        Organization.ImportDuration = TimeSpan.FromMinutes(3);
        Organization.Imports.Start(SolutionPackage.Product().Pack(managed: true));
        CommandRun run = await DoAsync("deploy");
        StringAssert.Contains(run.Error, "waiting for another import of this environment until ");
        Assert.IsNotNull(await IssueAsync());
    }

    [TestMethod]
    public async Task But_not_longer_than_it_was_told_to()
    {
        Organization.ImportDuration = TimeSpan.FromHours(3);
        Organization.Imports.Start(SolutionPackage.Product().Pack(managed: true));
        CommandRun run = await RunAsync("deploy", "--timeout", "5m");
        Assert.AreEqual("CHATAUTH5003", run.Codes, run.Error);
        StringAssert.Contains(run.Error, "another import of this environment is running");
        Assert.IsEmpty(Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig"));
    }

    [TestMethod]
    [DataRow(120, "until 03:04:05 UTC, waiting for [it]: nothing so far")]
    [DataRow(40, "until 03:04:05 UTC, waiting…")]
    [DataRow(20, "until 0…")]
    [DataRow(13, "…")]
    public async Task On_a_terminal_with_one_line_that_is_rewritten(int width, string line)
    {
        using StringWriter error = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(error),
        });
        console.Profile.Width = width;
        Waiting waiting = new(
            _ => Assert.Fail("a terminal has no lines"),
            text => text.Replace("yet", "so far", StringComparison.Ordinal),
            Clock,
            console);
        Assert.AreEqual(7, await waiting.RunAsync("waiting for [it]", Clock.GetUtcNow(), async tell =>
        {
            tell("nothing yet", null);
            await Task.Delay(400);
            return 7;
        }));
        string shown = error.ToString();
        StringAssert.Contains(shown, line);
        StringAssert.Contains(shown, "00:00:0");
        StringAssert.Contains(shown, "\u001b[2A", "the line and an empty one");
        Assert.DoesNotContain("\u001b[3A", shown);
        StringAssert.Contains(shown, "\u001b[2K", "it is gone at the end");
        Assert.IsGreaterThan(shown.LastIndexOf("\u001b[?25l", StringComparison.Ordinal),
            shown.LastIndexOf("\u001b[?25h", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Until_somebody_interrupts_it()
    {
        using CancellationTokenSource interrupt = new();
        Network.Before = async _ =>
        {
            await interrupt.CancelAsync();
            return null;
        };
        (int code, string output, string error) = await InterruptAsync(["deploy"], TextReader.Null, interrupt.Token);
        Assert.AreEqual(
            (130, "", "interrupted: run it again; nothing is half done"), (code, output, error.Trim()));
    }

    [TestMethod]
    [DataRow("uninstall")]
    [DataRow("deploy")]
    public async Task Until_somebody_interrupts_it_instead_of_answering(string command)
    {
        Settings["publish"] = new JsonArray();
        Settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        using CancellationTokenSource interrupt = new();
        using SilentKeyboard keyboard = new();
        Task<(int, string, string)> running = InterruptAsync(
            [command], TextReader.Synchronized(keyboard), interrupt.Token); // as the console's own reader
        await keyboard.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await interrupt.CancelAsync();
        (int code, _, string error) = await running.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.AreEqual(130, code);
        StringAssert.EndsWith(error.Trim(), "interrupted: run it again; nothing is half done");
    }

    [TestMethod]
    public async Task Until_somebody_interrupts_it_and_JSON_says_what_was_done()
    {
        using CancellationTokenSource interrupt = new();
        Network.Before = async request =>
        {
            if (request.Method == HttpMethod.Patch)
            {
                await interrupt.CancelAsync();
            }

            return null;
        };
        (int code, string output, _) = await InterruptAsync(["deploy", "--json"], TextReader.Null, interrupt.Token);
        Assert.AreEqual(130, code);
        JsonNode document = JsonNode.Parse(output)!;
        Assert.IsFalse(document["complete"]!.GetValue<bool>());
        StringAssert.StartsWith(
            document["changes"]!.AsArray()[^1]!["change"]!.GetValue<string>(), "publish the keys to file ");
    }

    [TestMethod]
    [DataRow(130)]
    [DataRow(143)]
    public async Task Until_a_signal_that_the_library_answers_first(int code)
    {
        RootCommand root = [];
        root.SetAction(_ => code);
        using StringWriter error = new();
        Assert.AreEqual(130, await Commands.Invocation.RunAsync(
            root.Parse([]), new CommandHost(TextWriter.Null, error, TextReader.Null, Clock), CancellationToken.None));
        Assert.AreEqual("interrupted: run it again; nothing is half done", error.ToString().Trim());
    }

    private async Task<(int Code, string Out, string Error)> InterruptAsync(
        string[] words, TextReader input, CancellationToken interrupt)
    {
        await File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString(), CancellationToken.None);
        using StringWriter output = new();
        using StringWriter error = new();
        string[] args = [.. words, "--settings", Folder.File("chatauth.json"), "--url", Url.AbsoluteUri];
        int code = await Task.Run(
            () => Program.RunAsync(
                args,
                new CommandHost(output, error, input, Clock)
                {
                    Environment = name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : null,
                    Network = Network,
                },
                interrupt),
            CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    // Nobody presses a key on it.
    private sealed class SilentKeyboard : TextReader
    {
        private readonly ManualResetEventSlim gone = new();

        public TaskCompletionSource Asked { get; } = new();

        public override string? ReadLine()
        {
            Asked.TrySetResult();
            gone.Wait();
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            gone.Set();
            gone.Dispose();
            base.Dispose(disposing);
        }
    }
}
