using System;
using System.Diagnostics;
using System.Linq;
using ChatAuth.Tools.Tests.Deployment;

// Every command broken or held at each of its requests, followed or overtaken by each of the four, wherever keys are
// published. Arguments narrow it: places (File TwoFiles Page WebFile) and first commands.
string[] unknown =
    [.. args.Except(Enum.GetNames<WorldPlace>(), StringComparer.Ordinal).Except(OvertakingMatrix.Commands)];
if (unknown.Length > 0)
{
    await Console.Error.WriteLineAsync(
        "Usage: Overtaking [File|TwoFiles|Page|WebFile]… [deploy|rotate|revoke|uninstall]…");
    return 2;
}

var places = Enum.GetValues<WorldPlace>().Where(place => args.Contains(place.ToString())).ToArray();
var commands = OvertakingMatrix.Commands.Where(command => args.Contains(command)).ToArray();
var broken = 0;
foreach (var place in places.Length > 0 ? places : Enum.GetValues<WorldPlace>())
{
    foreach (var command in commands.Length > 0 ? commands : OvertakingMatrix.Commands)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await new OvertakingMatrix(command, place).RunAsync(isWhole: true);
        Console.WriteLine(FormattableString.Invariant(
            $"{place}, {command}: {result.Requests} requests, {result.Cells} cells, {result.Broken.Count} broken, ")
            + FormattableString.Invariant($"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
        broken += result.Broken.Count;
        foreach (var cell in result.Broken)
        {
            Console.WriteLine("BROKEN: " + cell);
        }
    }
}

return broken == 0 ? 0 : 1;
