using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth uninstall</c>: removes what deploy made.</summary>
internal static class UninstallCommand
{
    /// <summary>The command.</summary>
    /// <param name="terminal">Where it reads and writes.</param>
    public static Command Create(Terminal terminal)
    {
        Option<bool> yes = new("--yes") { Description = "Does not ask." };
        ExampleCommand command = new(
            "uninstall",
            "Removes steps, keys, chat authentication settings, published keys and the solution from an environment.",
            "chatauth uninstall --url https://yourorg.crm.dynamics.com",
            "chatauth uninstall --yes --url https://yourorg.crm.dynamics.com")
        {
            yes,
        };
        return new EnvironmentOptions().For(command, changes: true, terminal, async (parsed, work, cancellation) =>
        {
            if (!work.Plan.IsDry && !parsed.GetValue(yes))
            {
                await terminal.Error.WriteAsync(
                    "This removes ChatAuth and its private keys from the environment for good, and what it published. "
                        + "Type yes to go on: ");
                if (!string.Equals((await terminal.In.ReadLineAsync(cancellation))?.Trim(), "yes",
                        StringComparison.OrdinalIgnoreCase))
                {
                    await terminal.Error.WriteLineAsync();
                    throw new CommandException(Errors.NotConfirmed());
                }
            }

            await new Removal(work, cancellation).RunAsync();
            terminal.WriteLine(
                work.Plan.Count == 0 ? "Nothing of ChatAuth is there."
                    : work.Plan.IsDry ? "Nothing was changed."
                    : "Uninstalled.");
        });
    }
}
