using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Settings;

namespace ChatAuth.Sites;

/// <summary>A Power Pages site and its components, in one of the two data models.</summary>
/// <param name="id">Its id.</param>
/// <param name="domain">Its primary domain name; null when the row does not say.</param>
internal abstract class Site(Guid id, string? domain)
{
    /// <summary>Its id.</summary>
    public Guid Id => id;

    /// <summary>Its primary domain name; null when the row does not say.</summary>
    public string? Domain => domain;

    /// <summary>How many characters a site setting holds.</summary>
    public abstract int LongestSetting { get; }

    /// <summary>The site of a name or id, in whichever data model it is.</summary>
    /// <exception cref="CommandException">5012 there is none, 5013 there are several; 5001, 5002.</exception>
    public static async Task<Site> FindAsync(WebApi dataverse, string name, CancellationToken cancellation)
    {
        string Filter(string idColumn, string nameColumn) =>
            Guid.TryParse(name, out Guid siteId) ? $"{idColumn} eq {siteId:D}"
                : $"{nameColumn} eq {OData.Literal(name)}";
        IReadOnlyList<JsonObject>? enhanced = await dataverse.ListIfKnownAsync(
            $"powerpagesites?$select=name,primarydomainname&$filter={Filter("powerpagesiteid", "name")}", cancellation);
        IReadOnlyList<JsonObject>? standard = await dataverse.ListIfKnownAsync(
            $"adx_websites?$select=adx_name,adx_primarydomainname&$filter={Filter("adx_websiteid", "adx_name")}",
            cancellation);
        Site[] sites =
        [
            .. (enhanced ?? []).Select(
                row => new EnhancedSite(
                    dataverse, row["powerpagesiteid"]!.GetValue<Guid>(), row["primarydomainname"]?.GetValue<string>())),
            .. (standard ?? []).Select(
                row => new StandardSite(dataverse, row["adx_websiteid"]!.GetValue<Guid>(),
                    row["adx_primarydomainname"]?.GetValue<string>())),
        ];
        return sites switch
        {
            [var site] => site,
            [] => throw new CommandException(Errors.RowNotFound("Power Pages site", name)),
            _ => throw new CommandException(Errors.RowAmbiguous("Power Pages site", name)),
        };
    }

    /// <summary>The active components of one kind.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public abstract Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation);

    /// <summary>Makes a component, or gives the one that is there the columns.</summary>
    /// <param name="row">What it is to be.</param>
    /// <param name="current">What it is; null when it is not there.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006 somebody else has changed it; 5001, 5002.</exception>
    public abstract Task WriteAsync(SiteRow row, SiteRow? current, CancellationToken cancellation);

    /// <summary>Deletes a component.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public abstract Task DeleteAsync(SiteRow row, CancellationToken cancellation);

    /// <summary>The text of a component's file; null when it has none.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public abstract Task<string?> ReadFileAsync(SiteRow row, CancellationToken cancellation);

    /// <summary>Gives a component, which is there, its file.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public abstract Task WriteFileAsync(SiteRow row, string name, string text, CancellationToken cancellation);

    /// <summary>The languages in which the home page has content, and so the site; none when it has none.</summary>
    /// <param name="pages">The site's web pages.</param>
    public IReadOnlyList<Guid> LanguagesAmong(IReadOnlyList<SiteRow> pages) =>
        [.. pages.Where(page => page.Reference("rootwebpageid") == HomeAmong(pages).Id && page.Text("isroot") == "false")
            .Select(page => page.Reference(SiteRow.Language)).OfType<Guid>().Distinct()];

    /// <summary>The home page.</summary>
    /// <param name="pages">The site's web pages.</param>
    /// <exception cref="CommandException">5012 there is none.</exception>
    public SiteRow HomeAmong(IReadOnlyList<SiteRow> pages) =>
        pages.FirstOrDefault(
            page => page.Text(
                "partialurl") == "/" && page.Reference("parentpageid") == null && page.Text("isroot") != "false")
            ?? throw new CommandException(Errors.RowNotFound("home page of the site", Id.ToString("D")));

    /// <summary>The id of a component that this product makes: the same in every run.</summary>
    /// <param name="part">Which component.</param>
    /// <remarks>RFC 9562 section 5.8, a UUID of version 8.</remarks>
    public Guid IdOf(string part)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"ChatAuth {Id:D} {part}"))[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    /// <summary>Where everyone reads the keys.</summary>
    /// <param name="target">Its URL, if it names one.</param>
    /// <param name="usualPath">The path on the site's own domain otherwise.</param>
    /// <exception cref="CommandException">5104 neither is known.</exception>
    public Uri AddressOf(TargetSettings target, string usualPath) =>
        target.Url ?? (Domain != null && Uri.TryCreate($"https://{Domain}{usualPath}", UriKind.Absolute, out Uri? usual) ? usual
            : throw new CommandException(
                Errors.SettingBad(
                    $"\"url\" for the site {target.Place}", "given, since the site's row names no domain")));
}
