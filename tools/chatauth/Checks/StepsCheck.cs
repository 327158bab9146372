using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether both steps are there, enabled, registered as deploy does it, and read the keys.</summary>
internal sealed class StepsCheck : ICheck
{
    // Microsoft Learn, event framework: PostOperation.
    private const int PostOperation = 40;

    /// <inheritdoc/>
    public string Subject => "steps";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        IReadOnlyList<RegisteredStep> registered = await RegisteredStep.ListAsync(examination);
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

            if (own.Message != step.Message)
            {
                yield return Errors.StepElsewhere(step.Message, "is registered on another message");
            }

            if (own.Stage != PostOperation || !own.IsSynchronous)
            {
                yield return Errors.StepElsewhere(
                    step.Message, "is not registered synchronously on the stage PostOperation");
            }

            IReadOnlyList<JsonObject> types =
                await examination.ListAsync($"plugintypes?$select=typename&$filter=typename eq '{step.Plugin}'");
            if (types.All(type => own.PluginType != type["plugintypeid"]!.GetValue<System.Guid>()))
            {
                yield return Errors.StepElsewhere(step.Message, "runs another plug-in");
            }

            if (!row.IsBound)
            {
                yield return Errors.StepReadsOtherKeys(step.Message);
            }
        }
    }
}
