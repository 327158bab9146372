using System.CommandLine;

namespace ChatAuth.Commands;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    private const string Verbose = "--verbose";
    private const string Quiet = "--quiet";

    /// <summary>Adds them.</summary>
    /// <param name="root">The command line.</param>
    public static void AddTo(RootCommand root)
    {
        Add(Verbose, "Tells each request on stderr: method, address, status, time and id; no bodies.");
        Add(Quiet, "Tells no progress; answer, warnings and errors alone.");

        void Add(string name, string description) =>
            root.Options.Add(new Option<bool>(name) { Description = description, Recursive = true });
    }

    /// <summary>The world around a command as these options want it; the same where none was given.</summary>
    /// <param name="parsed">The command line as it was understood.</param>
    /// <param name="host">The world as it is.</param>
    public static CommandHost Heard(ParseResult parsed, CommandHost host)
    {
        CommandHost heard = parsed.GetValue<bool>(Quiet) ? host with { IsQuiet = true } : host;
        return parsed.GetValue<bool>(Verbose)
            ? heard with { Network = new RequestLog(heard.Network, heard.WriteError, heard.Clock) } : heard;
    }
}
