using ChatAuth.Plugins;

namespace ChatAuth.Probing;

/// <summary>A refusal of the plug-in, as a command receives it.</summary>
internal static class PluginRefusal
{
    // 1xxx to 3xxx and 9xxx are the plug-in's, 4xxx and 5xxx this command's.
    private const string Own = "1239";

    /// <summary>The plug-in's code; null when something else refused.</summary>
    public static string? CodeOf(CommandException exception) =>
        exception.Errors[0].Code is var code && code.Length > ChatAuthException.CodePrefix.Length && Own.Contains(
            code[ChatAuthException.CodePrefix.Length], StringComparison.Ordinal) ? code : null;
}
