using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;
using System.Linq;

namespace ChatAuth.Commands;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">The command's word.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Whole command lines, most usual first.</param>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines, most usual first.</summary>
    public string[] Examples { get; } = examples;
}

/// <summary>Writes the library's help, then the examples of the command.</summary>
/// <param name="help">The library's own.</param>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Puts this in place of the library's help.</summary>
    public static void Install(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = 120;
        int result = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        string[] examples = command is ExampleCommand { Examples: { Length: > 0 } own }
            ? own
            : [.. command.Subcommands.OfType<ExampleCommand>().SelectMany(each => each.Examples.Length > 0
                ? each.Examples.Take(1)
                : each.Subcommands.OfType<ExampleCommand>().SelectMany(inner => inner.Examples.Take(1)))];
        output.WriteLine("Examples:");
        foreach (string example in examples)
        {
            output.WriteLine("  " + example);
        }

        output.WriteLine();
        output.WriteLine("Exit codes: 0 done, 1 the answer is no or something failed (coded lines on stderr), 2 bad use.");
        return result;
    }
}
