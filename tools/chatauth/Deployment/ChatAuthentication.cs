using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>
/// Tells the chat service where the keys are: the chat authentication settings and the widgets that use them.
/// </summary>
internal sealed class ChatAuthentication(Work work, CancellationToken cancellation)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Makes record and links what the settings file asks for; nothing when it does not ask.</summary>
    /// <exception cref="CommandException">5204 the public key URL does not serve the signing key; 5012, 5013 a
    /// widget.</exception>
    public async Task EnsureAsync(ChatEnvironment environment)
    {
        if (work.Settings.Authentication is not { } settings)
        {
            return;
        }

        AuthenticationRow? row = await AuthenticationRow.ReadAsync(work.Dataverse, settings, cancellation);
        work.Plan.Is(
            "chat authentication settings "
                + $"{(row == null ? "not there" : row.IsRight ? "right" : "other than the settings")}");
        if (row is not { IsRight: true })
        {
            if (!work.Plan.IsDry)
            {
                await AwaitUrlAsync(environment, settings);
            }

            await work.Plan.DoAsync(
                (row == null ? "create" : "change") + " the chat authentication settings " + settings.Name,
                async () => row = row == null
                    ? await AuthenticationRow.CreateAsync(work.Dataverse, settings, cancellation)
                    : await row.WriteAsync(work.Dataverse, settings, cancellation));
        }

        foreach (string name in settings.Widgets)
        {
            ChatWidget widget = await ChatWidget.ReadAsync(work.Dataverse, name, cancellation);
            if (widget.AuthenticationId == null || widget.AuthenticationId != row?.Id)
            {
                await work.Plan.DoAsync($"let the chat widget {name} use them",
                    () => widget.LinkAsync(work.Dataverse, row!.Id, cancellation));
            }
        }
    }

    /// <summary>Undoes what <see cref="EnsureAsync"/> made; a record that was there before stays.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task RemoveAsync()
    {
        if (work.Settings.Authentication is not { } settings
            || !await AuthenticationRow.IsOwnThereAsync(work.Dataverse, cancellation))
        {
            return;
        }

        foreach (string name in settings.Widgets)
        {
            ChatWidget widget = await ChatWidget.ReadAsync(work.Dataverse, name, cancellation);
            if (widget.AuthenticationId == AuthenticationRow.OwnId)
            {
                await work.Plan.DoAsync($"take the chat authentication settings from the chat widget {name}",
                    () => widget.LinkAsync(work.Dataverse, null, cancellation));
            }
        }

        await work.Plan.DoAsync("delete the chat authentication settings " + settings.Name,
            () => AuthenticationRow.DeleteOwnAsync(work.Dataverse, cancellation));
    }

    // A file without URL is carried on by somebody else after this command: waiting would not help.
    private async Task AwaitUrlAsync(ChatEnvironment environment, AuthenticationSettings settings)
    {
        bool mayChange = work.Settings.Publish.Any(target => target.Kind != TargetKind.File || target.Url != null);
        DateTimeOffset end = work.Clock.GetUtcNow() + (mayChange ? work.Patience : TimeSpan.Zero);
        while (await FaultAsync(environment, settings) is { } fault)
        {
            if (work.Clock.GetUtcNow() >= end)
            {
                throw new CommandException(Errors.KeyUrlNotServing(settings.PublicKeyUrl.OriginalString, fault));
            }

            await Task.Delay(Pause, work.Clock, cancellation);
        }
    }

    private async Task<string?> FaultAsync(ChatEnvironment environment, AuthenticationSettings settings)
    {
        try
        {
            string text = await KeySource.FetchAsync(settings.PublicKeyUrl, work.Network, cancellation);
            string expected = Publication.Of(environment.Keys, environment.Now).Text(PublicKeyFormat.Pem);
            byte[] modulus = VerificationKeys.Parse(expected, "The signing key")[0].Modulus;
            return VerificationKeys.Parse(text, "The text there").Any(
                key => key.Modulus.AsSpan().SequenceEqual(modulus)) ? null : "it does not have the signing key";
        }
        catch (CommandException exception)
        {
            return exception.Errors[0].Clause;
        }
    }
}
