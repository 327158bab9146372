using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Platform;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether some RSA class of the sandbox signs (facts 2). Which one it is, no caller is told.</summary>
/// <remarks>
/// The only token that the probe's key ever signs is for the probe's own contact. The caller's entry knows visitors by
/// a random mark, so that a portal that happens to call as the same application user, in these seconds, is refused.
/// </remarks>
internal sealed class Signing : IQuestion
{
    /// <summary>The plug-in's code when no class signs.</summary>
    private const string SigningFailed = "CHATAUTH3009";

    private const string MarkColumn = "externaluseridentifier";

    // The clock of this machine may be ahead.
    private static readonly TimeSpan Since = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public string Text => "Does an RSA class of the sandbox sign?";

    /// <inheritdoc />
    public bool TakesOver => true;

    /// <summary>Settings of a step that knows the probe as its caller, and visitors by a mark.</summary>
    public static string SettingsFor(Guid? applicationId) => new JsonObject
    {
        ["issuer"] = "chatauth-probe",
        ["callers"] = new JsonObject
        {
            [applicationId?.ToString("D") ?? "powerpages"] =
                new JsonObject { ["contact"] = new JsonObject { ["column"] = MarkColumn } },
        },
    }.ToJsonString();

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        if (site.ApplicationId == null)
        {
            return new Answer(Verdict.NotAsked, "only application users are given tokens: run the probe as one");
        }

        DateTimeOffset now = site.Clock.GetUtcNow();
        KeyFile keys = site.Keys((now - Since).ToUnixTimeSeconds(), site.KeyEnd);
        string mark = "chatauth-probe-" + Guid.NewGuid().ToString("N");
        await site.Rows.WriteSecureAsync(site.Text(keys), cancellation);
        await site.Rows.CreateStepAsync(
            ProbeRows.IssueToken, enabled: true, SettingsFor(site.ApplicationId), null, cancellation);
        await site.Rows.CreateContactAsync(MarkColumn, mark, cancellation);
        string? token = null;
        try
        {
            await site.ComesToBeAsync(
                async () => !string.IsNullOrEmpty(
                    token = (
                        await site.Dataverse.PostAsync(
                            CustomApi.IssueChatToken.UniqueName,
                            new JsonObject { ["UserName"] = mark },
                            cancellation))?.Column<string>("Token")),
                cancellation);
        }
        catch (WebApiException refusal) when (refusal.PluginCode is { } code)
        {
            return code == SigningFailed
                ? new Answer(Verdict.No, $"{code}: neither RSACng nor the framework's choice signs")
                : new Answer(Verdict.NotTold, "the probe's token was refused with " + code);
        }

        if (string.IsNullOrEmpty(token))
        {
            return new Answer(Verdict.NotTold, "the step of the probe did not answer");
        }

        string published = Publication.Of(keys, now.ToUnixTimeSeconds()).Text(PublicKeyFormat.KeySet);
        TokenVerification.Verify(
            Token.Parse(token), PublicKeys.Parse(published).Keys, site.Clock.GetUtcNow());
        return new Answer(
            Verdict.Yes, "a token was issued and verifies with the probe's key; which class signed, no caller is told");
    }
}
