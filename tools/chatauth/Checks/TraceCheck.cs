using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether the plug-in trace is off, and no row of it holds the keys.</summary>
/// <remarks>
/// Tables organization and plugintracelog (Microsoft Learn). The column with the secure configuration is never read,
/// only asked whether it is empty.
/// </remarks>
internal sealed class TraceCheck : ICheck
{
    private const string Column = "plugintracelogsetting";

    private static readonly string[] Levels = ["Off", "Exception", "All"];

    /// <inheritdoc/>
    public string Subject => "plug-in trace";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        int level = (await examination.OrganizationAsync(Column)).Required<int>(Column);
        if (level != 0)
        {
            yield return Errors.TraceOn(Levels.ElementAtOrDefault(level) ?? "an unknown level");
        }

        string own = OData.AnyOf(RegisteredStep.Own.Select(step => $"pluginstepid eq {step.Id:D}"));
        IReadOnlyList<JsonObject> rows = await examination.ListAsync(
            $"plugintracelogs?$select=plugintracelogid&$filter=secureconfiguration ne null and ({own})&$top=1");
        if (rows.Count > 0)
        {
            yield return Errors.TraceHoldsKeys();
        }
    }
}
