using System.Net;
using ChatAuth.Dataverse;

namespace ChatAuth.Sites;

/// <summary>The file of a site component.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What it is to hold.</param>
/// <param name="Held">What it holds; null when there is none.</param>
internal sealed record SiteFile(string Name, string Text, string? Held);

/// <summary>One thing a site is given: what it is to be, and what it is.</summary>
/// <param name="Name">How people see it.</param>
/// <param name="Row">What it is to be.</param>
/// <param name="Current">What it is; null when it is not there.</param>
/// <param name="File">Its file; null when it has none.</param>
/// <param name="Goes">Whether it is to be deleted.</param>
internal sealed record SitePart(
    string Name, SiteRow Row, SiteRow? Current, SiteFile? File = null, bool Goes = false)
{
    /// <summary>Whether it is what it is to be.</summary>
    public bool IsRight => Goes ? Current == null : Current?.Has(Row) == true && File?.Held == File?.Text;

    /// <summary>What is other than it is to be; none for a part that is to be made.</summary>
    public IEnumerable<Difference> Differences => Current == null || Goes ? [] :
    [
        .. Row.Columns.Where(column => Current.Text(column.Key) != Row.Text(column.Key))
            .Select(column => new Difference(column.Key, Current.Text(column.Key), Row.Text(column.Key))),
        .. File != null && File.Held != File.Text
            ? [new Difference(File.Name, File.Held, File.Text)] : Array.Empty<Difference>(),
    ];

    /// <summary>Makes it so; a run that was killed between row and file is gone on with.</summary>
    /// <param name="site">The site that it was read from.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5610 a template of the keys' page is refused; 5006, 5001, 5002.</exception>
    public async Task MakeRightAsync(LiveSite site, CancellationToken cancellation)
    {
        if (Goes)
        {
            await (Current == null ? Task.CompletedTask : site.DeleteAsync(Current, cancellation));
            return;
        }

        if (Current?.Has(Row) != true)
        {
            await WriteAsync(site, cancellation);
        }

        if (File != null && File.Held != File.Text)
        {
            await site.WriteFileAsync(Row, File.Name, File.Text, cancellation);
        }
    }

    // A MIME type of a web template, and a page template without header and footer, are in no export that was seen.
    private async Task WriteAsync(LiveSite site, CancellationToken cancellation)
    {
        try
        {
            await site.WriteAsync(Row, Current, cancellation);
        }
        catch (WebApiException refusal) when (
            refusal.Status == HttpStatusCode.BadRequest && Row.Kind is SiteKind.WebTemplate or SiteKind.PageTemplate)
        {
            throw new CommandException(
                Errors.KeyPageRefused(
                    Row.Kind == SiteKind.WebTemplate ? "web template" : "page template", refusal.Errors[0].Clause));
        }
    }
}
