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
    [DataRow("revoke")]
    [DataRow("doctor")]
    [DataRow("uninstall")]
    [DataRow("probe")]
    [DataRow("explain")]
    public async Task ShowsAnExampleAsync(params string[] command)
    {
        CommandRun run = await CommandRun.OfAsync([.. command, "--help"]);

        Assert.AreEqual(0, run.ExitCode);
        StringAssert.Contains(run.Out, $"Examples:\n  chatauth {string.Join(' ', command)}".TrimEnd());
    }

    [TestMethod]
    [DataRow]
    [DataRow("key")]
    [DataRow("key", "public")]
    [DataRow("token", "inspect")]
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
    public async Task NamesTheVersionOfTheChangeLogAsync() =>
        Assert.AreEqual(ProductVersion.OfCommand, (await CommandRun.OfAsync(["--version"])).Out.Trim());
}
