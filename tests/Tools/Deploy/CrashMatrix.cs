using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deploy;

/// <summary>Every command, broken at every request it makes, in every way.</summary>
[TestClass]
public sealed class CrashMatrix
{
    private static readonly NetworkFault[] Faults = [.. Enum.GetValues<NetworkFault>().Except([NetworkFault.None])];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public Task Deploy() => BreakEverywhereAsync(_ => Task.FromResult<string[]>(["deploy"]));

    private async Task BreakEverywhereAsync(Func<World, Task<string[]>> prepare)
    {
        Stopwatch stopwatch = Stopwatch.StartNew();
        (string command, IReadOnlyList<string> requests) = await CleanRunAsync(prepare);
        List<Cell> cells = [.. from request in Enumerable.Range(1, requests.Count) from fault in Faults from later in new[] { true, false } select new Cell(request, fault, later)];
        ConcurrentQueue<Cell> left = new(cells);
        ConcurrentQueue<string> broken = [];
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(WorkAsync)));
        TestContext.WriteLine($"{command}: {requests.Count} requests, {Faults.Length} faults, run again at once and later: {cells.Count} cells in {stopwatch.Elapsed.TotalSeconds:F1} s");
        Assert.IsNotEmpty(cells);
        Assert.IsEmpty(broken, $"{broken.Count} of {cells.Count} cells:\n{string.Join('\n', broken.Take(20))}");

        async Task WorkAsync()
        {
            using World world = new();
            string[] args = await prepare(world);
            CrashedCommand crashed = new(world, world.Save(), args);
            while (left.TryDequeue(out Cell? cell))
            {
                try
                {
                    await crashed.CheckAsync(cell.Request, cell.Fault, cell.Later);
                }
                catch (Exception exception) when (exception is AssertFailedException or CommandException)
                {
                    broken.Enqueue($"{cell} {requests[cell.Request - 1]}: {(exception is CommandException refused ? refused.Errors[0].ToString() : exception.Message)}");
                }
            }
        }
    }

    private static async Task<(string Command, IReadOnlyList<string> Requests)> CleanRunAsync(Func<World, Task<string[]>> prepare)
    {
        using World world = new();
        string[] args = await prepare(world);
        using FaultyNetwork network = world.Network();
        CommandRun run = (await world.RunAsync(network, args))!;
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return (args[0], network.Requests);
    }

    private sealed record Cell(int Request, NetworkFault Fault, bool Later);
}
