using System.CommandLine;

namespace ChatAuth.Commands;

/// <summary><c>chatauth completion</c>: lets a shell complete commands and options.</summary>
internal static class CompletionCommand
{
    // Each asks the command itself, by the library's directive, what may stand at the cursor.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _chatauth() {
                local IFS=$'\n'
                COMPREPLY=($(chatauth "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
            }
            complete -o default -F _chatauth chatauth
            """,
        ["zsh"] = """
            _chatauth() {
                local -a found
                found=("${(@f)$(chatauth "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -- ${found:#}
            }
            compdef _chatauth chatauth
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName chatauth -ScriptBlock {
                param($word, $line, $position)
                chatauth "[suggest:$position]" "$line" | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    /// <summary>The command.</summary>
    /// <param name="host">Where it writes.</param>
    public static Command Create(CommandHost host)
    {
        Argument<string> shell = new("SHELL") { Description = string.Join(", ", Scripts.Keys) + "." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        ExampleCommand command = new(
            "completion",
            "Writes the script by which a shell completes commands and options.",
            "eval \"$(chatauth completion bash)\"",
            "chatauth completion pwsh | Out-String | Invoke-Expression")
        {
            shell,
        };
        command.SetAction(parsed => host.Out.WriteLineAsync(Scripts[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
