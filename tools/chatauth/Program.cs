using System.CommandLine;
using ChatAuth.Commands;
using Spectre.Console;

namespace ChatAuth;

/// <summary>The command line: <c>chatauth</c>.</summary>
internal static class Program
{
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
        ParseResult parsed = Root(host).Parse(words);
        CommandHost heard = GlobalOptions.Heard(parsed, host);
        return Invocation.RunAsync(
            heard == host ? parsed : Root(heard).Parse(words), heard, cancellation);
    }

    /// <summary>Every command, with its arguments and options.</summary>
    /// <param name="host">Where they read and write.</param>
    public static RootCommand Root(CommandHost host)
    {
        RootCommand root = new("Issues authenticated-chat tokens inside Dataverse: packs, deploys and rotates.")
        {
            SetupCommand.Create(host),
            InitCommand.Create(host),
            PackCommand.Create(host),
            KeyCommand.Create(host),
            TokenCommand.Create(host),
            DeployCommand.Create(host),
            RotateCommand.Create(host),
            RevokeCommand.Create(host),
            KeysCommand.Create(host),
            LiveAssistCommand.Create(host),
            BuiltInCommand.Create(host),
            DoctorCommand.Create(host),
            UninstallCommand.Create(host),
            ProbeCommand.Create(host),
            ExplainCommand.Create(host),
        };
        root.Subcommands.Add(CompletionCommand.Create(host));
        root.Subcommands.Add(HelpCommand.Create(root, host));
        GlobalOptions.AddTo(root);
        Help.Install(root, host);
        WriteVersion.Install(root);
        return root;
    }
}
