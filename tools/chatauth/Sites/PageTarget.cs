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

    private (KeyPage Page, Uri Url)? found;

    /// <inheritdoc/>
    public string Name => "page of the site " + settings.Place;

    /// <inheritdoc/>
    public PublicKeyFormat Format => settings.Format;

    /// <summary>Twice the 15 minutes that a site's configuration cache may last (facts, section 5).</summary>
    public TimeSpan MinimumLead => TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public async Task<string?> ReadAsync(CancellationToken cancellation) =>
        await (await FindAsync(cancellation)).Page.ReadAsync(cancellation);

    /// <inheritdoc/>
    public async Task WriteAsync(string text, CancellationToken cancellation) =>
        await (await FindAsync(cancellation)).Page.WriteAsync(text, cancellation);

    /// <inheritdoc/>
    public async Task<string?> FetchAsync(CancellationToken cancellation) =>
        await KeySource.FetchAsync((await FindAsync(cancellation)).Url, network, cancellation);

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellation) =>
        await (await FindAsync(cancellation)).Page.RemoveAsync(cancellation);

    private async Task<(KeyPage Page, Uri Url)> FindAsync(CancellationToken cancellation)
    {
        if (found is { } known)
        {
            return known;
        }

        Site site = await Site.FindAsync(dataverse, settings.Place, cancellation);
        Uri url = site.AddressOf(settings, UsualPath);
        found = (new KeyPage(site, url.AbsolutePath, settings.Format.MimeType), url);
        return found.Value;
    }
}
