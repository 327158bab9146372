using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Probing;
using ChatAuth.Publishing;

namespace ChatAuth.Deployment;

/// <summary>Removes what deploy made, and what a probe that was killed left behind; nothing else.</summary>
/// <remarks>
/// First no token is issued any more; then every place is emptied and seen without the keys, since whoever has one could
/// sign as long as it is accepted. Only then the steps go, which are unmanaged and would keep the solution from going
/// (facts, section 1), and last the row, whose deletion its steps restrict: until then it knows what is left.
/// </remarks>
internal sealed class Removal(DeploymentContext context, CancellationToken cancellation)
{
    /// <summary>Runs it; the private keys are gone for good.</summary>
    /// <exception cref="CommandException">Something refused; the next run goes on from there.</exception>
    public Task RunAsync() => Revocation.GuardAsync(context, RemoveAsync, cancellation);

    private async Task RemoveAsync()
    {
        await ProbeRows.RemoveAsync(context.Dataverse, context.Changes, cancellation);
        KeyFile? keys = await EmptyAsync();
        List<CodedError> left = [.. await context.Publisher.RemoveAsync(keys, cancellation)];
        if (left.Count == 0 && keys != null)
        {
            left.AddRange(await context.Publisher.AwaitGoneAsync(
                await context.Places.NamedAsync(cancellation),
                key => keys.Known.IsOurs(key, isInDatabase: false) ? key : null,
                cancellation));
        }

        left.RemoveAll(error => context.Forced.Contains(error.Code));
        if (left.Count > 0)
        {
            throw new CommandException(left);
        }

        await new ChatAuthentication(context, cancellation).RemoveAsync();
        await new SiteDeployment(context, cancellation).RemoveAsync();
        foreach (ChatAuthStep step in new[] { ChatAuthStep.IssueToken, ChatAuthStep.PublishKeys })
        {
            if (await StepRow.ReadAsync(context.Dataverse, step, cancellation) is { } row)
            {
                await context.Changes.DoAsync(
                    $"delete the step of {step.Message}", () => row.DeleteAsync(context.Dataverse, cancellation));
            }
        }

        if (await KeyRow.ReadAsync(context.Dataverse, cancellation) != null)
        {
            await context.Changes.DoAsync("delete the secure configuration with the keys",
                () => context.Dataverse.DeleteAsync(KeyRow.Path, cancellation));
        }

        if (await SolutionZip.InstalledAsync(context.Dataverse, cancellation) is { } version)
        {
            await context.Changes.DoAsync(
                $"delete the solution {version}", () => SolutionZip.UninstallAsync(context.Dataverse, cancellation));
        }
    }

    // No token, then no key; null when there is no row, or none that can be read: then nothing is known of its keys.
    private async Task<KeyFile?> EmptyAsync()
    {
        ChatEnvironment environment;
        try
        {
            environment = await context.ReadAsync(cancellation);
        }
        catch (CommandException exception) when (exception.Errors[0].Code == Errors.KeysUnreadableCode)
        {
            return null;
        }

        if (!environment.HasKeys)
        {
            return null;
        }

        if (environment is { IssueToken.Columns.Enabled: true })
        {
            await environment.DisableAsync();
        }

        if (environment.Keys.Keys.Count > 0)
        {
            KeyFile keys = await environment.NotedAsync();
            await environment.WriteKeysAsync(
                "take every key out of use",
                keys.Organization == environment.OrganizationId
                    ? keys.Revoke(_ => false).Retire(_ => true)
                    : keys.CopiedTo(environment.OrganizationId));
        }

        if (environment.PublishKeys != null)
        {
            await environment.TouchPublishKeysAsync();
        }

        foreach (PublishedPlace place in await context.Places.LeftAsync(environment.Keys, cancellation))
        {
            context.Changes.Say($"{place.Url.OriginalString} is not named by the settings file, and may serve keys");
        }

        return environment.Keys;
    }
}
