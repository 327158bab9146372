using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether a step can be created disabled.</summary>
/// <remarks>
/// Its key is pending and it runs before deploy's step: if it arrives enabled after all, nobody notices.
/// </remarks>
internal sealed class DisabledOnCreate : IQuestion
{
    /// <inheritdoc />
    public string Text => "Does a step that is created with statecode 1 arrive disabled?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        await site.Rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: false, null, null, cancellation);
        JsonObject step =
            await site.Dataverse.GetAsync($"{ProbeRows.PublishKeys.Path}?$select=statecode", cancellation);
        return step.Required<int>("statecode") == 1 ? new Answer(Verdict.Yes, "its statecode is 1")
            : new Answer(Verdict.No, "its statecode is 0");
    }
}
