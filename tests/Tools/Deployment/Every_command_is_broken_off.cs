using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>Every command, broken at every request it makes, in every way.</summary>
[TestClass]
[CICondition(ConditionMode.Include, IgnoreMessage = Sweep.Reason)]
public sealed class Every_command_is_broken_off
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public Task Deploy() => BreakEverywhereAsync(new Matrix(), _ => Task.FromResult<string[]>(["deploy"]));

    [TestMethod]
    public Task Deploy_on_a_site() => BreakEverywhereAsync(Matrix.OfSite, _ => Task.FromResult<string[]>(["deploy"]));

    [TestMethod]
    public Task Deploy_of_a_site() => BreakEverywhereAsync(Matrix.OfPortal, _ => Task.FromResult<string[]>(["deploy"]));

    [TestMethod]
    public Task Rotate() => BreakEverywhereAsync(new Matrix(), RotateAsync);

    [TestMethod]
    public Task Rotate_on_a_site() => BreakEverywhereAsync(Matrix.OfSite, RotateAsync);

    [TestMethod]
    public Task Rotate_at_once() =>
        BreakEverywhereAsync(new Matrix(), async world => [.. await RotateAsync(world), "--lead", "0s", "--force"]);

    [TestMethod]
    public Task Revoke_the_old_key() =>
        BreakEverywhereAsync(new Matrix(), async world => ["revoke", (await RotatedAsync(world)).Old]);

    [TestMethod]
    public Task Revoke_on_a_site() =>
        BreakEverywhereAsync(Matrix.OfSite, async world => ["revoke", (await RotatedAsync(world)).Old]);

    // At once only: when the retiring key has ended, to revoke the other one is refused, as it must be.
    [TestMethod]
    public Task Revoke_the_key_that_signs() => BreakEverywhereAsync(
        new Matrix { Again = [(false, false), (false, true)] },
        async world => ["revoke", (await RotatedAsync(world)).Signing]);

    private static async Task<string[]> RotateAsync(World world)
    {
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(100));
        return ["rotate"];
    }

    private static async Task<(string Old, string Signing)> RotatedAsync(World world)
    {
        string[] rotate = await RotateAsync(world);
        string old = await world.AskAsync();
        await world.DoAsync([.. rotate, "--lead", "0s", "--force"]);
        world.Move(TimeSpan.FromHours(1));
        return (old, await world.AskAsync());
    }

    private async Task BreakEverywhereAsync(Matrix matrix, Func<World, Task<string[]>> prepare)
    {
        Stopwatch stopwatch = Stopwatch.StartNew();
        (string command, IReadOnlyList<string> requests) = await CleanRunAsync(matrix, prepare);
        IReadOnlyList<Cell> cells = matrix.Cells(requests);
        ConcurrentQueue<Cell> left = new(cells);
        ConcurrentQueue<string> broken = [];
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(WorkAsync)));
        TestContext.WriteLine(
            $"{command}: {requests.Count} requests, {matrix}: {cells.Count} cells in "
                + $"{stopwatch.Elapsed.TotalSeconds:F1} s");
        Assert.IsNotEmpty(cells);
        Assert.IsEmpty(broken, $"{broken.Count} of {cells.Count} cells:\n{string.Join('\n', broken.Take(20))}");

        async Task WorkAsync()
        {
            using World world = new(matrix.WithSite ? WorldPlace.Page : WorldPlace.File, matrix.WithPortal);
            string[] args = await prepare(world);
            CrashedCommand crashed = new(world, world.Save(), args);
            while (left.TryDequeue(out Cell? cell))
            {
                try
                {
                    await crashed.CheckAsync(cell);
                }
                catch (Exception exception) when (exception is AssertFailedException or CommandException)
                {
                    string text =
                        exception is CommandException refused ? refused.Errors[0].ToString() : exception.Message;
                    broken.Enqueue($"{cell} {requests[cell.Request - 1]}: {text}");
                }
            }
        }
    }

    private static async Task<(string Command, IReadOnlyList<string> Requests)> CleanRunAsync(
        Matrix matrix, Func<World, Task<string[]>> prepare)
    {
        using World world = new(matrix.WithSite ? WorldPlace.Page : WorldPlace.File, matrix.WithPortal);
        string[] args = await prepare(world);
        await world.ReturnAsync(world.Save(), secureConfigurationRenews: false);
        return (args[0], await world.DoAsync(args));
    }
}
