using System.Collections.Immutable;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Steps of plug-ins: what one must be for the platform to take it.</summary>
internal sealed class StepRule(OrganizationState organization) : TableRule("sdkmessageprocessingstep")
{
    // Microsoft Learn: event framework: 10 PreValidation, 20 PreOperation, 40 PostOperation; 30 is the platform's own.
    private static readonly int[] Stages = [10, 20, 40];

    // What may be written where unmanaged customizations are blocked.
    private static readonly string[] Switches = ["statecode", "statuscode"];

    /// <inheritdoc/>
    public override bool KeepsVersions => !organization.Unknowns.KeepsNoVersions;

    /// <inheritdoc/>
    public override void Complete(
        RowSnapshot rows, ImmutableDictionary<string, object>.Builder values, IEnumerable<string> given, bool isNew)
    {
        if (values["eventhandler"] is EntityReference { LogicalName: "plugintype" } handler)
        {
            values["plugintypeid"] = handler;
        }

        if (UnmanagedCustomizations.AreBlocked(organization) && (isNew || given.Except(Switches).Any()))
        {
            throw UnmanagedCustomizations.Refuse();
        }

        if (isNew && organization.Unknowns.StepsArriveEnabled)
        {
            values["statecode"] = new OptionSetValue(0);
            values["statuscode"] = new OptionSetValue(1);
        }

        EnsureRuns(rows, values);
    }

    /// <inheritdoc/>
    public override void Delete(RowDraft draft, Row row)
    {
        base.Delete(draft, row);
        draft.RemoveAll("solutioncomponent", listed => listed.Reference("objectid") == row.Id);
    }

    /// <summary>
    /// Ensures that a step, written or imported, is one that the platform takes and this stand-in runs.
    /// </summary>
    /// <param name="rows">The rows as they are.</param>
    /// <param name="step">The step's columns.</param>
    /// <exception cref="DataverseException">400 Dataverse refuses it, 501 it is not known here.</exception>
    public static void EnsureRuns(RowSnapshot rows, ImmutableDictionary<string, object>.Builder step)
    {
        int Choice(string column) => ((OptionSetValue)step[column]).Value;

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

        if (Choice("supporteddeployment") != 0 || Choice("invocationsource") != 0 || step["asyncautodelete"] is true)
        {
            throw Refusal.NotKnown("steps with another deployment or invocation source, or deleted after they ran");
        }

        // Ensure the custom API takes synchronous steps (facts 1: allowedcustomprocessingsteptype 0 None, 1 Async Only,
        // 2 Sync and Async)
        var message = (EntityReference)step["sdkmessageid"];
        var api = rows.All("customapi").Single(a => a.Reference("sdkmessageid") == message.Id);
        if (api.Number("allowedcustomprocessingsteptype") != 2)
        {
            throw Refusal.Invalid(
                "Custom SdkMessageProcessingStep is not allowed on the specified message and entity.");
        }
    }
}
