using ChatAuth.Dataverse;
using ChatAuth.Sites;

namespace ChatAuth.Checks;

/// <summary>Whether the sites of the settings file call as themselves, as the plug-in demands.</summary>
internal sealed class EnhancedAuthorizationCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "authorization of sites";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.Sites.Any() ? null : "the settings file names no Power Pages site";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        IReadOnlyDictionary<Guid, bool>? acting =
            await EnhancedAuthorization.SitesAsync(examination.Dataverse, examination.Cancellation);
        if (acting is not { Count: > 0 })
        {
            yield break;
        }

        foreach (string name in examination.Settings.Sites)
        {
            LiveSite site = await SiteLookup.FindAsync(examination.Dataverse, name, examination.Cancellation);
            if (acting.TryGetValue(site.Id, out bool isOn))
            {
                yield return Errors.SiteActsAsVisitor(name, isOn);
            }
        }
    }
}
