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
internal sealed class Removal(Work work, CancellationToken cancellation)
{
    /// <summary>Runs it; the private keys are gone for good.</summary>
    /// <exception cref="CommandException">Something refused; the next run goes on from there.</exception>
    public async Task RunAsync()
    {
        await ProbeRows.RemoveAsync(work.Dataverse, work.Plan, cancellation);
        foreach (ChatAuthStep step in new[] { ChatAuthStep.IssueToken, ChatAuthStep.PublishKeys })
        {
            if (await StepRow.ReadAsync(work.Dataverse, step, cancellation) != null)
            {
                await work.Plan.DoAsync(
                    $"delete the step of {step.Message}", () => work.Dataverse.DeleteAsync(step.Path, cancellation));
            }
        }

        if (await KeyRow.ReadAsync(work.Dataverse, cancellation) != null)
        {
            await work.Plan.DoAsync("delete the secure configuration with the keys",
                () => work.Dataverse.DeleteAsync(KeyRow.Path, cancellation));
        }

        await new SiteDeployment(work, cancellation).RemoveAsync();
        await new ChatAuthentication(work, cancellation).RemoveAsync();
        foreach (IPublishingTarget target in work.Publisher.Targets)
        {
            if (await target.ReadAsync(cancellation) != null)
            {
                await work.Plan.DoAsync(
                    "remove the published keys from " + target.Name, () => target.RemoveAsync(cancellation));
            }
        }

        if (await SolutionZip.InstalledAsync(work.Dataverse, cancellation) is { } version)
        {
            await work.Plan.DoAsync(
                $"delete the solution {version}", () => SolutionZip.UninstallAsync(work.Dataverse, cancellation));
        }
    }
}
