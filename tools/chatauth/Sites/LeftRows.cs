using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Sites;

/// <summary>
/// Rows of this database that a page or a web file was fed from, and that the settings file does not name any more.
/// </summary>
/// <remarks>
/// An address that is remembered leads to ids that only this product gives, and to no other row.
/// </remarks>
internal static class LeftRows
{
    private const string NoKeys = "[]\n";

    /// <summary>Empties those that hold a key of this environment.</summary>
    /// <param name="dataverse">The environment.</param>
    /// <param name="targets">The targets that the settings file names.</param>
    /// <param name="left">The places that it does not name any more.</param>
    /// <param name="known">What is this environment's own.</param>
    /// <param name="changes">Does every write.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public static async Task EmptyAsync(
        WebApi dataverse,
        IReadOnlyList<IPublishingTarget> targets,
        IReadOnlyList<PublishedPlace> left,
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

        foreach ((_, LiveSite site) in await SiteLookup.AllAsync(dataverse, cancellation))
        {
            HashSet<Guid> settings =
                [.. left.Select(place => new KeyPage(site, place.Url.AbsolutePath, string.Empty).SettingId)];
            foreach (SiteRow setting in await LeftAsync(site, SiteKind.SiteSetting, settings))
            {
                if (HoldsOurs(setting.Text("value")))
                {
                    await changes.DoAsync(
                        $"take the keys from a page of the site {site.Id:D}, which is no target any more",
                        () => site.WriteAsync(setting.With("value", NoKeys), setting, cancellation));
                }
            }

            HashSet<Guid> files = [.. left.SelectMany(place => WebFileTarget.RowsOf(site, place.Url))];
            foreach (SiteRow file in site.MayBeCodeSite ? await LeftAsync(site, SiteKind.WebFile, files) : [])
            {
                if (HoldsOurs(await site.ReadFileAsync(file, cancellation)))
                {
                    await changes.DoAsync(
                        $"take the keys from a web file of the site {site.Id:D}, which is no target any more",
                        () => site.WriteFileAsync(file, file.Name, NoKeys, cancellation));
                }
            }
        }

        async Task<IReadOnlyList<SiteRow>> LeftAsync(LiveSite site, SiteKind kind, HashSet<Guid> rows) =>
        [
            .. (await site.ListAsync(kind, cancellation))
                .Where(row => rows.Contains(row.Id) && !named.Contains(row.Id)),
        ];

        bool HoldsOurs(string? text) => text != null
            && PublicKeys.Parse(text).All.Any(key => known.IsOurs(key.Thumbprint, isInDatabase: true));
    }
}
