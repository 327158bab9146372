using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Sites;

/// <summary>
/// A web file directly below the address of a Power Pages site: for code sites, which have no Liquid.
/// </summary>
/// <remarks>
/// Code sites are in the enhanced data model only. The bytes lie in the component's file column <c>filecontent</c>
/// (Microsoft Learn, powerpagecomponent table); the component is made first, so a run that was killed in between is
/// gone on with.
/// </remarks>
/// <param name="settings">The site, the format and the URL.</param>
/// <param name="dataverse">The environment the site is in.</param>
/// <param name="network">Answers requests for the URL; null for the network.</param>
internal sealed class WebFileTarget(TargetSettings settings, WebApi dataverse, HttpMessageHandler? network)
    : IPublishingTarget
{
    private (LiveSite Site, Uri Url)? found;

    /// <inheritdoc/>
    public string Name => "web file of the site " + settings.Place;

    /// <inheritdoc/>
    public PublicKeyFormat Format => settings.Format;

    /// <inheritdoc/>
    public bool IsInDatabase => true;

    /// <summary>
    /// Twice the hour for which browsers and proxies may keep an anonymous static file (facts, section 5).
    /// </summary>
    public TimeSpan LeadOf(TimeSpan? cacheLifetime) => TimeSpan.FromHours(2);

    private string UsualPath => "/publickey" + settings.Format.Extension;

    /// <inheritdoc/>
    public async Task<Uri?> AddressAsync(CancellationToken cancellation) => (await FindAsync(cancellation)).Url;

    /// <summary>Id of the row that holds the keys.</summary>
    /// <exception cref="CommandException">5001, 5002, 5012, 5013, 5104.</exception>
    public async Task<Guid> RowAsync(CancellationToken cancellation) =>
        ((HeldWebFile)await ReadAsync(cancellation)).Row?.Id ?? Guid.Empty;

    /// <summary>The ids of the row that deploy makes for an address of a site: its own, and the one of 0.1.0.</summary>
    /// <param name="site">The site.</param>
    /// <param name="url">The address.</param>
    public static IReadOnlyList<Guid> RowsOf(LiveSite site, Uri url) => [IdOf(site, url), site.IdOf("web file")];

    /// <inheritdoc/>
    public async Task<HeldText> ReadAsync(CancellationToken cancellation)
    {
        (LiveSite site, Uri url) = await FindAsync(cancellation);
        SiteRow? file = await OwnAsync(site, url, cancellation);
        string? held = file == null ? null : await site.ReadFileAsync(file, cancellation);
        return new HeldWebFile(file == null ? null : held ?? string.Empty, file);
    }

    /// <summary>Writes the row, then its file.</summary>
    /// <remarks>
    /// Whether a version guards the upload of a file is not documented, so the row is written first, also where it is
    /// right already: whoever read it before is refused there and never comes to the upload.
    /// </remarks>
    /// <param name="text">Public keys in the target's format.</param>
    /// <param name="read">What was read.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006, 5001, 5002, 5012.</exception>
    public async Task WriteAsync(string text, HeldText read, CancellationToken cancellation)
    {
        (LiveSite site, Uri url) = await FindAsync(cancellation);
        SiteRow home = site.HomeAmong(await site.ListAsync(SiteKind.WebPage, cancellation));
        string name = url.AbsolutePath.TrimStart('/');
        JsonObject columns = new()
        {
            ["partialurl"] = name,
            ["parentpageid"] = home.Id.ToString("D"),
            ["hiddenfromsitemap"] = true,
            ["excludefromsearch"] = true,
            ["enabletracking"] = false,
        };
        SiteRow.SetReference(columns, "publishingstateid", home.Reference("publishingstateid"));
        SiteRow? current = ((HeldWebFile)read).Row;
        SiteRow row = new(SiteKind.WebFile, current?.Id ?? IdOf(site, url), name, columns);
        await site.WriteAsync(row, current, cancellation);
        await site.WriteFileAsync(row, name, text, cancellation);
    }

    /// <inheritdoc/>
    public async Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        await PublicKeys.FindAsync((await FindAsync(cancellation)).Url, network, cancellation);

    /// <inheritdoc/>
    public async Task RemoveAsync(HeldText read, CancellationToken cancellation)
    {
        if (((HeldWebFile)read).Row is { } file)
        {
            await (await FindAsync(cancellation)).Site.DeleteAsync(file, cancellation);
        }
    }

    // The file at the address that deploy made; another one there is not touched.
    private async Task<SiteRow?> OwnAsync(LiveSite site, Uri url, CancellationToken cancellation)
    {
        IReadOnlyList<Guid> own = RowsOf(site, url);
        SiteRow[] there =
        [
            .. (await site.ListAsync(SiteKind.WebFile, cancellation)).Where(file =>
                file.Id == own[0]
                || string.Equals("/" + file.Text("partialurl"), url.AbsolutePath, StringComparison.OrdinalIgnoreCase)),
        ];
        return there.All(file => own.Contains(file.Id))
            ? there.FirstOrDefault()
            : throw new CommandException(Errors.TargetForeign(Name, "another web file is at its address"));
    }

    // Each file of a site has an id of its own; 0.1.0 had one for all.
    private static Guid IdOf(LiveSite site, Uri url) => site.IdOf(
        url.AbsolutePath == "/publickey.json" ? "web file" : "web file " + url.AbsolutePath);

    private async Task<(LiveSite Site, Uri Url)> FindAsync(CancellationToken cancellation)
    {
        if (found is { } known)
        {
            return known;
        }

        LiveSite site = await SiteLookup.FindAsync(dataverse, settings.Place, cancellation);
        if (!site.MayBeCodeSite)
        {
            throw new CommandException(Errors.SettingBad(
                $"\"webfile\" of the site {settings.Place}",
                "of a site in the enhanced data model; take \"page\" for this one"));
        }

        Uri url = site.AddressOf(settings, UsualPath);
        if (url.Segments.Length != 2)
        {
            throw new CommandException(Errors.SettingBad(
                $"\"url\" of the web file of the site {settings.Place}", "a file directly below the site's address"));
        }

        found = (site, url);
        return found.Value;
    }

    // The component with its version.
    private sealed record HeldWebFile(string? Text, SiteRow? Row) : HeldText(Text);
}
