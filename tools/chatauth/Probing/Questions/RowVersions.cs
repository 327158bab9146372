using System.Net;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether Dataverse guards rows of a table by their ETag against a second writer.</summary>
/// <param name="what">The rows, for the question.</param>
/// <param name="path">Address of the probe's own row of that table.</param>
/// <param name="column">A column that may be written.</param>
internal sealed class RowVersions(string what, string path, string column) : IQuestion
{
    /// <inheritdoc />
    public string Text => $"Can rows of {what} be guarded by an ETag?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        await site.Rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: false, null, null, cancellation);
        JsonObject row = await site.Dataverse.GetAsync($"{path}?$select={column}", cancellation);
        if (row.Column<string>("@odata.etag") is not { } version)
        {
            return new Answer(Verdict.No, "rows carry no ETag");
        }

        bool isKept = true;
        async Task PatchAsync() => await site.Dataverse.PatchAsync(
            path,
            version,
            new JsonObject { [column] = row.Column<string>(column) ?? "probe" },
            () =>
            {
                isKept = false;
                return Task.FromResult(true);
            },
            cancellation);
        await PatchAsync();
        try
        {
            await PatchAsync();
        }
        catch (WebApiException refusal) when (refusal.Status == HttpStatusCode.PreconditionFailed)
        {
            return new Answer(Verdict.Yes, "a write with the version before the last was refused with 412");
        }

        return new Answer(
            Verdict.No, isKept ? "a write with the version before the last was taken"
                : "Dataverse answers that it keeps no versions for the table");
    }
}
