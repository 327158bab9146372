using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth revoke</c>: takes a key out of use at once and for good.</summary>
internal static class RevokeCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Argument<string?> keyId = new("KID")
        {
            Description = "The key, as chatauth keys shows it; without it, what an earlier revocation left is gone on "
                + "with.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string[]> force = EnvironmentOptions.Force(
            [Errors.NoKeyLeftCode, Errors.StrangersKeysHeldCode],
            "revokes the key even when nothing signs afterwards.");
        Option<string?> forget = new("--forget")
        {
            Description = "An address that keys were published to and that is no more: it is not asked any more.",
            HelpName = "URL",
        };
        ExampleCommand command = new(
            "revoke",
            "Removes a key from the environment and from every target, for good; its tokens are refused as soon as "
                + "caches have ended.",
            "chatauth revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --url https://yourorg.crm.dynamics.com",
            "chatauth revoke --forget https://old.contosohelp.com/keys.json --url https://yourorg.crm.dynamics.com")
        {
            keyId, force, forget,
        };
        forget.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out _))
            {
                result.AddError("--forget is not a URL.");
            }
        });
        return new EnvironmentOptions().For(command, changes: true, host, async (parsed, context, cancellation) =>
            context.Changes.Conclude(await new Revocation(context, cancellation).RunAsync(
                parsed.GetValue(keyId),
                EnvironmentOptions.IsBare(parsed, force) || context.Forced.Contains(Errors.NoKeyLeftCode),
                parsed.GetValue(forget) is { } url ? new Uri(url) : null)));
    }
}
