using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class An_empty_environment_is_deployed_to : EnvironmentUnderTest
{
    [TestMethod]
    public async Task A_token_verifies_with_the_published_keys()
    {
        CommandRun run = await DoAsync("deploy");

        Assert.AreEqual("Deployed.\n", run.Out);
        Assert.AreEqual(StoredKeys().Single()!["kid"]!.GetValue<string>(), await IssueVerifiedAsync());
    }

    [TestMethod]
    public async Task A_second_run_writes_nothing_and_says_so()
    {
        await DoAsync("deploy");
        File.SetLastWriteTimeUtc(KeyFilePath, Clock.GetUtcNow().UtcDateTime.AddDays(-1));
        System.DateTime written = File.GetLastWriteTimeUtc(KeyFilePath);

        CommandRun run = await DoAsync("deploy");

        Assert.IsEmpty(Network.Writes);
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(KeyFilePath));
        Assert.AreEqual("Everything is as the settings file says; nothing was changed.\n", run.Out);
        Assert.AreEqual("not proven again, since nothing was changed; --prove asks for a token\n", run.Error);
    }

    [TestMethod]
    public async Task A_dry_run_tells_the_plan_and_writes_nothing()
    {
        CommandRun run = await DoAsync("deploy", "--dry-run");

        Assert.IsEmpty(Network.Writes);
        Assert.IsFalse(File.Exists(KeyFilePath));
        Assert.StartsWith("is:   solution not installed\nwill: import the solution ", run.Out);
        StringAssert.Contains(run.Out, "will: publish the keys to file " + KeyFilePath);
        Assert.EndsWith("Nothing was changed.\n", run.Out);
    }
}
