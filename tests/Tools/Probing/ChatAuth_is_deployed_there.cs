using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Probing;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Probing;

[TestClass]
public sealed class ChatAuth_is_deployed_there
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true, DisplayName = "and a disabled step arrives enabled")]
    public async Task Only_what_disturbs_nobody_is_asked(bool arriveEnabled)
    {
        using ProbeWorld world = new();
        await world.DeployAsync();
        world.Organization.Unknowns.StepsArriveEnabled = arriveEnabled;
        IReadOnlyList<string> before = world.Dump();
        string served = await world.ServedAsync();
        List<string?> seen = [];
        using FaultyNetwork network = new(world.Hosts)
        {
            Watch = async () =>
            {
                seen.Add(await world.AskAsync());
                seen.Add(await world.ServedAsync() == served ? null : "other keys are served");
            },
        };
        CommandRun run = (await world.ProbeAsync(network, "--trace"))!;

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsEmpty(seen.Where(wrong => wrong != null));
        Assert.HasCount(10, run.Out.Split("| not asked |"), "nine are not asked");
        world.AssertRows(before, "something is left behind");
        Assert.DoesNotContain("chatauth_IssueChatToken?", string.Join(' ', network.Requests));
        Assert.IsEmpty(network.Requests.Where(request => request.Contains("ImportSolution", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Or_comes_while_a_probe_is_running()
    {
        using ProbeWorld world = new();
        using FaultyNetwork clean = new(world.Hosts);
        await world.ProbeAsync(clean);
        int[] writes = [
            .. Enumerable.Range(1, clean.Requests.Count).Where(
                n => clean.Requests[n - 1].StartsWith("POST ",
                    StringComparison.Ordinal) && clean.Requests[n - 1].Contains("steps?", StringComparison.Ordinal))
                .Where((_, i) => i % 3 == 0),
        ];
        Assert.IsNotEmpty(writes);
        foreach (int write in writes)
        {
            world.Return(world.Imported);
            await DeployAtAsync(world, write);
            Assert.IsNull(world.Organization.Rows.Now.Find("sdkmessageprocessingstep", ProbeRows.IssueToken.Id));
        }
    }

    [TestMethod]
    public async Task Nothing_can_be_asked_without_the_solution()
    {
        using ProbeWorld world = new();
        await world.UninstallAsync();
        Assert.AreEqual("CHATAUTH5501", (await world.ProbeAsync(1)).Codes);
    }

    private static async Task DeployAtAsync(ProbeWorld world, int write)
    {
        List<string?> seen = [];
        string? served = null;
        int arrived = 0;
        using FaultyNetwork network = new(world.Hosts)
        {
            Arrives = number => Task.FromResult(arrived = number),
            Watch = async () =>
            {
                if (arrived >= write)
                {
                    served ??= await DeployedAsync(world);
                    seen.Add(await world.AskAsync());
                    seen.Add(await world.ServedAsync() == served ? null : "other keys are served");
                }
            },
        };
        await world.ProbeAsync(network);
        Assert.IsNotEmpty(seen);
        Assert.IsEmpty(seen.Where(wrong => wrong != null), string.Join(' ', seen));
    }

    private static async Task<string> DeployedAsync(ProbeWorld world)
    {
        await world.DeployAsync();
        return await world.ServedAsync();
    }
}
