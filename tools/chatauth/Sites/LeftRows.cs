using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;

namespace ChatAuth.Sites;

/// <summary>
/// Rows of this database that a page or a web file was fed from, and that the settings file does not name any more.
/// </summary>
/// <remarks>They are known by their fixed ids, never by an address that somebody wrote down.</remarks>
internal static class LeftRows
{
    private const string NoKeys = "[]\n";

    /// <summary>Empties those that hold a key of this environment.</summary>
    /// <param name="dataverse">The environment.</param>
    /// <param name="targets">The targets that the settings file names.</param>
    /// <param name="known">What is this environment's own.</param>
    /// <param name="changes">Does every write.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public static async Task EmptyAsync(
        WebApi dataverse,
        IReadOnlyList<IPublishingTarget> targets,
        KnownKeys known,
        ChangeRunner changes,
        CancellationToken cancellation)
    {
        HashSet<Guid> named = [];
        foreach (IPublishingTarget target in targets)
        {
            switch (target)
            {
                case PageTarget page:
                    named.Add(await page.RowAsync(cancellation));
                    break;
                case WebFileTarget file:
                    named.Add(await file.RowAsync(cancellation));
                    break;
            }
        }

        foreach (LiveSite site in await SiteLookup.AllAsync(dataverse, cancellation))
        {
            SiteRow? setting = await FindAsync(site, SiteKind.SiteSetting, KeyPage.SettingPart);
            if (setting != null && HoldsOurs(setting.Text("value")))
            {
                await changes.DoAsync(
                    $"take the keys from the page of the site {site.Id:D}, which is no target any more",
                    () => site.WriteAsync(setting.With("value", NoKeys), setting, cancellation));
            }

            SiteRow? file = site.MayBeCodeSite
                ? await FindAsync(site, SiteKind.WebFile, WebFileTarget.FilePart)
                : null;
            if (file != null && HoldsOurs(await site.ReadFileAsync(file, cancellation)))
            {
                await changes.DoAsync(
                    $"take the keys from the web file of the site {site.Id:D}, which is no target any more",
                    () => site.WriteFileAsync(file, file.Name, NoKeys, cancellation));
            }
        }

        async Task<SiteRow?> FindAsync(LiveSite site, SiteKind kind, string part) => named.Contains(site.IdOf(part))
            ? null
            : (await site.ListAsync(kind, cancellation)).FirstOrDefault(row => row.Id == site.IdOf(part));

        bool HoldsOurs(string? text) =>
            Publisher.StillServed(text, key => known.IsOurs(key, isInDatabase: true) ? key : null) != null;
    }
}
