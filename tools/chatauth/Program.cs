using System.CommandLine;
using ChatAuth.Commands;

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
            new Terminal(Console.Out, Console.Error, Console.In, TimeProvider.System),
#pragma warning restore RS0030
            CancellationToken.None);

    /// <summary>Runs a command; 0 done, 1 the answer is no or something failed, 2 bad use.</summary>
    /// <param name="args">The words after the command's name.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation) =>
        Invocation.RunAsync(Root(terminal).Parse(args), terminal, cancellation);

    /// <summary>Every command, with its arguments and options.</summary>
    /// <param name="terminal">Where they read and write.</param>
    public static RootCommand Root(Terminal terminal)
    {
        RootCommand root = new("Issues authenticated-chat tokens inside Dataverse: packs, deploys and rotates.")
        {
            InitCommand.Create(terminal),
            PackCommand.Create(terminal),
            KeyCommand.Create(terminal),
            TokenCommand.Create(terminal),
            DeployCommand.Create(terminal),
            RotateCommand.Create(terminal),
            RevokeCommand.Create(terminal),
            KeysCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            UninstallCommand.Create(terminal),
            ProbeCommand.Create(terminal),
        };
        HelpWithExamples.Install(root);
        WriteVersion.Install(root);
        return root;
    }
}
