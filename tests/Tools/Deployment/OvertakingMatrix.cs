using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>What came of a matrix.</summary>
/// <param name="Requests">How many requests the first command makes.</param>
/// <param name="Cells">How many cells were run.</param>
/// <param name="Broken">What did not hold, one line a cell.</param>
internal sealed record OvertakingResult(int Requests, int Cells, IReadOnlyList<string> Broken);

/// <summary>
/// A command that is broken or held at each of its requests, followed or overtaken by each of the four commands.
/// </summary>
/// <param name="first">The command that is stopped.</param>
/// <param name="place">Where the keys are published beside a file.</param>
internal sealed class OvertakingMatrix(string first, WorldPlace place)
{
    /// <summary>Those that write.</summary>
    public static IReadOnlyList<string> Commands { get; } = ["deploy", "rotate", "revoke", "uninstall"];

    private static readonly NetworkFault[] Faults =
        [NetworkFault.None, NetworkFault.BreaksBefore, NetworkFault.BreaksAfter, NetworkFault.Abandoned];

    /// <summary>Runs cells on every core.</summary>
    /// <param name="isWhole">Whether all are run; or one for each second command and request from the first write on,
    /// and one for each request before.</param>
    public async Task<OvertakingResult> RunAsync(bool isWhole)
    {
        IReadOnlyList<string> requests = await RequestsAsync();
        IReadOnlyList<OvertakingCell> cells = [.. Cells(requests, isWhole)];
        ConcurrentQueue<OvertakingCell> left = new(cells);
        ConcurrentQueue<string> broken = [];
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            using World world = new(place);
            OvertakenCommand command = new(world, await StartAsync(world), stolen: await world.AskAsync(), first);
            while (left.TryDequeue(out OvertakingCell? cell))
            {
                try
                {
                    await command.CheckAsync(cell);
                }
                catch (Exception exception) when (exception is AssertFailedException or CommandException)
                {
                    broken.Enqueue($"{first}, {cell}, {requests[cell.Request - 1]}: {exception.Message}");
                }
            }
        })));
        return new OvertakingResult(requests.Count, cells.Count, [.. broken]);
    }

    // Two keys, the newer of which signs. Before deploy a rotation was killed, so that deploy has something to publish.
    private async Task<WorldState> StartAsync(World world)
    {
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(100));
        await world.DoAsync("rotate", "--lead", "0s", "--force");
        world.Move(TimeSpan.FromHours(1));
        if (first == "deploy")
        {
            using FaultyNetwork killed = world.Network((await RotationAsync(world)) + 1, NetworkFault.Abandoned);
            await world.RunAsync(killed, "rotate");
        }

        return world.Save();
    }

    // The number of the request with which a rotation puts its next key into the row.
    private static async Task<int> RotationAsync(World world)
    {
        WorldState before = world.Save();
        IReadOnlyList<string> requests = await world.DoAsync("rotate");
        await world.ReturnAsync(before, secureConfigurationRenews: false);
        return 1 + requests.Index().First(request => request.Item.StartsWith("PATCH ", StringComparison.Ordinal)).Index;
    }

    private async Task<IReadOnlyList<string>> RequestsAsync()
    {
        using World world = new(place);
        await world.ReturnAsync(await StartAsync(world), secureConfigurationRenews: false);
        return await world.DoAsync(OvertakenCommand.Line(first, await world.AskAsync()));
    }

    // Of the same question asked again and again the first and the last time.
    private static IEnumerable<OvertakingCell> Cells(IReadOnlyList<string> requests, bool isWhole)
    {
        int[] numbers =
        [
            .. Enumerable.Range(1, requests.Count).Where(number => number == 1 || number == requests.Count
                || requests[number - 2] != requests[number - 1] || requests[number] != requests[number - 1]),
        ];
        if (!isWhole)
        {
            // Before its first write a command has done nothing: held there, it meets the others in turn.
            int write = 1 + requests.Index()
                .First(request => !request.Item.StartsWith("GET ", StringComparison.Ordinal)).Index;
            return Commands.SelectMany((second, row) => numbers.Index()
                .Where(each => each.Item >= write || each.Index % Commands.Count == row)
                .Select(each => new OvertakingCell(
                    each.Item, Faults[((row + each.Index) * 2) % Faults.Length], second, each.Index % 4 > 1)));
        }

        // A question whose answer is lost has done no more than one that was not asked.
        return from number in numbers
               from fault in Faults
               where fault != NetworkFault.BreaksAfter
                   || !requests[number - 1].StartsWith("GET ", StringComparison.Ordinal)
               from second in Commands
               from renews in new[] { false, true }
               select new OvertakingCell(number, fault, second, renews);
    }
}
