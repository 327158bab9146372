using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>
/// Tells the chat service where the keys are: the chat authentication settings and the widgets that use them.
/// </summary>
internal sealed class ChatAuthentication(DeploymentContext context, CancellationToken cancellation)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Makes record and links what the settings file asks for; nothing when it does not ask.</summary>
    /// <exception cref="CommandException">5204 the public key URL does not serve the signing key; 5012, 5013 a
    /// widget.</exception>
    public async Task EnsureAsync(ChatEnvironment environment)
    {
        if (context.Settings.Authentication is not { } settings)
        {
            return;
        }

        AuthenticationRow? row = await AuthenticationRow.ReadAsync(context.Dataverse, settings, cancellation);
        context.Changes.Is(
            "chat authentication settings "
                + $"{(row == null ? "not there" : row.IsRight ? "right" : "other than the settings")}");
        if (row is not { IsRight: true })
        {
            if (!context.Changes.IsDry)
            {
                await AwaitUrlAsync(environment, settings);
            }

            await context.Changes.DoAsync(
                (row == null ? "create" : "change") + " the chat authentication settings " + settings.Name,
                async () => row = row == null
                    ? await AuthenticationRow.CreateAsync(context.Dataverse, settings, cancellation)
                    : await row.WriteAsync(context.Dataverse, settings, cancellation));
        }

        foreach (string name in settings.Widgets)
        {
            ChatWidget widget = await ChatWidget.ReadAsync(context.Dataverse, name, cancellation);
            if (widget.AuthenticationId == null || widget.AuthenticationId != row?.Id)
            {
                await context.Changes.DoAsync($"let the chat widget {name} use them",
                    () => widget.LinkAsync(context.Dataverse, row!.Id, cancellation));
            }
        }
    }

    /// <summary>Undoes what <see cref="EnsureAsync"/> made; a record that was there before stays.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task RemoveAsync()
    {
        if (context.Settings.Authentication is not { } settings
            || !await AuthenticationRow.IsOwnThereAsync(context.Dataverse, cancellation))
        {
            return;
        }

        foreach (string name in settings.Widgets)
        {
            ChatWidget widget = await ChatWidget.ReadAsync(context.Dataverse, name, cancellation);
            if (widget.AuthenticationId == AuthenticationRow.OwnId)
            {
                await context.Changes.DoAsync($"take the chat authentication settings from the chat widget {name}",
                    () => widget.LinkAsync(context.Dataverse, null, cancellation));
            }
        }

        await context.Changes.DoAsync("delete the chat authentication settings " + settings.Name,
            () => AuthenticationRow.DeleteOwnAsync(context.Dataverse, cancellation));
    }

    // A file without URL is carried on by somebody else after this command: waiting would not help.
    private async Task AwaitUrlAsync(ChatEnvironment environment, AuthenticationSettings settings)
    {
        bool mayChange = context.Publisher.Targets.Any(target => !target.IsLocalOnly);
        DateTimeOffset end = context.Clock.GetUtcNow() + (mayChange ? context.Patience : TimeSpan.Zero);
        string? fault = await Polling.UntilAsync(
            () => FaultAsync(environment, settings),
            fault => fault == null,
            Polling.Growing(Pause, Pause).Before(end, context.Clock),
            context.Clock,
            cancellation);
        if (fault != null)
        {
            throw new CommandException(Errors.KeyUrlNotServing(settings.PublicKeyUrl.OriginalString, fault));
        }
    }

    private async Task<string?> FaultAsync(ChatEnvironment environment, AuthenticationSettings settings)
    {
        try
        {
            PublicKeys served = await PublicKeys.FetchAsync(settings.PublicKeyUrl, context.Network, cancellation);
            byte[] modulus = environment.SigningKey!.Parts.Modulus!;
            return served.Keys.Any(key => key.HasNumber(modulus)) ? null
                : served.Fault ?? "it does not have the signing key";
        }
        catch (CommandException exception)
        {
            return exception.Errors[0].Clause;
        }
    }
}
