using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth revoke</c>: takes a key out of use at once.</summary>
internal static class RevokeCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Argument<string> keyId = new("KID") { Description = "The key, as chatauth keys shows it." };
        Option<bool> force = new("--force") { Description = "Revokes the key even when nothing signs afterwards." };
        ExampleCommand command = new(
            "revoke",
            "Removes a key from the environment and from every target; its tokens are refused as soon as caches have "
                + "ended.",
            "chatauth revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --url https://yourorg.crm.dynamics.com")
        {
            keyId, force,
        };
        return new EnvironmentOptions().For(command, changes: true, host, async (parsed, context, cancellation) =>
            host.WriteLine(
                await new Revocation(context, parsed.GetRequiredValue(keyId), parsed.GetValue(force), cancellation)
                    .RunAsync()));
    }
}
