using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Deployment;

// Every command broken or held at each of its requests, followed or overtaken by each of the four, wherever keys are
// published. Arguments narrow it: places (File TwoFiles Page WebFile Pasted) and first commands.
string[] unknown =
    [.. args.Except(Enum.GetNames<WorldPlace>(), StringComparer.Ordinal).Except(OvertakingMatrix.Commands)];
if (unknown.Length > 0)
{
    await Console.Error.WriteLineAsync(
        "Usage: Overtaking [File|TwoFiles|Page|WebFile|Pasted]… [deploy|rotate|revoke|uninstall]…");
    return 2;
}

var places = Enum.GetValues<WorldPlace>().Where(place => args.Contains(place.ToString())).ToArray();
var commands = OvertakingMatrix.Commands.Where(command => args.Contains(command)).ToArray();
var broken = 0;
await Parallel.ForEachAsync(
    from place in places.Length > 0 ? places : Enum.GetValues<WorldPlace>()
    from command in commands.Length > 0 ? commands : OvertakingMatrix.Commands
    select (place, command),
    new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
    async (part, _) =>
    {
        var started = Stopwatch.GetTimestamp();
        var result = await new OvertakingMatrix(part.command, part.place).RunAsync(isWhole: true);
        var counted = string.Create(
            CultureInfo.InvariantCulture,
            $"{part.place}, {part.command}: {result.Requests} requests, {result.Cells} cells, "
                + $"{result.Broken.Count} broken, {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        await Console.Out.WriteLineAsync(
            string.Join('\n', result.Broken.Select(cell => "BROKEN: " + cell).Prepend(counted)));
        Interlocked.Add(ref broken, result.Broken.Count);
    });

return broken == 0 ? 0 : 1;
