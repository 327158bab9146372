using ChatAuth.Dataverse;
using ChatAuth.Probing;
using ChatAuth.Publishing;

namespace ChatAuth.Deployment;

/// <summary>Removes what deploy made, and what a probe that was killed left behind; nothing else.</summary>
/// <remarks>
/// The steps first, so that no token is issued by a key that is on its way out; they are unmanaged and would keep the
/// solution from going (facts, section 1). The row of the keys has to outlive them, since its steps restrict its
/// deletion.
/// </remarks>
internal sealed class Removal(DeploymentContext context, CancellationToken cancellation)
{
    /// <summary>Runs it; the private keys are gone for good.</summary>
    /// <exception cref="CommandException">Something refused; the next run goes on from there.</exception>
    public async Task RunAsync()
    {
        await ProbeRows.RemoveAsync(context.Dataverse, context.Changes, cancellation);
        foreach (ChatAuthStep step in new[] { ChatAuthStep.IssueToken, ChatAuthStep.PublishKeys })
        {
            if (await StepRow.ReadAsync(context.Dataverse, step, cancellation) != null)
            {
                await context.Changes.DoAsync(
                    $"delete the step of {step.Message}", () => context.Dataverse.DeleteAsync(step.Path, cancellation));
            }
        }

        if (await KeyRow.ReadAsync(context.Dataverse, cancellation) != null)
        {
            await context.Changes.DoAsync("delete the secure configuration with the keys",
                () => context.Dataverse.DeleteAsync(KeyRow.Path, cancellation));
        }

        await new SiteDeployment(context, cancellation).RemoveAsync();
        await new ChatAuthentication(context, cancellation).RemoveAsync();
        foreach (IPublishingTarget target in context.Publisher.Targets)
        {
            if (await target.ReadAsync(cancellation) != null)
            {
                await context.Changes.DoAsync(
                    "remove the published keys from " + target.Name, () => target.RemoveAsync(cancellation));
            }
        }

        if (await SolutionZip.InstalledAsync(context.Dataverse, cancellation) is { } version)
        {
            await context.Changes.DoAsync(
                $"delete the solution {version}", () => SolutionZip.UninstallAsync(context.Dataverse, cancellation));
        }
    }
}
