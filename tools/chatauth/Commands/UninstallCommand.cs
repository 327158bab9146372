using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth uninstall</c>: removes what deploy made.</summary>
internal static class UninstallCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<bool> yes = new("--yes") { Description = "Does not ask." };
        ExampleCommand command = new(
            "uninstall",
            "Removes steps, keys, chat authentication settings, published keys and the solution from an environment.",
            "chatauth uninstall --url https://yourorg.crm.dynamics.com",
            "chatauth uninstall --yes --url https://yourorg.crm.dynamics.com")
        {
            yes, EnvironmentOptions.Force([Errors.KeyNotGoneCode, Errors.StrangersKeysHeldCode]),
        };
        return new EnvironmentOptions().For(command, changes: true, host, async (parsed, context, cancellation) =>
        {
            if (!context.Changes.IsDry && !parsed.GetValue(yes))
            {
                await host.Error.WriteAsync(
                    "This removes ChatAuth and its private keys from the environment for good, and what it published. "
                        + "Type yes to go on: ");
                if (!string.Equals((await host.ReadAsync(reader => reader.ReadLine(), cancellation))?.Trim(), "yes",
                        StringComparison.OrdinalIgnoreCase))
                {
                    await host.Error.WriteLineAsync();
                    throw new CommandException(Errors.NotConfirmed(isPasting: false));
                }
            }

            await new Removal(context, cancellation).RunAsync();
            context.Changes.Conclude(
                context.Changes.Count == 0 ? "Nothing of ChatAuth is there."
                    : context.Changes.IsDry ? "Nothing was changed."
                    : context.IsKeyPasted ? "Uninstalled. Take the key out of Live Assist too."
                    : "Uninstalled.");
        });
    }
}
