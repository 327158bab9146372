using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether the plug-in assembly is, byte by byte, that of the version that is installed.</summary>
/// <remarks>The signing key of its strong name is public, as the source is: the name proves nothing.</remarks>
internal sealed class AssemblyCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "plug-in assembly";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        SolutionZip carried = SolutionZip.Read(examination.Settings.Solution);
        if (await SolutionZip.InstalledAsync(examination.Dataverse, examination.Cancellation) != carried.Version)
        {
            yield break; // there is nothing to compare it with
        }

        byte[] assembly = carried.Assembly();
        IReadOnlyList<JsonObject> rows =
            await examination.ListAsync($"pluginassemblies?$select=content&$filter=name eq '{StepRow.Assembly}'");
        if (rows.Count > 1)
        {
            yield return Errors.AssemblyDiffers(StepRow.AssemblyTwice);
            yield break;
        }

        foreach (JsonObject row in rows)
        {
            if (row.Column<string>("content") is { } content && content != Convert.ToBase64String(assembly))
            {
                yield return Errors.AssemblyDiffers(
                    $"is not that of ChatAuth {carried.Version}: its bytes differ, so somebody has replaced it");
            }
        }
    }
}
