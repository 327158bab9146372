using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ChatAuth.Commands;

/// <summary>Writes the library's help, then the examples of the command.</summary>
/// <param name="help">The library's own.</param>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    // Wide enough for every option; wrapping by the window's width would make the help differ from run to run.
    private const int Width = 120;

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <summary>Puts this in place of the library's help.</summary>
    public static void Install(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = Width;
        int result = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in ExamplesOf(parseResult.CommandResult.Command))
        {
            output.WriteLine("  " + example);
        }

        output.WriteLine();
        output.WriteLine(
            "Exit codes: 0 done, 1 the answer is no or something failed (coded lines on stderr), 2 bad use.");
        return result;
    }

    // A command that only holds others shows the first example of each.
    private static IEnumerable<string> ExamplesOf(Command command) =>
        command is ExampleCommand { Examples: { Length: > 0 } own } ? own
            : command.Subcommands.SelectMany(each => ExamplesOf(each).Take(1));
}
