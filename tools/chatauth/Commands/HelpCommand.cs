using System.CommandLine;

namespace ChatAuth.Commands;

/// <summary><c>chatauth help COMMAND</c>, which people know from other command lines.</summary>
internal static class HelpCommand
{
    /// <summary>The command.</summary>
    /// <param name="root">The command line whose commands it shows.</param>
    /// <param name="host">Where the help is written.</param>
    public static Command Create(RootCommand root, CommandHost host)
    {
        Argument<string[]> words = new("COMMAND")
        {
            Description = "The command, for example deploy or key new.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        ExampleCommand command =
            new("help", "Says how a command is used, as its --help does.", "chatauth help deploy") { words };
        command.SetAction((parsed, cancellation) => Invocation.RunAsync(
            root.Parse([.. parsed.GetValue(words) ?? [], "--help"]), host, cancellation));
        return command;
    }
}
