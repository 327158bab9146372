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

    /// <inheritdoc/>
    public async Task<Uri?> AddressAsync(CancellationToken cancellation) => (await FindAsync(cancellation)).Url;

    /// <summary>Id of the row that holds the keys.</summary>
    /// <exception cref="CommandException">5001, 5002, 5012, 5013.</exception>
    public async Task<Guid> RowAsync(CancellationToken cancellation) =>
        (await FindAsync(cancellation)).Site.IdOf(KeyPage.SettingPart);

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

    /// <summary>Makes what is missing; the setting last, so that it never says more than the page shows.</summary>
    /// <param name="text">Public keys in the target's format.</param>
    /// <param name="read">What was read.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5608 a setting does not hold so much; 5006, 5001, 5002, 5012.</exception>
    public async Task WriteAsync(string text, HeldText read, CancellationToken cancellation)
    {
        (LiveSite site, _, _) = await FindAsync(cancellation);
        HeldPage held = (HeldPage)read;
        if (text.Length > site.LongestSetting)
        {
            throw new CommandException(Errors.KeysTooLong(text.Length, site.LongestSetting));
        }

        foreach (SitePart part in held.Parts)
        {
            await part.MakeRightAsync(site, cancellation);
        }

        // Also where the text is the same already: the new version refuses a write that was overtaken.
        await site.WriteAsync(held.Setting.Row.With("value", text), held.Setting.Current, cancellation);
    }

    /// <inheritdoc/>
    public async Task<string?> FetchAsync(CancellationToken cancellation) =>
        await KeySource.FindAsync((await FindAsync(cancellation)).Url, network, cancellation);

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
        IEnumerable<SitePart> made = held.Parts.Reverse();
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
        Uri url = site.AddressOf(settings, UsualPath);
        found = (site, new KeyPage(site, url.AbsolutePath, settings.Format.MimeType), url);
        return found.Value;
    }

    // The setting, to be emptied, and the other parts, each with its version.
    private sealed record HeldPage(string? Text, SitePart Setting, IReadOnlyList<SitePart> Parts) : HeldText(Text);
}
