using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether both steps are there, enabled, registered as deploy does it, and read the keys.</summary>
internal sealed class StepsCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "steps";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        IReadOnlyList<RegisteredStep> registered =
            await RegisteredStep.ListAsync(examination.Dataverse, examination.Cancellation);
        foreach (ChatAuthStep step in RegisteredStep.Own)
        {
            if (await examination.StepAsync(step) is not { } row
                || registered.SingleOrDefault(other => other.Id == step.Id) is not { } own)
            {
                yield return Errors.StepMissing(step.Message);
                continue;
            }

            if (!row.Columns.Enabled)
            {
                yield return Errors.StepDisabled(step.Message);
            }

            foreach (string fault in own.FaultsAs(step))
            {
                yield return Errors.StepElsewhere(step.Message, fault);
            }

            if (!row.IsBound)
            {
                yield return Errors.StepReadsOtherKeys(step.Message);
            }
        }
    }
}
