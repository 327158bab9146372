using System.CommandLine;
using ChatAuth.Commands;
using Spectre.Console;

namespace ChatAuth;

/// <summary>The command line: <c>chatauth</c>.</summary>
internal static class Program
{
    private static readonly (string Name, Func<CommandHost, Command> Create)[] Commands =
    [
        ("setup", SetupCommand.Create),
        ("init", InitCommand.Create),
        ("pack", PackCommand.Create),
        ("key", KeyCommand.Create),
        ("token", TokenCommand.Create),
        ("deploy", DeployCommand.Create),
        ("rotate", RotateCommand.Create),
        ("revoke", RevokeCommand.Create),
        ("keys", KeysCommand.Create),
        ("liveassist", LiveAssistCommand.Create),
        ("builtin", BuiltInCommand.Create),
        ("doctor", DoctorCommand.Create),
        ("uninstall", UninstallCommand.Create),
        ("probe", ProbeCommand.Create),
        ("explain", ExplainCommand.Create),
        ("completion", CompletionCommand.Create),
    ];

    /// <summary>Runs a command in the shell.</summary>
    /// <param name="args">The words after the command's name.</param>
    public static Task<int> Main(string[] args) =>
        RunAsync(
            args,
#pragma warning disable RS0030 // the entry point is the one place that names the system's clock
            new CommandHost(Console.Out, Console.Error, Console.In, TimeProvider.System)
            {
                Terminal = Console.IsErrorRedirected ? null : Screen(Console.Error, console => console.Interactive),
                Screen = Console.IsOutputRedirected ? null : Screen(Console.Out, console => true),
            },
#pragma warning restore RS0030
            CancellationToken.None);

    private static IAnsiConsole? Screen(TextWriter writer, Func<IReadOnlyCapabilities, bool> isFit)
    {
        IAnsiConsole console =
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        return console.Profile.Capabilities.Ansi && isFit(console.Profile.Capabilities) ? console : null;
    }

    /// <summary>
    /// Runs a command; 0 done, 1 the answer is no or something failed, 2 bad use, 3 a dry run that would change
    /// something, 130 interrupted.
    /// </summary>
    /// <param name="args">The words after the command's name.</param>
    /// <param name="host">Where it reads and writes.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static Task<int> RunAsync(string[] args, CommandHost host, CancellationToken cancellation)
    {
        string[] words = EnvironmentOptions.BareForceLast(args);
        ParseResult parsed = Root(host, words).Parse(words);
        CommandHost heard = GlobalOptions.Heard(parsed, host);
        return Invocation.RunAsync(
            heard == host ? parsed : Root(heard, words).Parse(words), heard, cancellation);
    }

    /// <summary>Every command that a line can mean, with its arguments and options.</summary>
    /// <param name="host">Where they read and write.</param>
    /// <param name="words">The line; an empty one can mean every command.</param>
    /// <remarks>
    /// A line that begins with a command's name gets that command alone: making all of them is what most of a short
    /// command's time would go into.
    /// </remarks>
    public static RootCommand Root(CommandHost host, params string[] words)
    {
        RootCommand root = new("Issues authenticated-chat tokens inside Dataverse: packs, deploys and rotates.");
        IEnumerable<(string Name, Func<CommandHost, Command> Create)> named =
            Commands.Where(command => command.Name == words.FirstOrDefault());
        bool isAny = words is not ["--version"] && !named.Any();
        foreach ((_, Func<CommandHost, Command> create) in isAny ? Commands : named)
        {
            root.Subcommands.Add(create(host));
        }

        if (isAny)
        {
            root.Subcommands.Add(HelpCommand.Create(root, host));
        }

        GlobalOptions.AddTo(root);
        Help.Install(root, host);
        WriteVersion.Install(root);
        return root;
    }
}
