using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing;

/// <summary>The organization's setting of the plug-in trace, and the rows it writes for a step.</summary>
/// <remarks>Sources: Microsoft Learn, organization and plugintracelog table references.</remarks>
internal sealed class TraceLevel(WebApi dataverse)
{
    /// <summary>Nothing is traced.</summary>
    public const int Off = 0;

    /// <summary>Refusals are traced: the least that writes a row.</summary>
    public const int Exceptions = 1;

    private const string Column = "plugintracelogsetting";

    /// <summary>The level.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task<int> ReadAsync(CancellationToken cancellation) =>
        (await OrganizationAsync(cancellation)).Required<int>(Column);

    /// <summary>Sets the level.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task WriteAsync(int level, CancellationToken cancellation)
    {
        JsonObject organization = await OrganizationAsync(cancellation);
        if (organization.Required<int>(Column) != level)
        {
            await dataverse.PatchAsync(
                $"organizations({organization.Required<Guid>("organizationid")})?$select=organizationid", null,
                new JsonObject { [Column] = level }, null, cancellation);
        }
    }

    /// <summary>Rows of a step.</summary>
    /// <param name="dataverse">The environment.</param>
    /// <param name="step">Id of the step.</param>
    /// <param name="column">What to read of each.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyList<JsonObject>> RowsAsync(
        WebApi dataverse, Guid step, string column, CancellationToken cancellation) =>
        await dataverse.ListIfKnownAsync(
            $"plugintracelogs?$select={column}&$filter=pluginstepid eq {step:D}", cancellation) ?? [];

    /// <summary>Deletes the rows of a step.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task ForgetAsync(WebApi dataverse, Guid step, CancellationToken cancellation)
    {
        foreach (JsonObject row in await RowsAsync(dataverse, step, "plugintracelogid", cancellation))
        {
            await dataverse.DeleteAsync($"plugintracelogs({row.Required<Guid>("plugintracelogid")})", cancellation);
        }
    }

    private async Task<JsonObject> OrganizationAsync(CancellationToken cancellation) =>
        (await dataverse.FindAsync($"organizations?$select={Column}", cancellation))!;
}
