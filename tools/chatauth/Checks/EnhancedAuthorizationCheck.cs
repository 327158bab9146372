using ChatAuth.Dataverse;
using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Checks;

/// <summary>Whether the sites of the settings file call as themselves, as the plug-in demands.</summary>
internal sealed class EnhancedAuthorizationCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "authorization of sites";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        Names(examination.Settings).Any() ? null : "the settings file names no Power Pages site";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        IReadOnlyDictionary<Guid, bool>? acting =
            await EnhancedAuthorization.SitesAsync(examination.Dataverse, examination.Cancellation);
        if (acting is not { Count: > 0 })
        {
            yield break;
        }

        foreach (string name in Names(examination.Settings))
        {
            LiveSite site = await SiteLookup.FindAsync(examination.Dataverse, name, examination.Cancellation);
            if (acting.TryGetValue(site.Id, out bool isOn))
            {
                yield return Errors.SiteActsAsVisitor(name, isOn);
            }
        }
    }

    // A site that only shows keys has its server logic from a solution, most likely.
    private static IEnumerable<string> Names(SettingsFile settings) =>
        settings.Portals.Select(portal => portal.Site)
            .Concat(settings.Publish.Where(target => target.Kind is TargetKind.Page or TargetKind.WebFile)
                .Select(target => target.Place))
            .Distinct(StringComparer.OrdinalIgnoreCase);
}
