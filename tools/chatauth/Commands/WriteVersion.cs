using System.CommandLine;
using System.CommandLine.Invocation;

namespace ChatAuth.Commands;

/// <summary>Writes the product's version; the library's own would name the program that hosts the command.</summary>
internal sealed class WriteVersion : SynchronousCommandLineAction
{
    /// <summary>Puts this in place of the library's.</summary>
    public static void Install(RootCommand root)
    {
        VersionOption option = root.Options.OfType<VersionOption>().Single();
        option.Action = new WriteVersion();
        option.Description = "Shows the version.";
    }

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ProductVersion.OfCommand);
        return 0;
    }
}
