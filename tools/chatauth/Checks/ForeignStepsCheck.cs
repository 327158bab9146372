using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether anything else receives what the two messages answer: the token.</summary>
/// <remarks>
/// Steps, of plug-ins and service endpoints; and the rows of callbackregistration that a flow's trigger "When an action
/// is performed" makes (Microsoft Learn, power-automate/dataverse/action-trigger; its column sdkmessagename).
/// </remarks>
internal sealed class ForeignStepsCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "steps and triggers of others";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        IReadOnlyList<RegisteredStep> registered =
            await RegisteredStep.ListAsync(examination.Dataverse, examination.Cancellation);
        IReadOnlyList<RegisteredStep> byHand = RegisteredStep.ByHand(registered);
        foreach (RegisteredStep step in registered.Where(step => RegisteredStep.Own.All(own => own.Id != step.Id)))
        {
            if (step.Message == null || step.ReadsKeys)
            {
                continue; // its keys' finding
            }

            if (byHand.Contains(step))
            {
                yield return Errors.MadeByHand($"The step '{step.Name}' was registered on {step.Message} by hand");
                continue;
            }

            Finding finding = Errors.ForeignStep(step.Name, step.Message, step.IsEnabled);

            // What a killed probe left goes with the next deploy.
            yield return step.IsOfProbe ? finding with { Mender = Mender.Deploy } : finding;
        }

        string filter = OData.AnyOf(RegisteredStep.Own.Select(step => $"sdkmessagename eq '{step.Message}'"));
        IReadOnlyList<JsonObject> triggers =
            await examination.ListAsync("callbackregistrations?$select=name,sdkmessagename&$filter=" + filter);
        foreach (JsonObject trigger in triggers)
        {
            yield return Errors.CatalogTrigger(
                trigger.Column<string>("name") ?? "without name", trigger.Required<string>("sdkmessagename"));
        }
    }
}
