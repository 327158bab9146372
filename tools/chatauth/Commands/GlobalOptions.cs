using System.CommandLine;

namespace ChatAuth.Commands;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Tells each request on stderr: method, address, status, time and id; no bodies.",
        Recursive = true,
    };

    private static readonly Option<bool> Quiet = new("--quiet")
    {
        Description = "Tells no progress; answer, warnings and errors alone.",
        Recursive = true,
    };

    /// <summary>Adds them.</summary>
    /// <param name="root">The command line.</param>
    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Verbose);
        root.Options.Add(Quiet);
    }

    /// <summary>The world around a command as these options want it; the same where none was given.</summary>
    /// <param name="parsed">The command line as it was understood.</param>
    /// <param name="host">The world as it is.</param>
    public static CommandHost Heard(ParseResult parsed, CommandHost host)
    {
        CommandHost heard = parsed.GetValue(Quiet) ? host with { IsQuiet = true } : host;
        return parsed.GetValue(Verbose)
            ? heard with { Network = new RequestLog(heard.Network, heard.WriteError, heard.Clock) } : heard;
    }
}
