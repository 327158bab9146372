using System.Xml;
using ChatAuth.Dataverse;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Claims;
using ChatAuth.Settings;

namespace ChatAuth.Checks;

/// <summary>
/// Whether the workstream of each named widget knows the variables that tokens carry, and links no record by one that
/// the visitor's page chooses.
/// </summary>
/// <remarks>A variable that a workstream does not know is dropped without a word.</remarks>
internal sealed class WorkstreamCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "context variables of workstreams";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.Authentication is { Widgets.Count: > 0 } ? null
            : "the settings file names no \"widgets\"";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        ValueSource[] variables = [.. IssueSettings.Parse(examination.Settings.StepConfiguration).Values
            .SelectMany(caller => caller.Token.ContextVariables.Sources)
            .DistinctBy(variable => (variable.Name, variable.Request != null))];
        foreach (string widget in examination.Settings.Authentication!.Widgets)
        {
            foreach (Finding finding in await OfWidgetAsync(
                examination.Dataverse, widget, variables, examination.Cancellation))
            {
                yield return finding;
            }
        }
    }

    private static async Task<IReadOnlyList<Finding>> OfWidgetAsync(
        WebApi dataverse, string widget, ValueSource[] variables, CancellationToken cancellation)
    {
        try
        {
            return await Workstream.ReadAsync(dataverse, widget, cancellation) is not { } workstream
                ? [Errors.WorkstreamUnread(widget, "the widget has no workstream")]
                : [
                    .. variables.DistinctBy(variable => variable.Name)
                        .Where(variable => RecordKeys.Find(variable.Name) == null
                            && !workstream.Variables.Contains(variable.Name))
                        .Select(variable => Errors.VariableUndefined(
                            widget, variable.Name, Spelling.Nearest(variable.Name, workstream.Variables))),
                    .. variables.Where(variable => variable.Request != null
                            && workstream.Matched.Contains(variable.Name, StringComparer.OrdinalIgnoreCase))
                        .Select(variable => Errors.VariableLinksRecords(widget, variable.Name)),
                ];
        }
        catch (CommandException exception) when (
            exception.Errors[0].Code is Errors.RowNotFoundCode or Errors.RowAmbiguousCode)
        {
            return []; // the chat's own finding
        }
        catch (CommandException exception)
        {
            return [Errors.WorkstreamUnread(widget, exception.Errors[0].FactClause)];
        }
        catch (XmlException)
        {
            return [Errors.WorkstreamUnread(widget, "its identification rule is no XML")];
        }
    }
}
