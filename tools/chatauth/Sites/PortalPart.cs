
namespace ChatAuth.Sites;

/// <summary>The file of a site component.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What it is to hold.</param>
/// <param name="Held">What it holds; null when there is none.</param>
internal sealed record PortalPartFile(string Name, string Text, string? Held);

/// <summary>One thing a site needs for the chat: what it is to be, and what it is.</summary>
/// <param name="Name">How people see it.</param>
/// <param name="Row">What it is to be.</param>
/// <param name="Current">What it is; null when it is not there.</param>
/// <param name="File">Its file; null when it has none.</param>
internal sealed record PortalPart(string Name, SiteRow Row, SiteRow? Current, PortalPartFile? File = null)
{
    /// <summary>Whether it is what it is to be.</summary>
    public bool IsRight => Current?.Has(Row) == true && File?.Held == File?.Text;

    /// <summary>Makes it so; a run that was killed between row and file is gone on with.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public async Task WriteAsync(Site site, CancellationToken cancellation)
    {
        if (Current?.Has(Row) != true)
        {
            await site.WriteAsync(Row, Current, cancellation);
        }

        if (File != null && File.Held != File.Text)
        {
            await site.WriteFileAsync(Row, File.Name, File.Text, cancellation);
        }
    }
}
