using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether a row of the plug-in trace holds the secure configuration in clear (facts 1).</summary>
/// <remarks>
/// The secure configuration is a mark then, no key: the plug-in refuses it, and a refusal is traced at the level
/// Exception. The former level is written into the step before it is changed, so that it comes back also after a kill.
/// </remarks>
internal sealed class TraceRow : IQuestion
{
    private const string Column = "secureconfiguration";

    /// <inheritdoc />
    public string Text => "Does a plug-in trace row hold the secure configuration in clear?";

    /// <inheritdoc />
    public bool TakesOver => true;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        TraceLevel trace = new(site.Dataverse);
        int level = await trace.ReadAsync(cancellation);
        if (level == TraceLevel.Off && !site.AllowsTrace)
        {
            return new Answer(
                Verdict.NotAsked, "plug-in trace is Off; --trace switches it to Exception for the moment, for every "
                    + "plug-in of the environment");
        }

        string mark = "chatauth-probe-" + Guid.NewGuid().ToString("N");
        await site.Rows.WriteSecureAsync(mark, cancellation);
        await site.Rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: true, null, level, cancellation);
        if (level == TraceLevel.Off)
        {
            await trace.WriteAsync(TraceLevel.Exceptions, cancellation);
        }

        IReadOnlyList<JsonObject> rows = [];
        await site.ComesToBeAsync(
            async () =>
            {
                await RefusedAsync(site, cancellation);
                rows = await TraceLevel.RowsAsync(site.Dataverse, ProbeRows.PublishKeys.Id, Column, cancellation);
                return rows.Count > 0;
            },
            cancellation);
        string?[] texts = [.. rows.Select(row => row.Column<string>(Column))];
        return texts.Length == 0 ? new Answer(Verdict.NotTold, "no row came within half a minute")
            : texts.Any(text => text?.Contains(mark, StringComparison.Ordinal) == true)
            ? new Answer(Verdict.Yes, "the row holds the probe's mark")
            : texts.All(string.IsNullOrEmpty) ? new Answer(Verdict.No, "the column is empty")
            : new Answer(Verdict.No, "the column holds something else than the text");
    }

    private static async Task RefusedAsync(ProbeSite site, CancellationToken cancellation)
    {
        try
        {
            await site.ServedEndAsync(cancellation);
        }
        catch (WebApiException refusal) when (refusal.PluginCode != null)
        {
        }
    }
}
