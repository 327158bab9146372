using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth rotate</c>: a new signing key without an outage.</summary>
internal static class RotateCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<string> lead =
            EnvironmentOptions.Span("--lead", "How long every target serves the next key before it signs.", "24h");
        Option<string> lifetime = EnvironmentOptions.Span("--expires-in", "How long the next key may be used.", "365d");
        Option<string[]> force = EnvironmentOptions.Force(
            [Errors.LeadTooShortCode, Errors.StrangersKeysHeldCode, Errors.StrangersKeyServedCode],
            "allows a lead shorter than the caches of a target, and brings a scheduled rotation forward.",
            "of one finding of doctor, or CHATAUTH5202, CHATAUTH5206 or CHATAUTH5207",
            code => ErrorCatalog.Entries.Any(entry => entry.Stops && entry.Code == code));
        Option<string?> until = EnvironmentOptions.Until();
        Option<bool> cutover =
            new("--cutover")
            {
                Description = "Accepts the outage that a target with one key (pem, line) means, or a key that is "
                    + "pasted into Live Assist.",
            };
        Option<string?> key = EnvironmentOptions.Key();
        Option<bool> yes = EnvironmentOptions.Yes();
        ExampleCommand command = new(
            "rotate",
            "Publishes a next key, and lets it take over once every target has served it for the lead.",
            "chatauth rotate --url https://yourorg.crm.dynamics.com",
            "chatauth rotate --lead 2h --expires-in 180d --url https://yourorg.crm.dynamics.com",
            "chatauth rotate --lead 0s --force --url https://yourorg.crm.dynamics.com",
            "chatauth rotate --until published --url https://yourorg.crm.dynamics.com",
            "chatauth rotate --key key.json --url https://yourorg.crm.dynamics.com")
        {
            lead, lifetime, force, cutover, until, key, yes,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(key) != null && result.GetResult(lifetime) is { Implicit: false })
            {
                result.AddError("--expires-in is for a new key; the end of a key that is given stands in its file.");
            }
        });
        return new EnvironmentOptions().For(command, changes: true, host, async (parsed, context, cancellation) =>
        {
            RotationOptions options = new(
                EnvironmentOptions.SecondsOf(parsed.GetValue(lead))!.Value,
                EnvironmentOptions.SecondsOf(parsed.GetValue(lifetime))!.Value,
                EnvironmentOptions.IsBare(parsed, force),
                parsed.GetValue(cutover),
                parsed.GetValue(until) != null);
            context = EnvironmentOptions.With(context, parsed.GetValue(key), parsed.GetValue(yes), host.Clock);
            context.Changes.Conclude(await new Rotation(context, options, cancellation).RunAsync());
        });
    }
}
