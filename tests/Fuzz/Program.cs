using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using ChatAuth.Fuzz;

// Reads hostile inputs: --inputs N (1000000), --seed N (1), --parser NAME for the share of one parser,
// --replay PARSER#NUMBER or PARSER:BASE64 for one of them.
// Exit code 1 when one was not answered as it must be.
int Option(string name, int otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? int.Parse(
    args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

Fuzzing fuzzing = new((ulong)Option("--seed", 1));
IReadOnlyList<Figures> figures;
long start = Stopwatch.GetTimestamp();
if (Array.IndexOf(args, "--replay") is var replay and >= 0)
{
    string[] named = args[replay + 1].Split(['#', ':'], 2);
    Parser parser = Parser.All().Single(parser => parser.Name == named[0]);
    string input = args[replay + 1].Contains('#', StringComparison.Ordinal)
        ? fuzzing.InputOf(parser, int.Parse(named[1], NumberStyles.None, CultureInfo.InvariantCulture))
        : Encoding.Unicode.GetString(Convert.FromBase64String(named[1]));
    Console.WriteLine(input);
    figures = [Fuzzing.Replay(parser, input)];
}
else
{
    string? name = Array.IndexOf(args, "--parser") is var at and >= 0 ? args[at + 1] : null;
    figures = fuzzing.Run(
        Option("--inputs", 1_000_000), Parser.All().Where(parser => name == null || parser.Name == name));
}

SettingsFileParser.CleanUp();
foreach (Figures parser in figures)
{
    Console.WriteLine(parser);
    foreach (string failure in parser.Failures.OrderBy(failure => failure.Length).Take(5))
    {
        Console.WriteLine("  " + failure);
    }
}

int failures = figures.Sum(parser => parser.Failures.Count);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{figures.Sum(parser => parser.Inputs)} inputs in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, "
        + $"{figures.Sum(parser => parser.Accepted)} accepted, {failures} failures"));
return failures == 0 ? 0 : 1;
