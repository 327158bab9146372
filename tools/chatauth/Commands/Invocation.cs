using System.CommandLine;
using System.CommandLine.Parsing;
using ChatAuth.Plugins;

namespace ChatAuth.Commands;

/// <summary>Runs a parsed command line and turns whatever happens into an exit code and coded lines.</summary>
internal static class Invocation
{
    /// <summary>Exit code of a command that has done what it was asked for.</summary>
    public const int Done = 0;

    /// <summary>Exit code of a dry run that would change something.</summary>
    public const int WouldChange = 3;

    private const int No = 1;
    private const int BadUse = 2;
    private const int Interrupted = 130; // 128 and SIGINT, as shells say it

    // A line that was rewritten in place has hidden it.
    private const string ShowCursor = "\u001b[?25h";

    // How long a command may go on after Ctrl+C: one that made rows of its own takes them away.
    private static readonly TimeSpan CleaningUp = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs a command; 0 done, 1 the answer is no or something failed, 2 bad use, 3 a dry run that would change
    /// something, 130 interrupted.
    /// </summary>
    /// <param name="parsed">The command line as it was understood.</param>
    /// <param name="host">Where it reads and writes.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<int> RunAsync(ParseResult parsed, CommandHost host, CancellationToken cancellation)
    {
        if (parsed.Errors.Count > 0)
        {
            return WriteBadUse(parsed, host);
        }

        try
        {
            InvocationConfiguration configuration = new()
            {
                Output = host.Out,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = CleaningUp,
            };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (CommandException exception)
        {
            exception.Errors.ToList().ForEach(error => host.WriteError(error.ToString()));
            return No;
        }
        catch (ChatAuthException exception)
        {
            host.WriteError(CodedError.Of(exception).ToString());
            return No;
        }
        catch (OperationCanceledException)
        {
            if (host.Terminal != null)
            {
                await host.Error.WriteAsync(ShowCursor);
            }

            host.WriteError("interrupted: run it again; nothing is half done");
            return Interrupted;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            host.WriteError(Errors.Unexpected(exception.GetType().Name).ToString());
            return No;
        }
    }

    // A word in the wrong place may be a passphrase: only options are repeated.
    private static int WriteBadUse(ParseResult parsed, CommandHost host)
    {
        string[] words = [.. parsed.UnmatchedTokens.Where(word => !word.StartsWith('-'))];
        foreach (ParseError error in parsed.Errors)
        {
            host.WriteError(
                words.Aggregate(error.Message,
                    (message, word) => message.Replace($"'{word}'", "(not shown)", StringComparison.Ordinal)));
        }

        host.WriteError("Run with --help to see how the command is used.");
        return BadUse;
    }
}
