using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Sites;

/// <summary>A page of a Power Pages site with Liquid, fed from a site setting that deploy owns.</summary>
/// <param name="settings">The site, the format and the URL.</param>
/// <param name="dataverse">The environment the site is in.</param>
/// <param name="network">Answers requests for the URL; null for the network.</param>
internal sealed class PageTarget(TargetSettings settings, WebApi dataverse, HttpMessageHandler? network)
    : IPublishingTarget
{
    private (LiveSite Site, KeyPage Page, Uri Url)? found;

    /// <inheritdoc/>
    public string Name => "page of the site " + settings.Place;

    /// <inheritdoc/>
    public PublicKeyFormat Format => settings.Format;

    /// <inheritdoc/>
    public bool IsInDatabase => true;

    /// <summary>Twice the 15 minutes that a site's configuration cache may last (facts, section 5).</summary>
    public TimeSpan LeadOf(TimeSpan? cacheLifetime) => TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public async Task<Uri?> AddressAsync(CancellationToken cancellation) => (await FindAsync(cancellation)).Url;

    /// <summary>Id of the row that holds the keys.</summary>
    /// <exception cref="CommandException">5001, 5002, 5012, 5013.</exception>
    public async Task<Guid> RowAsync(CancellationToken cancellation) =>
        (await FindAsync(cancellation)).Page.SettingId;

    /// <summary>
    /// The text the setting holds; null when nothing of the page is there, empty when a part is missing or other than
    /// it must be.
    /// </summary>
    /// <exception cref="CommandException">5001, 5002, 5012.</exception>
    public async Task<HeldText> ReadAsync(CancellationToken cancellation)
    {
        (_, KeyPage page, _) = await FindAsync(cancellation);
        SitePart setting = await page.SettingAsync(null, cancellation);
        string text = setting.Current?.Text("value") ?? string.Empty;
        IReadOnlyList<SitePart> parts = await page.PartsAsync(cancellation);
        return new HeldPage(
            text.Length == 0 && parts.All(part => part.Current is null or { IsManaged: true }) ? null
                : parts.All(part => part.IsRight) ? text
                : string.Empty,
            setting,
            parts);
    }

    /// <summary>Makes what is missing; a setting that is there last, so that it never says more than the page
    /// shows.</summary>
    /// <param name="text">Public keys in the target's format.</param>
    /// <param name="read">What was read.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5608 a setting does not hold so much; 5006, 5001, 5002, 5012.</exception>
    public async Task WriteAsync(string text, HeldText read, CancellationToken cancellation)
    {
        (LiveSite site, KeyPage page, _) = await FindAsync(cancellation);
        HeldPage held = (HeldPage)read;
        if (text.Length > site.LongestSetting)
        {
            throw new CommandException(Errors.KeysTooLong(text.Length, site.LongestSetting));
        }

        foreach (SitePart part in held.Parts.Append(held.Setting).Where(part => part.Current == null))
        {
            site.EnsureFree(part.Row);
        }

        // A page that gets a setting of its own shows it at once; the page of another target may be on the way.
        SiteRow setting = held.Setting.Row.With("value", text);
        bool isNew = held.Setting.Current == null;
        if (isNew)
        {
            await site.WriteAsync(setting, null, cancellation);
        }

        IReadOnlyList<SitePart> now = await page.PartsAsync(cancellation);
        foreach (SitePart part in held.Parts.Where(part =>
            part.Current != null || !now.Any(other => other.Row.Id == part.Row.Id && other.Current != null)))
        {
            await part.MakeRightAsync(site, cancellation);
        }

        // Also where the text is the same already: the new version refuses a write that was overtaken.
        if (!isNew)
        {
            await site.WriteAsync(setting, held.Setting.Current, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        await PublicKeys.FindAsync((await FindAsync(cancellation)).Url, network, cancellation);

    /// <summary>
    /// Removes what <see cref="WriteAsync"/> made; a setting that others made is emptied, what a managed solution
    /// brought stays.
    /// </summary>
    /// <param name="read">What was read.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006, 5001, 5002, 5012.</exception>
    public async Task RemoveAsync(HeldText read, CancellationToken cancellation)
    {
        (LiveSite site, _, _) = await FindAsync(cancellation);
        HeldPage held = (HeldPage)read;
        bool isOwn = held.Setting.Current?.Id == held.Setting.Row.Id;
        if (held.Setting.Current != null && !isOwn)
        {
            await held.Setting.MakeRightAsync(site, cancellation);
        }

        // What refers to another goes before it.
        // What another key page is below, or shows by, stays for it.
        HashSet<Guid> own = [.. held.Parts.Select(part => part.Row.Id)];
        SiteRow[] others =
        [
            .. (await site.ListAsync(SiteKind.WebPage, cancellation)).Where(row => !own.Contains(row.Id)),
        ];
        HashSet<Guid?> needed = [.. others.Select(row => row.Reference("parentpageid"))];
        SiteRow[] kept =
            [.. held.Parts.Select(part => part.Current).OfType<SiteRow>().Where(row => needed.Contains(row.Id))];
        needed.UnionWith(others.Concat(kept).Select(row => row.Reference("pagetemplateid")));
        SitePart? template = held.Parts.FirstOrDefault(part => needed.Contains(part.Row.Id)
            && part.Row.Kind == SiteKind.PageTemplate);
        needed.Add(template?.Row.Reference("webtemplateid"));
        IEnumerable<SitePart> made = held.Parts.Where(part => !part.Goes).Reverse()
            .Concat(held.Parts.Where(part => part.Goes)).Where(part => !needed.Contains(part.Row.Id));
        foreach (SitePart part in isOwn ? made.Append(held.Setting) : made)
        {
            if (part.Current is { IsManaged: false })
            {
                await (part with { Goes = true }).MakeRightAsync(site, cancellation);
            }
        }
    }

    private async Task<(LiveSite Site, KeyPage Page, Uri Url)> FindAsync(CancellationToken cancellation)
    {
        if (found is { } known)
        {
            return known;
        }

        LiveSite site = await SiteLookup.FindAsync(dataverse, settings.Place, cancellation);
        Uri url = site.AddressOf(settings, KeyPage.UsualPath);
        found = (site, new KeyPage(site, url.AbsolutePath, settings.Format.MimeType), url);
        return found.Value;
    }

    // The setting, to be emptied, and the other parts, each with its version.
    private sealed record HeldPage(string? Text, SitePart Setting, IReadOnlyList<SitePart> Parts) : HeldText(Text)
    {
        public override PublicKeys? Keys =>
            Setting.Current?.Text("value") is { } value ? PublicKeys.Parse(value) : null;
    }
}
