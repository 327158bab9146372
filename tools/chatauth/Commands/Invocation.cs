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

    private const int LongestWord = 40;

    private const int No = 1;
    private const int BadUse = 2;
    private const int Interrupted = 130; // 128 and SIGINT, as shells say it
    private const int Terminated = 143; // 128 and SIGTERM

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
        // Help is given in spite of what else is wrong, but not of another command than was meant.
        if (parsed.Errors.Count > 0 || (parsed.Action is Help && parsed.UnmatchedTokens.Count > 0))
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
            int code = await parsed.InvokeAsync(configuration, cancellation);

            // The library answers a signal by itself where it is faster than the command that it cancelled.
            return code is Interrupted or Terminated ? throw new OperationCanceledException() : code;
        }
        catch (CommandException exception)
        {
            exception.Errors.ToList().ForEach(host.WriteError);
            return No;
        }
        catch (ChatAuthException exception)
        {
            host.WriteError(CodedError.Of(exception));
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
            host.WriteError(Errors.Unexpected(exception.GetType().Name));
            return No;
        }
    }

    private static int WriteBadUse(ParseResult parsed, CommandHost host)
    {
        Command command = parsed.CommandResult.Command;
        string[] options = [.. parsed.UnmatchedTokens.Where(word => word.StartsWith('-'))];
        IEnumerable<string> unknown = options.Length > 0 ? options.Select(option => UnknownOption(option, command))
            : parsed.UnmatchedTokens.Take(1).Select(word => UnknownWord(word, command));
        IEnumerable<string> wrong = parsed.Errors
            .Where(error => !parsed.UnmatchedTokens.Any(word => error.Message.Contains($"'{word}'")))
            .Select(WithoutValues);
        foreach (string fault in wrong.Concat(unknown))
        {
            host.WriteError(fault);
        }

        host.WriteError("Run with --help to see how the command is used.");
        return BadUse;
    }

    // A value may be a passphrase, so none is repeated; the library's lists of values are one line.
    private static string WithoutValues(ParseError error)
    {
        IEnumerable<Token> values = error.SymbolResult is OptionResult or ArgumentResult
            ? error.SymbolResult.Tokens : [];
        string message = values.Aggregate(error.Message, (text, value) =>
            text.Replace($"'{value.Value}'", "(not shown)", StringComparison.Ordinal));
        string option = error.SymbolResult is OptionResult { Option.Name: var name } && !message.Contains(name)
            ? name + ": " : string.Empty;
        return option + string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static string UnknownOption(string word, Command command)
    {
        string name = word.Split('=')[0];
        string shown = name.TrimStart('-').All(letter => char.IsAsciiLetterLower(letter) || letter == '-')
            ? "the option " + name : "one of the options (not shown)";
        IEnumerable<string> names = Help.OptionsOf(command).SelectMany(option => option.Aliases.Append(option.Name));
        return $"{NameOf(command)} does not know {shown}.{Meant(name, names)}";
    }

    // A word in the wrong place may be a passphrase.
    private static string UnknownWord(string word, Command command) => command.Subcommands.Count > 0
        ? $"{NameOf(command)} has no such command (not shown)."
            + Meant(word, command.Subcommands.Select(each => each.Name))
        : $"{NameOf(command)} takes no such word (not shown).";

    private static string NameOf(Command command) => command is RootCommand ? "chatauth" : command.Name;

    private static string Meant(string word, IEnumerable<string> known)
    {
        string? nearest = known.MinBy(name => Distance(word, name));
        return nearest != null && Distance(word, nearest) <= int.Max(1, nearest.Length / 3)
            ? $" Did you mean {nearest}?" : string.Empty;
    }

    // Levenshtein's: letters put in, taken out or exchanged.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int at = 0; at < int.Min(left.Length, LongestWord); at++)
        {
            int diagonal = row[0]++;
            for (int to = 1; to <= right.Length; to++)
            {
                int best = int.Min(int.Min(row[to], row[to - 1]) + 1, diagonal + (left[at] == right[to - 1] ? 0 : 1));
                (diagonal, row[to]) = (row[to], best);
            }
        }

        return row[^1];
    }
}
