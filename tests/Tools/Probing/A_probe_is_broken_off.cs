using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Probing;

/// <summary>A probe, broken at every request it makes.</summary>
[TestClass]
public sealed class A_probe_is_broken_off
{
    private static readonly NetworkFault[] Faults = [NetworkFault.BreaksBefore, NetworkFault.BreaksAfter];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public Task Killed_the_next_probe_deploy_or_uninstall_removes_what_was_left() =>
        EverywhereAsync(1, async (world, request) =>
    {
        using FaultyNetwork network = new(world.Hosts, request, NetworkFault.Abandoned);
        Assert.IsNull(await world.ProbeAsync(network, "--trace"));
        if (request % 8 == 4)
        {
            await world.DeployAsync();
            Assert.IsNull(await world.AskAsync(refusalIsFine: false));
        }
        else if (request % 8 != 0)
        {
            await world.UninstallAsync();
            world.AssertRows(world.Empty, "after uninstall");
        }
        else
        {
            await world.ProbeAsync(0);
            world.AssertRows(world.Dump(world.Imported), "after the next probe");
        }
    });

    [TestMethod]
    public Task After_a_fault_nothing_is_left() => EverywhereAsync(3, async (world, request) =>
    {
        using FaultyNetwork network = new(world.Hosts, request, Faults[request % Faults.Length]);
        CommandRun run = (await world.ProbeAsync(network, "--trace"))!;
        world.AssertRows(world.Dump(world.Imported), run.Error);
        Assert.DoesNotContain("CHATAUTH4999", run.Codes, run.Error);
    });

    [TestMethod]
    public Task After_Ctrl_C_nothing_is_left() => EverywhereAsync(7, async (world, request) =>
    {
        using CancellationTokenSource pressed = new();
        using FaultyNetwork network =
            new(world.Hosts) { Arrives = number => number == request ? pressed.CancelAsync() : Task.CompletedTask };
        CommandRun run = await world.ProbeAsync(network, pressed.Token);
        world.AssertRows(world.Dump(world.Imported), run.Error);
    });

    private async Task EverywhereAsync(int each, Func<ProbeWorld, int, Task> check)
    {
        Stopwatch stopwatch = Stopwatch.StartNew();
        IReadOnlyList<string> requests = await CleanRunAsync();

        // Between two writes nothing changes, so a kill at any request between them is the one at the later.
        int[] cells = [
            .. Enumerable.Range(1, requests.Count).Where(n => IsWrite(requests[n - 1]) || n == requests.Count).Where(
                (_, i) => i % each == 0),
        ];
        ConcurrentQueue<int> left = new(cells);
        ConcurrentQueue<string> broken = [];
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(WorkAsync)));
        TestContext.WriteLine(
            $"{requests.Count} requests, {cells.Length} cells in {stopwatch.Elapsed.TotalSeconds:F1} s");
        Assert.IsEmpty(broken, $"{broken.Count} of {cells.Length} cells:\n{string.Join('\n', broken.Take(10))}");

        async Task WorkAsync()
        {
            using ProbeWorld world = new();
            while (left.TryDequeue(out int request))
            {
                try
                {
                    world.Return(world.Imported);
                    await check(world, request);
                }
                catch (AssertFailedException exception)
                {
                    broken.Enqueue($"{request} {requests[request - 1]}: {exception.Message}");
                }
            }
        }
    }

    private static bool IsWrite(string request) => !request.StartsWith(
        "GET ", StringComparison.Ordinal) && !request.Contains("/chatauth_", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> CleanRunAsync()
    {
        using ProbeWorld world = new();
        using FaultyNetwork network = new(world.Hosts);
        Assert.AreEqual(0, (await world.ProbeAsync(network, "--trace"))!.ExitCode);
        return network.Requests;
    }
}
