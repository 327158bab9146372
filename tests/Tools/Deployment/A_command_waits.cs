using System;
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
        StringAssert.Contains(run.Error, "there is a previous [Import] running");
        Assert.IsEmpty(Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig"));
    }

    [TestMethod]
    public async Task On_a_terminal_with_one_line_that_is_rewritten()
    {
        using StringWriter error = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(error),
        });
        Waiting waiting = new(_ => Assert.Fail("a terminal has no lines"), text => text, Clock, console);
        Assert.AreEqual(7, await waiting.RunAsync("waiting for [it]", Clock.GetUtcNow(), async tell =>
        {
            tell("nothing yet", null);
            await Task.Delay(400);
            return 7;
        }));
        string shown = error.ToString();
        StringAssert.Contains(shown, "waiting for [it] until 03:04:05 UTC: nothing yet");
        StringAssert.Contains(shown, "00:00:0");
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
        await File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString());
        using StringWriter error = new();
        int code = await Program.RunAsync(
            ["deploy", "--settings", Folder.File("chatauth.json"), "--url", Url.AbsoluteUri],
            new CommandHost(TextWriter.Null, error, TextReader.Null, Clock)
            {
                Environment = name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : null,
                Network = Network,
            },
            interrupt.Token);
        Assert.AreEqual((130, "interrupted: run it again; nothing is half done"), (code, error.ToString().Trim()));
    }
}
