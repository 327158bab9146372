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

    [TestMethod]
    public Task Rotate() => BreakEverywhereAsync(async world =>
    {
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(100));
        return ["rotate"];
    });

    [TestMethod]
    public Task Rotate_at_once() => BreakEverywhereAsync(async world =>
    {
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(100));
        return ["rotate", "--lead", "0s", "--force"];
    });

    [TestMethod]
    public Task Revoke_the_old_key() => BreakEverywhereAsync(async world => ["revoke", (await RotatedAsync(world)).Old]);

    // At once only: when the retiring key has ended, to revoke the other one is refused, as it must be.
    [TestMethod]
    public Task Revoke_the_key_that_signs() => BreakEverywhereAsync(async world => ["revoke", (await RotatedAsync(world)).Signing], false);

    private static async Task<(string Old, string Signing)> RotatedAsync(World world)
    {
        await world.DoAsync("deploy");
        string old = await world.AskAsync();
        world.Move(TimeSpan.FromDays(100));
        await world.DoAsync("rotate", "--lead", "0s", "--force");
        world.Move(TimeSpan.FromHours(1));
        return (old, await world.AskAsync());
    }

    private async Task BreakEverywhereAsync(Func<World, Task<string[]>> prepare, params bool[] again)
    {
        Stopwatch stopwatch = Stopwatch.StartNew();
        (string command, IReadOnlyList<string> requests) = await CleanRunAsync(prepare);
        List<Cell> cells = [.. from request in Enumerable.Range(1, requests.Count) from fault in Faults from later in again is [] ? [false, true] : again from renews in new[] { false, true } select new Cell(request, fault, later, renews)];
        ConcurrentQueue<Cell> left = new(cells);
        ConcurrentQueue<string> broken = [];
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(WorkAsync)));
        TestContext.WriteLine($"{command}: {requests.Count} requests, {Faults.Length} faults, run again at once{(again is [] ? " and later" : string.Empty)}, instances renewed by their row and not: {cells.Count} cells in {stopwatch.Elapsed.TotalSeconds:F1} s");
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
                    await crashed.CheckAsync(cell.Request, cell.Fault, cell.Later, cell.Renews);
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
        return (args[0], await world.DoAsync(args));
    }

    private sealed record Cell(int Request, NetworkFault Fault, bool Later, bool Renews);
}
