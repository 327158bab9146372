using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ChatAuth.Commands;

/// <summary>
/// The help of a command: what it does, how it is written, its words beside what they mean, examples, exit codes.
/// </summary>
/// <param name="host">Says how wide the window is.</param>
internal sealed class Help(CommandHost host) : SynchronousCommandLineAction
{
    // Where the meanings begin. The library's own help gives half of the window to the longest word.
    private const int Column = 28;

    private const int Narrowest = 60;

    private const string ExitCodes =
        "0 done, 1 the answer is no or something failed (coded lines on stderr), 2 bad use, 3 a dry run that would "
        + "change something, 130 interrupted.";

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <summary>
    /// Puts this in place of the library's help, and behind each command that only holds others, the root too.
    /// </summary>
    /// <param name="root">The command line.</param>
    /// <param name="host">Says how wide the window is.</param>
    public static void Install(RootCommand root, CommandHost host)
    {
        Help help = new(host);
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(new HelpOption("--help", "-h", "-?") { Description = "Shows this.", Action = help });
        foreach (Command command in root.Subcommands.Prepend(root).Where(command => command.Subcommands.Count > 0))
        {
            command.Action = help;
        }
    }

    /// <summary>The options of a command, then those that every command has.</summary>
    public static IEnumerable<Option> OptionsOf(Command command)
    {
        IEnumerable<Option> inherited =
            command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive);
        return command.Options.Concat(inherited).Where(option => !option.Hidden).OrderBy(option => option.Recursive);
    }

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        IEnumerable<string> blocks =
        [
            string.Join('\n', Wrap(command.Description!, 0)),
            Block("Usage", ["  " + Usage(command)]),
            Block("Commands", command.Subcommands.SelectMany(each => Row(Words(each), each.Description!))),
            Block("Arguments", command.Arguments.SelectMany(each => Row(each.Name, each.Description!))),
            Block("Options", OptionsOf(command).SelectMany(each => Row(Words(each), Meaning(each)))),
            Block("Examples", ExamplesOf(command).Select(example => "  " + example)),
            string.Join('\n', Wrap("Exit codes: " + ExitCodes, 0)),
        ];
        output.WriteLine(string.Join("\n\n", blocks.Where(block => block.Length > 0)));
        return 0;
    }

    private static string Block(string title, IEnumerable<string> lines) =>
        lines.Any() ? string.Join('\n', lines.Prepend(title + ":")) : string.Empty;

    private static string Usage(Command command)
    {
        IEnumerable<string> path = command is RootCommand ? [] : Path(command).Reverse();
        IEnumerable<string> words = command.Subcommands.Count > 0 ? ["COMMAND"]
            : command.Arguments.Select(each => each.Arity.MinimumNumberOfValues == 0 ? $"[{each.Name}]" : each.Name);
        return string.Join(' ', ["chatauth", .. path, .. words, "[options]"]);
    }

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).SelectMany(Path)
            .Prepend(command.Name);

    private static string Words(Command command) =>
        string.Join(' ', command.Arguments.Select(argument => argument.Name).Prepend(command.Name));

    private static string Words(Option option)
    {
        IEnumerable<string> names = option.Aliases.Order().Append(option.Name);
        string value = option.ValueType == typeof(bool) || option is HelpOption or VersionOption
            ? string.Empty : $" {option.HelpName ?? "VALUE"}";
        return string.Join(", ", names) + value;
    }

    private static string Meaning(Option option)
    {
        string usual = option.HasDefaultValue && option.ValueType != typeof(bool)
            ? $" [default: {option.GetDefaultValue()}]" : string.Empty;
        return option.Description + usual + (option.Required ? " [required]" : string.Empty);
    }

    // A word that does not fit beside its meaning has a line of its own.
    private IEnumerable<string> Row(string word, string meaning)
    {
        string[] lines = [.. Wrap(meaning, Column)];
        string start = "  " + word;
        return start.Length + 2 <= Column
            ? [start.PadRight(Column) + lines[0], .. lines[1..].Select(Indented)]
            : [start, .. lines.Select(Indented)];

        static string Indented(string line) => new string(' ', Column) + line;
    }

    private IEnumerable<string> Wrap(string text, int indent)
    {
        int width = int.Max(Narrowest, host.Width) - indent;
        string line = string.Empty;
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = string.Empty;
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    // A command that only holds others shows the first example of each.
    private static IEnumerable<string> ExamplesOf(Command command) =>
        command is ExampleCommand { Examples: { Length: > 0 } own } ? own
            : command.Subcommands.SelectMany(each => ExamplesOf(each).Take(1));
}
