using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Probing;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>Removes what deploy made, and what a probe that was killed left behind; nothing else.</summary>
/// <remarks>
/// First no token is issued any more; then every place is emptied and seen without the keys, since whoever has one
/// could sign as long as it is accepted. Only then the steps go, which are unmanaged and would keep the solution from
/// going (facts, section 1), and last the row, whose deletion its steps restrict: until then it knows what is left.
/// </remarks>
internal sealed class Removal(DeploymentContext context, CancellationToken cancellation)
{
    /// <summary>Runs it; the private keys are gone for good.</summary>
    /// <exception cref="CommandException">Something refused; the next run goes on from there.</exception>
    public Task RunAsync() => Revocation.GuardAsync(context, RemoveAsync, cancellation);

    private async Task RemoveAsync()
    {
        await ProbeRows.RemoveAsync(context.Dataverse, context.Changes, cancellation);
        ChatEnvironment? environment = await EmptyAsync();
        List<CodedError> left =
        [
            .. await context.Publisher.RemoveAsync(
                environment?.Keys, () => environment?.EnsureAsReadAsync() ?? Task.CompletedTask, cancellation),
        ];
        if (left.Count == 0 && environment is { HasKeys: true })
        {
            left.AddRange(await context.Publisher.AwaitGoneAsync(
                await context.Places.NamedAsync(cancellation), place => StillServedAsync(place, environment),
                cancellation));
        }

        left.RemoveAll(error => context.Forced.Contains(error.Code));
        if (left.Count > 0)
        {
            throw new CommandException(left);
        }

        await new ChatAuthentication(context, cancellation).RemoveAsync();
        await new SiteDeployment(context, cancellation).RemoveAsync();

        // By the versions that were read when the keys went: a deployment that began since keeps what it has made.
        foreach (StepRow? step in environment == null
            ? [await ReadAsync(ChatAuthStep.IssueToken), await ReadAsync(ChatAuthStep.PublishKeys)]
            : new[] { environment.IssueToken, environment.PublishKeys })
        {
            if (step != null)
            {
                await context.Changes.DoAsync(
                    $"delete the step of {step.Step.Message}",
                    () => step.DeleteAsync(context.Dataverse, cancellation));
            }
        }

        if (environment?.HasKeys ?? await KeyRow.ReadAsync(context.Dataverse, cancellation) != null)
        {
            await (environment?.EnsureAsReadAsync() ?? Task.CompletedTask);
            await context.Changes.DoAsync("delete the secure configuration with the keys",
                () => context.Dataverse.DeleteAsync(KeyRow.Path, cancellation));
        }

        if (await SolutionZip.InstalledAsync(context.Dataverse, cancellation) is { } version)
        {
            await context.Changes.DoAsync(
                $"delete the solution {version}", () => SolutionZip.UninstallAsync(context.Dataverse, cancellation));
        }
    }

    // Where something was, a site may show a page of its own; a portal refuses when GetPublicKeys' step is gone.
    private async Task<string?> StillServedAsync(IKeyPlace place, ChatEnvironment environment)
    {
        KnownKeys known = environment.Keys.Known;
        string? Ours(string thumbprint) => known.IsOurs(thumbprint, isInDatabase: false) ? thumbprint : null;
        bool mayRefuse = environment.PublishKeys == null && place is not IPublishingTarget { IsWritten: true };
        try
        {
            PublicKeys? served = await place.FetchAsync(cancellation);
            return mayRefuse || served is { IsWebPage: true } || place is IPublishingTarget { IsForTrials: true }
                ? Publisher.Serving(served, Ours) : Publisher.StillServed(served, Ours);
        }
        catch (CommandException) when (mayRefuse)
        {
            return null;
        }
    }

    private Task<StepRow?> ReadAsync(ChatAuthStep step) =>
        StepRow.ReadAsync(context.Dataverse, step, cancellation);

    // No token, then no key; null when the row cannot be read: then nothing is known of its keys.
    private async Task<ChatEnvironment?> EmptyAsync()
    {
        ChatEnvironment environment;
        try
        {
            environment = await ChatEnvironment.ReadAsync(context, cancellation);
        }
        catch (CommandException exception) when (exception.Errors[0].Code == Errors.KeysUnreadableCode)
        {
            return null;
        }

        if (!environment.HasKeys)
        {
            return environment;
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

        return environment;
    }
}
