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
    private const string UsualPath = "/auth/publickey";

    private (LiveSite Site, KeyPage Page, Uri Url)? found;

    /// <inheritdoc/>
    public string Name => "page of the site " + settings.Place;

    /// <inheritdoc/>
    public PublicKeyFormat Format => settings.Format;

    /// <summary>Twice the 15 minutes that a site's configuration cache may last (facts, section 5).</summary>
    public TimeSpan MinimumLead => TimeSpan.FromMinutes(30);

    /// <summary>
    /// The text the setting holds; null when nothing of the page is there, empty when a part is missing or other than
    /// it must be.
    /// </summary>
    /// <exception cref="CommandException">5001, 5002, 5012.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        (_, KeyPage page, _) = await FindAsync(cancellation);
        string text = (await page.SettingAsync(null, cancellation)).Current?.Text("value") ?? string.Empty;
        IReadOnlyList<SitePart> parts = await page.PartsAsync(cancellation);
        return text.Length == 0 && parts.All(part => part.Current is null or { IsManaged: true }) ? null
            : parts.All(part => part.IsRight) ? text
            : string.Empty;
    }

    /// <summary>Makes what is missing; the setting last, so that it never says more than the page shows.</summary>
    /// <param name="text">Public keys in the target's format.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5608 a setting does not hold so much; 5006, 5001, 5002, 5012.</exception>
    public async Task WriteAsync(string text, CancellationToken cancellation)
    {
        (LiveSite site, KeyPage page, _) = await FindAsync(cancellation);
        if (text.Length > site.LongestSetting)
        {
            throw new CommandException(Errors.KeysTooLong(text.Length, site.LongestSetting));
        }

        foreach (SitePart part in await page.PartsAsync(cancellation))
        {
            await part.MakeRightAsync(site, cancellation);
        }

        await (await page.SettingAsync(text, cancellation)).MakeRightAsync(site, cancellation);
    }

    /// <inheritdoc/>
    public async Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        await PublicKeys.FetchAsync((await FindAsync(cancellation)).Url, network, cancellation);

    /// <summary>
    /// Removes what <see cref="WriteAsync"/> made; a setting that others made is emptied, what a managed solution
    /// brought stays.
    /// </summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006, 5001, 5002, 5012.</exception>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        (LiveSite site, KeyPage page, _) = await FindAsync(cancellation);
        SitePart setting = await page.SettingAsync(null, cancellation);
        bool isOwn = setting.Current?.Id == setting.Row.Id;
        if (setting.Current != null && !isOwn)
        {
            await setting.MakeRightAsync(site, cancellation);
        }

        // What refers to another goes before it.
        IEnumerable<SitePart> made = (await page.PartsAsync(cancellation)).Reverse();
        foreach (SitePart part in isOwn ? made.Append(setting) : made)
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
        Uri url = site.AddressOf(settings, UsualPath);
        found = (site, new KeyPage(site, url.AbsolutePath, settings.Format.MimeType), url);
        return found.Value;
    }
}
