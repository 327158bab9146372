using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether a call without impersonation looks like one (facts 2, AuthenticatedUserId).</summary>
/// <remarks>
/// The plug-in looks at it first of all it asks of a caller; a call without parameters is refused a moment later
/// anyway. So where ChatAuth is deployed its own step is asked.
/// </remarks>
internal sealed class PlainCall : IQuestion
{
    private const string Impersonation = "CHATAUTH1003";

    // Settings are read before the caller is looked at.
    private const string SettingsFamily = "CHATAUTH2";
    private const string Unexpected = "CHATAUTH9";

    /// <inheritdoc />
    public string Text => "Is AuthenticatedUserId empty or equal to InitiatingUserId in a plain call?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        if (!site.IsDeployed)
        {
            await site.Rows.CreateStepAsync(
                ProbeRows.IssueToken, enabled: true, Signing.SettingsFor(site.ApplicationId), null, cancellation);
        }

        try
        {
            await site.ComesToBeAsync(
                async () => await site.Dataverse.PostAsync(CustomApi.IssueChatToken.UniqueName, new JsonObject(),
                    cancellation) is { } answer && !string.IsNullOrEmpty(answer.Column<string>("Token")),
                cancellation);
            return new Answer(Verdict.NotTold, "no enabled step answered");
        }
        catch (WebApiException refusal) when (refusal.PluginCode is { } code)
        {
            return code == Impersonation ? new Answer(Verdict.No, $"the call was refused with {code}")
                : new[] { SettingsFamily, Unexpected }.Any(family => code.StartsWith(family, StringComparison.Ordinal))
                ? new Answer(Verdict.NotTold, "the call was refused with " + code)
                : new Answer(
                    Verdict.Yes, $"the call was refused with {code}, not {Impersonation}, which comes before it");
        }
    }
}
