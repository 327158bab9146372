using ChatAuth.Dataverse;
using ChatAuth.Settings;

namespace ChatAuth.Deployment;

/// <summary>
/// Tells the chat service where the keys are: the chat authentication settings and the widgets that use them.
/// </summary>
internal sealed class ChatAuthentication(DeploymentContext context, CancellationToken cancellation)
{
    /// <summary>Makes record and links what the settings file asks for; nothing when it does not ask.</summary>
    /// <remarks>Its public key URL is looked at with the targets: a key that signs is served there.</remarks>
    /// <exception cref="CommandException">5012, 5013 a widget.</exception>
    public async Task EnsureAsync()
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
            await context.Changes.DoAsync(
                (row == null ? "create" : "change") + " the chat authentication settings " + settings.Name,
                async () => row = row == null
                    ? await AuthenticationRow.CreateAsync(context.Dataverse, settings, cancellation)
                    : await row.WriteAsync(context.Dataverse, settings, cancellation),
                row?.Differences ?? []);
        }

        foreach (string name in settings.Widgets)
        {
            ChatWidget widget = await ChatWidget.ReadAsync(context.Dataverse, name, cancellation);
            if (widget.AuthenticationId == null || widget.AuthenticationId != row?.Id)
            {
                await context.Changes.DoAsync($"let the chat widget {name} use them",
                    () => widget.LinkAsync(context.Dataverse, row!.Id, cancellation),
                    new Difference(
                        "chat authentication settings", widget.AuthenticationId?.ToString("D"), settings.Name));
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
}
