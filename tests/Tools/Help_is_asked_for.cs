using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary><c>--help</c> and bad use, for every command.</summary>
[TestClass]
public sealed class Help_is_asked_for
{
    [TestMethod]
    [DataRow]
    [DataRow("init")]
    [DataRow("pack")]
    [DataRow("key")]
    [DataRow("key", "new")]
    [DataRow("key", "import")]
    [DataRow("key", "public")]
    [DataRow("token")]
    [DataRow("token", "inspect")]
    [DataRow("token", "verify")]
    [DataRow("deploy")]
    [DataRow("rotate")]
    [DataRow("keys")]
    [DataRow("liveassist")]
    [DataRow("builtin")]
    [DataRow("builtin", "configure")]
    [DataRow("builtin", "check")]
    [DataRow("revoke")]
    [DataRow("doctor")]
    [DataRow("uninstall")]
    [DataRow("probe")]
    [DataRow("explain")]
    [DataRow("completion")]
    [DataRow("help")]
    public async Task ShowsAnExampleAsync(params string[] command)
    {
        CommandRun run = await CommandRun.OfAsync([.. command, "--help"]);

        Assert.AreEqual(0, run.ExitCode);
        StringAssert.Contains(
            run.Out[run.Out.IndexOf("Examples:\n", StringComparison.Ordinal)..],
            $"chatauth {string.Join(' ', command)}".TrimEnd());
        Assert.AreEqual(run, await CommandRun.OfAsync(["help", .. command]));
        string[] told = run.Out.Split("Examples:")[0].Split('\n');
        Assert.IsTrue(told.All(line => line.Length <= 120), run.Out);
        Assert.IsTrue(
            told.Where(line => line.StartsWith("  -")).All(
                line => !line.Trim().Contains("  ") || line[..28].EndsWith("  ")),
            run.Out);
    }

    [TestMethod]
    [DataRow("key", "public")]
    [DataRow("token", "inspect")]
    [DataRow("deploy", "now")]
    [DataRow("help", "unknown")]
    [DataRow("unknown")]
    [DataRow("rotate", "--lead", "soon")]
    [DataRow("key", "public", "file", "--format", "xml")]
    public async Task IsOfferedAfterBadUseAsync(params string[] command)
    {
        CommandRun run = await CommandRun.OfAsync(command);

        Assert.AreEqual(2, run.ExitCode);
        Assert.AreEqual("", run.Out);
        StringAssert.Contains(run.Error, "--help");
    }

    [TestMethod]
    public async Task DoesNotRepeatAWordThatMayBeASecretAsync()
    {
        CommandRun run =
            await CommandRun.OfAsync(["key", "import", "in.pem", "--passphrase", "hunter2", "--out", "key.json"]);

        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--passphrase");
        Assert.DoesNotContain("hunter2", run.Error);
    }

    [TestMethod]
    [DataRow]
    [DataRow("key")]
    [DataRow("token")]
    public async Task IsGivenWhereACommandOnlyHoldsOthersAsync(params string[] command)
    {
        CommandRun run = await CommandRun.OfAsync(command);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Out, "COMMAND [options]");
    }

    [TestMethod]
    [DataRow("Did you mean deploy?", "deplyo")]
    [DataRow("Did you mean deploy?", "help", "deplyo")]
    [DataRow("Did you mean rotate?", "rotat")]
    [DataRow("Did you mean public?", "key", "pulbic", "key.json")]
    [DataRow("--tmieout. Did you mean --timeout?", "deploy", "--tmieout", "5m")]
    [DataRow("--setings. Did you mean --settings?", "keys", "--setings=prod.json")]
    [DataRow("--josn. Did you mean --json?", "doctor", "--josn")]
    [DataRow("--verbos. Did you mean --verbose?", "doctor", "--verbos")]
    public async Task NamesWhatWasMeantAsync(string meant, params string[] command)
    {
        CommandRun run = await CommandRun.OfAsync(command);

        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, meant);
    }

    [TestMethod]
    [DataRow("keys", "--passphrase=S3cretWord")]
    [DataRow("keys", "S3cretWord")]
    [DataRow("S3cretWord")]
    [DataRow("deploy", "--auth", "S3cretWord")]
    [DataRow("key", "new", "--bits", "S3cretWord", "--out", "key.json")]
    [DataRow("keys", "-pS3cretWord")]
    [DataRow("explain", "S3cretWord")]
    [DataRow("rotate", "--lead", "S3cretWord")]
    [DataRow("completion", "S3cretWord")]
    public async Task RepeatsNoValueAsync(params string[] command)
    {
        CommandRun run = await CommandRun.OfAsync(command);

        Assert.AreEqual(2, run.ExitCode);
        Assert.DoesNotContain("S3cretWord", run.Error);
        Assert.DoesNotContain(@"\u{", run.Error);
    }

    [TestMethod]
    public async Task IsCompletedByBashAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows need not have bash.");
        }

        const string Asked = "chatauth() { dotnet \"$DLL\" \"$@\"; }; eval \"$(chatauth completion bash)\"; "
            + "COMP_LINE='chatauth deploy --ti'; COMP_POINT=${#COMP_LINE}; _chatauth; echo \"${COMPREPLY[*]}\"";
        ProcessStartInfo start = new("bash", ["-c", Asked]) { RedirectStandardOutput = true };
        start.Environment["DLL"] = typeof(Program).Assembly.Location;
        using Process bash = Process.Start(start)!;

        Assert.AreEqual("--timeout", (await bash.StandardOutput.ReadToEndAsync()).Trim());
    }

    [TestMethod]
    public async Task NamesTheVersionOfTheChangeLogAsync() =>
        Assert.AreEqual(ProductVersion.OfCommand, (await CommandRun.OfAsync(["--version"])).Out.Trim());
}
