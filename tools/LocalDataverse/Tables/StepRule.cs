using ChatAuth.LocalDataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>What a step row must be for the platform to take it.</summary>
internal static class StepRules
{
    // Microsoft Learn: event framework: 10 PreValidation, 20 PreOperation, 40 PostOperation; 30 is the platform's own.
    private static readonly int[] Stages = [10, 20, 40];

    /// <summary>Ensures that the step fits its message.</summary>
    public static void Check(RowSnapshot rows, IReadOnlyDictionary<string, object> values)
    {
        int Choice(string column) => ((OptionSetValue)values[column]).Value;

        // Ensure the stage takes custom steps
        if (!Stages.Contains(Choice("stage")))
        {
            throw Refusal.Invalid("Invalid plug-in registration stage: steps are registered on stages 10, 20 and 40.");
        }

        // Ensure it is a kind of step that this stand-in runs
        if (Choice("mode") != 0)
        {
            throw Refusal.NotKnown("asynchronous steps");
        }

        if (Choice("supporteddeployment") != 0 || Choice("invocationsource") != 0 || values["asyncautodelete"] is true)
        {
            throw Refusal.NotKnown("steps with another deployment or invocation source, or deleted after they ran");
        }

        // Ensure the custom API takes synchronous steps (facts 1: allowedcustomprocessingsteptype 0 None, 1 Async Only,
        // 2 Sync and Async)
        var message = (EntityReference)values["sdkmessageid"];
        var api = rows.All("customapi").Single(a => a.Reference("sdkmessageid") == message.Id);
        if (api.Number("allowedcustomprocessingsteptype") != 2)
        {
            throw Refusal.Invalid(
                "Custom SdkMessageProcessingStep is not allowed on the specified message and entity.");
        }
    }
}
