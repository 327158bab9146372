using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Checks;

/// <summary>Whether the sites of the setting "portals" have all that they give chat tokens by.</summary>
internal sealed class SitePartsCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "what sites give tokens by";

    /// <inheritdoc/>
    public bool IsPreflight => false; // deploy looks at each part itself, and makes it right

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.Portals.Count == 0 ? "the settings file has no \"portals\"" : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        foreach (PortalSettings settings in examination.Settings.Portals)
        {
            LiveSite site = await SiteLookup.FindAsync(examination.Dataverse, settings.Site, examination.Cancellation);
            SitePart[] wrong =
            [
                .. (await new Portal(site, settings).PartsAsync(examination.Cancellation))
                    .Where(part => !part.IsRight),
            ];
            if (wrong.Any(LacksRole))
            {
                yield return Errors.WebRoleMissing(settings.Site);
            }

            string[] others = [.. wrong.Where(part => !LacksRole(part)).Select(Said).Distinct()];
            if (others.Length > 0)
            {
                yield return Errors.SitePartsWrong(settings.Site, string.Join(", ", others));
            }
        }
    }

    // A further role beside it is a difference like any other.
    private static bool LacksRole(SitePart part) =>
        part.Differences.Select(difference => difference.What).SequenceEqual([SiteRow.WebRoles])
        && part.Row.Columns[SiteRow.WebRoles]?[0]?.ToString() is { } role
        && part.Current!.Text(SiteRow.WebRoles)?.Contains(role, StringComparison.OrdinalIgnoreCase) != true;

    private static string Said(SitePart part) => part.Current == null
        ? $"the {part.Name} is not there"
        : $"the {part.Name} differs in {string.Join(", ", part.Differences.Select(difference => difference.What))}";
}
