using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Keys_are_rotated : EnvironmentUnderTest
{
    [TestInitialize]
    public async Task Deploy() => await DoAsync("deploy");

    [TestMethod]
    public async Task The_next_key_is_served_at_once_and_signs_after_the_lead()
    {
        string old = await IssueVerifiedAsync();
        await DoAsync("rotate");

        Assert.AreEqual(old, await IssueVerifiedAsync());
        Assert.HasCount(2, Served());
        Clock.Move(TimeSpan.FromHours(24));
        Assert.AreNotEqual(old, await IssueVerifiedAsync());
    }

    [TestMethod]
    public async Task The_old_key_ends_a_day_after_the_next_one_began()
    {
        string old = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "2h");

        long begins = StoredKeys()[1]!["nbf"]!.GetValue<long>();
        Assert.AreEqual(Clock.GetUtcNow().ToUnixTimeSeconds() + 7200, begins);
        Assert.AreEqual(begins + 86400, Served()[old]);
    }

    [TestMethod]
    public async Task A_scheduled_rotation_is_told_and_left()
    {
        await DoAsync("rotate");
        CommandRun run = await DoAsync("rotate");

        StringAssert.Contains(run.Out, "scheduled already");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task Force_brings_a_scheduled_rotation_forward()
    {
        string old = await IssueVerifiedAsync();
        await DoAsync("rotate");
        await DoAsync("rotate", "--lead", "0s", "--force");

        Assert.HasCount(2, StoredKeys());
        Assert.AreNotEqual(old, await IssueVerifiedAsync());
    }

    [TestMethod]
    [DataRow("--force", "--force", "CHATAUTH5206")]
    [DataRow("--force", "CHATAUTH5206", "--force")]
    public async Task Force_does_so_beside_a_code_that_is_overridden_too(params string[] force)
    {
        string old = await IssueVerifiedAsync();
        await DoAsync("rotate");
        await DoAsync(["rotate", "--lead", "0s", .. force]);
        Assert.AreNotEqual(old, await IssueVerifiedAsync());

        // revoke: the last key goes
        string[] kids = [.. StoredKeys().Select(key => key!["kid"]!.GetValue<string>())];
        await DoAsync("revoke", kids[0]);
        await DoAsync(["revoke", kids[1], .. force]);
    }

    [TestMethod]
    public async Task A_rotation_that_was_interrupted_goes_on_with_its_key()
    {
        Network.Before = request => request.Method.Method == "PATCH" && StoredKeys().Count == 2
            ? throw new System.Net.Http.HttpRequestException("broken")
            : Task.FromResult<System.Net.Http.HttpResponseMessage?>(null);
        CommandRun interrupted = await RunAsync("rotate");
        Assert.AreEqual("CHATAUTH5002", interrupted.Codes);
        Network.Before = null;
        string pending = StoredKeys()[1]!["kid"]!.GetValue<string>();

        await DoAsync("rotate");

        Assert.HasCount(2, StoredKeys());
        Clock.Move(TimeSpan.FromHours(24));
        Assert.AreEqual(pending, await IssueVerifiedAsync());
    }

    [TestMethod]
    public async Task A_key_that_ends_before_the_lead_is_followed_without_a_gap()
    {
        await DoAsync("rotate", "--lead", "0s", "--expires-in", "10h");
        Clock.Move(TimeSpan.FromMinutes(1));
        await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "24h");
        Clock.Move(TimeSpan.FromHours(10));
        await IssueVerifiedAsync();
    }

    [TestMethod]
    [DataRow("pem")]
    [DataRow("line")]
    public async Task A_target_with_one_key_is_cut_over_only_when_asked(string format)
    {
        Settings["publish"]![0]!["format"] = format;
        File.Delete(KeyFilePath);
        await DoAsync("deploy");
        string old = await IssueVerifiedAsync();

        CommandRun refused = await RunAsync("rotate");
        Assert.AreEqual("CHATAUTH5203", refused.Codes);
        Assert.IsEmpty(Network.Writes);

        await DoAsync("rotate", "--cutover");
        Assert.AreNotEqual(old, await IssueVerifiedAsync());
        Assert.HasCount(1, StoredKeys());
    }

    [TestMethod]
    public async Task A_lead_as_long_as_the_key_lives_is_refused()
    {
        CommandRun run = await RunAsync("rotate", "--lead", "2d", "--expires-in", "1d");
        Assert.AreEqual("CHATAUTH5305", run.Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task A_dry_run_writes_nothing()
    {
        CommandRun run = await DoAsync("rotate", "--dry-run");
        Assert.IsEmpty(Network.Writes);
        Assert.HasCount(1, Served());
        Assert.HasCount(
            2, run.Out.Split('\n').Where(line => line.StartsWith("will: publish", StringComparison.Ordinal)).ToArray());
    }
}
