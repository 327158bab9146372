using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth deploy</c>: an environment from nothing to authenticated chat.</summary>
internal static class DeployCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<string?> until = EnvironmentOptions.Until();
        Option<bool> prove = new("--prove")
        {
            Description = "Asks a token for \"testContact\" though nothing changed.",
        };
        Option<string?> key = EnvironmentOptions.Key();
        Option<bool> yes = EnvironmentOptions.Yes();
        ExampleCommand command = new(
            "deploy",
            "Brings an environment to what the settings file says: solution, keys, steps, published keys, chat "
                + "authentication settings.",
            "chatauth deploy --settings chatauth.json --url https://yourorg.crm.dynamics.com",
            "chatauth deploy --settings chatauth.json --url https://yourorg.crm.dynamics.com --dry-run",
            "chatauth deploy --until published --settings chatauth.json --url https://yourorg.crm.dynamics.com",
            "chatauth deploy --key key.json --settings chatauth.json --url https://yourorg.crm.dynamics.com")
        {
            until,
            prove,
            key,
            yes,
            EnvironmentOptions.Force(
                [Errors.StrangersKeysHeldCode, Errors.StrangersKeyServedCode],
                which: "of one finding of doctor, or CHATAUTH5206 or CHATAUTH5207",
                isMore: code => ErrorCatalog.Entries.Any(entry => entry.Stops && entry.Code == code)),
        };
        return new EnvironmentOptions().For(command, changes: true, host, async (parsed, context, cancellation) =>
        {
            context = EnvironmentOptions.With(context, parsed.GetValue(key), parsed.GetValue(yes), host.Clock);
            bool untilPublished = parsed.GetValue(until) != null;
            await new Deploy(context, cancellation, untilPublished, parsed.GetValue(prove)).RunAsync();
            context.Changes.Conclude((context.Changes.IsDry, untilPublished, context.Changes.Count) switch
            {
                (true, _, > 0) => "Nothing was changed.",
                (_, true, _) when context.IsOnlyPasted => "Once its line is pasted, run chatauth deploy.",
                (_, true, _) => "The keys are published where this command writes. " + context.Next("chatauth deploy"),
                (_, _, 0) => "Everything is as the settings file says; nothing was changed.",
                _ => "Deployed.",
            });
            if (context is { Settings.LiveAssist: not null, Changes.IsDry: false } && !untilPublished)
            {
                LiveAssistCommand.Write(
                    await LiveAssistForm.ReadAsync(context, cancellation), host,
                    context.Changes.IsJson ? host.Error : host.Out);
            }
        });
    }
}
