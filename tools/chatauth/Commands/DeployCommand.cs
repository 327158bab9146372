using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth deploy</c>: an environment from nothing to authenticated chat.</summary>
internal static class DeployCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host) => new EnvironmentOptions().For(
        new ExampleCommand(
            "deploy",
            "Brings an environment to what the settings file says: solution, keys, steps, published keys, chat "
                + "authentication settings.",
            "chatauth deploy --settings chatauth.json --url https://yourorg.crm.dynamics.com",
            "chatauth deploy --settings chatauth.json --url https://yourorg.crm.dynamics.com --dry-run"),
        changes: true,
        host,
        async (_, context, cancellation) =>
        {
            await new Deploy(context, cancellation).RunAsync();
            host.WriteLine((context.Changes.IsDry, context.Changes.Count) switch
            {
                (_, 0) => "Everything is as the settings file says; nothing was changed.",
                (true, _) => "Nothing was changed.",
                _ => "Deployed.",
            });
        });
}
