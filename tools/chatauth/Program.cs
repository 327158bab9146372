using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Commands;
using ChatAuth.Plugins;

namespace ChatAuth;

/// <summary>The command line: <c>chatauth</c>.</summary>
internal static class Program
{
    private const int Done = 0;
    private const int No = 1;
    private const int BadUse = 2;

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
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation)
    {
        ParseResult parsed = Root(terminal).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return WriteBadUse(parsed, terminal);
        }

        try
        {
            InvocationConfiguration configuration = new() { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(configuration, cancellation) == 0 ? Done : No;
        }
        catch (CommandException exception)
        {
            exception.Errors.ToList().ForEach(error => terminal.WriteError(error.ToString()));
            return No;
        }
        catch (ChatAuthException exception)
        {
            terminal.WriteError(exception.Message); // begins with its code
            return No;
        }
        catch (OperationCanceledException)
        {
            return No;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            terminal.WriteError(Errors.Unexpected(exception.GetType()).ToString());
            return No;
        }
    }

    // A word in the wrong place may be a passphrase: only options are repeated.
    private static int WriteBadUse(ParseResult parsed, Terminal terminal)
    {
        string[] words = [.. parsed.UnmatchedTokens.Where(word => !word.StartsWith('-'))];
        foreach (ParseError error in parsed.Errors)
        {
            terminal.WriteError(words.Aggregate(error.Message, (message, word) => message.Replace($"'{word}'", "(not shown)", StringComparison.Ordinal)));
        }

        terminal.WriteError("Run with --help to see how the command is used.");
        return BadUse;
    }

    private static RootCommand Root(Terminal terminal)
    {
        RootCommand root = new("Issues authenticated-chat tokens inside Dataverse: keys, tokens, the solution.")
        {
            PackCommand.Create(terminal),
            KeyCommand.Create(terminal),
            TokenCommand.Create(terminal),
        };
        HelpWithExamples.Install(root);
        WriteVersion.Install(root);
        return root;
    }
}
