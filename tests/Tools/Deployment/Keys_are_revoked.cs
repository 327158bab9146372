using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Keys_are_revoked : EnvironmentUnderTest
{
    private string first = string.Empty;

    [TestInitialize]
    public async Task Deploy()
    {
        await DoAsync("deploy");
        first = await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task The_last_signing_key_stays_unless_forced()
    {
        CommandRun run = await RunAsync("revoke", first);
        Assert.AreEqual("CHATAUTH5303", run.Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task By_force_nothing_is_served_and_no_token_is_issued_until_the_next_deploy()
    {
        await DoAsync("revoke", first, "--force");
        Assert.IsEmpty(Served());
        CommandException refused = await Assert.ThrowsExactlyAsync<CommandException>(IssueAsync);
        Assert.AreEqual("CHATAUTH5005", refused.Errors[0].Code);

        await DoAsync("deploy");
        Assert.AreNotEqual(first, await IssueVerifiedAsync());
    }

    [TestMethod]
    public async Task An_unknown_kid_is_refused()
    {
        CommandRun run = await RunAsync("revoke", "other");
        Assert.AreEqual("CHATAUTH5302", run.Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task A_revocation_done_already_is_done()
    {
        await DoAsync("rotate", "--lead", "0s");
        await DoAsync("revoke", first);
        await DoAsync("revoke", first);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task The_key_leaves_the_targets_before_the_steps_serve_again()
    {
        await DoAsync("rotate", "--lead", "0s");
        string[] atEnabling = [];
        Network.Before = async request =>
        {
            if (request.Method == HttpMethod.Patch
                && (await request.Content!.ReadAsStringAsync()).Contains("\"statecode\":0", StringComparison.Ordinal))
            {
                atEnabling = [.. Served().Keys];
            }

            return null;
        };
        await DoAsync("revoke", first);
        Assert.HasCount(1, atEnabling);
        Assert.DoesNotContain(first, atEnabling);
    }
}
