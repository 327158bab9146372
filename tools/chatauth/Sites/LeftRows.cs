using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

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
            foreach (SiteRow setting in (await site.ListAsync(SiteKind.SiteSetting, cancellation))
                .Where(row => !named.Contains(row.Id) && KeyPage.IsOwnSetting(site, row)
                    && HoldsOurs(row.Text("value"))))
            {
                await changes.DoAsync(
                    $"take the keys from the page of the site {site.Id:D}, which is no target any more",
                    () => site.WriteAsync(setting.With("value", NoKeys), setting, cancellation));
            }

            IReadOnlyList<SiteRow> files =
                site.MayBeCodeSite ? await site.ListAsync(SiteKind.WebFile, cancellation) : [];
            foreach (SiteRow file in files.Where(row => !named.Contains(row.Id) && WebFileTarget.IsOwn(site, row)))
            {
                if (HoldsOurs(await site.ReadFileAsync(file, cancellation)))
                {
                    await changes.DoAsync(
                        $"take the keys from the web file of the site {site.Id:D}, which is no target any more",
                        () => site.WriteFileAsync(file, file.Name, NoKeys, cancellation));
                }
            }
        }

        bool HoldsOurs(string? text) =>
            text != null && PublicKeys.Parse(text).All.Any(key => known.IsOurs(key.Thumbprint, isInDatabase: true));
    }
}
