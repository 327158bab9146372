using ChatAuth.Checks;
using ChatAuth.Dataverse;

namespace ChatAuth.Deployment;

/// <summary>Steps in whose place deploy creates its own.</summary>
internal static class MisplacedSteps
{
    /// <summary>
    /// Deletes each of the two steps that has another message, stage, mode or plug-in than it must, none of which can
    /// be changed everywhere; and, told so, those that were registered by hand before any deploy.
    /// </summary>
    /// <param name="context">What deploy works with.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The ids of the deleted; in a dry run, of those that would be.</returns>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlySet<Guid>> RemoveAsync(DeploymentContext context, CancellationToken cancellation)
    {
        IReadOnlyList<RegisteredStep> registered = await RegisteredStep.ListAsync(context.Dataverse, cancellation);
        IEnumerable<(RegisteredStep Step, string What)> misplaced = registered
            .Join(RegisteredStep.Own, step => step.Id, own => own.Id, (step, own) => (step, own))
            .Where(pair => pair.step.FaultsAs(pair.own).Any())
            .Select(pair =>
                (pair.step, $"the step of {pair.own.Message}, which {pair.step.FaultsAs(pair.own).First()}"));
        IEnumerable<(RegisteredStep Step, string What)> byHand = context.Forced.Contains(Errors.MadeByHandCode)
            ? RegisteredStep.ByHand(registered).Select(step =>
                (step, $"the step '{step.Name}' on {step.Message}, which was registered by hand"))
            : [];
        (RegisteredStep Step, string What)[] removed = [.. misplaced.Concat(byHand)];
        foreach ((RegisteredStep step, string what) in removed)
        {
            await context.Changes.DoAsync(
                "delete " + what,
                () => context.Dataverse.DeleteAsync($"{StepRow.Set}({step.Id:D})", cancellation));
        }

        return removed.Select(one => one.Step.Id).ToHashSet();
    }
}
