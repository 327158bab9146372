using System.Security.Cryptography;
using System.Text;

namespace ChatAuth.Sites;

/// <summary>A Power Pages site and its components, as they are read.</summary>
/// <param name="id">Its id.</param>
internal abstract class Site(Guid id)
{
    /// <summary>Its id.</summary>
    public Guid Id => id;

    /// <summary>Whether a server logic has columns for the name and the description that makers see.</summary>
    public abstract bool DescribesServerLogic { get; }

    /// <summary>The active components of one kind.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public abstract Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation);

    /// <summary>The text of a component's file; null when it has none.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public abstract Task<string?> ReadFileAsync(SiteRow row, CancellationToken cancellation);

    /// <summary>The languages in which the home page has content, and so the site; none when it has none.</summary>
    /// <param name="pages">The site's web pages.</param>
    public IReadOnlyList<Guid> LanguagesAmong(IReadOnlyList<SiteRow> pages)
    {
        Guid home = HomeAmong(pages).Id;
        return
        [
            .. pages.Where(page => page.Reference("rootwebpageid") == home && page.Text("isroot") == "false")
                .Select(page => page.Reference(SiteRow.Language))
                .OfType<Guid>()
                .Distinct(),
        ];
    }

    /// <summary>The home page.</summary>
    /// <param name="pages">The site's web pages.</param>
    /// <exception cref="CommandException">5012 there is none.</exception>
    public SiteRow HomeAmong(IReadOnlyList<SiteRow> pages) =>
        pages.FirstOrDefault(page =>
            page.Text("partialurl") == "/"
            && page.Reference("parentpageid") == null
            && page.Text("isroot") != "false")
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
}
