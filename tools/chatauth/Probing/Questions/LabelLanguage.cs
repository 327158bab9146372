using System.Text.Json.Nodes;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether the solution, whose labels are English, is imported where English is not provisioned.</summary>
/// <remarks>
/// The solution is installed wherever a probe runs. Source: Microsoft Learn, RetrieveProvisionedLanguages function.
/// </remarks>
internal sealed class LabelLanguage : IQuestion
{
    private const int English = 1033;

    /// <inheritdoc />
    public string Text => "Is the solution imported where English is not provisioned?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        JsonObject answer = await site.Dataverse.GetAsync("RetrieveProvisionedLanguages()", cancellation);
        return answer["RetrieveProvisionedLanguages"] is not JsonArray { Count: > 0 } languages
            ? new Answer(Verdict.NotTold, "the provisioned languages were not answered")
            : languages.Any(language => JsonNode.DeepEquals(language, English))
            ? new Answer(Verdict.NotAsked, "English is provisioned here")
            : new Answer(Verdict.Yes, "it is installed, and English is not among the provisioned languages");
    }
}
