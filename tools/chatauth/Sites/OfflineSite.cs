using System.Text.Json.Nodes;

namespace ChatAuth.Sites;

/// <summary>A site of which nothing is known but ids: what is made for it is packed, not written.</summary>
/// <remarks>
/// What refers to a component whose id is not known is made without the reference; deploy sets it in each environment.
/// </remarks>
/// <param name="id">Its id.</param>
/// <param name="homePage">Its home page; null when not known.</param>
/// <param name="publishingState">The publishing state of its home page; null when not known.</param>
/// <param name="webRole">Its web role for authenticated users; null when not known.</param>
/// <param name="languages">The languages it has content in.</param>
internal sealed class OfflineSite(
    Guid id, Guid? homePage, Guid? publishingState, Guid? webRole, IReadOnlyList<Guid> languages) : Site(id, null)
{
    /// <inheritdoc/>
    public override int LongestSetting => int.MaxValue;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SiteRow>>(kind switch
        {
            SiteKind.WebPage =>
            [
                new(kind, homePage ?? Guid.Empty, "Home",
                new JsonObject
                {
                    ["partialurl"] = "/",
                    ["isroot"] = true,
                    ["publishingstateid"] = publishingState?.ToString("D"),
                }),
            .. Contents(),
        ],
            SiteKind.WebRole => [
                new(kind, webRole ?? Guid.Empty, "Authenticated Users",
                new JsonObject { ["authenticatedusersrole"] = true }),
        ],
            _ => [],
        });

    /// <inheritdoc/>
    public override Task<string?> ReadFileAsync(SiteRow row, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public override Task WriteAsync(SiteRow row, SiteRow? current, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override Task WriteFileAsync(SiteRow row, string name, string text, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override Task DeleteAsync(SiteRow row, CancellationToken cancellation) => throw new NotSupportedException();

    private IEnumerable<SiteRow> Contents()
    {
        foreach (Guid language in languages)
        {
            JsonObject columns = new()
            {
                ["isroot"] = false,
                ["rootwebpageid"] = (homePage ?? Guid.Empty).ToString("D"),
                [SiteRow.Language] = language.ToString("D"),
            };
            yield return new SiteRow(SiteKind.WebPage, IdOf($"home {language}"), "Home", columns);
        }
    }
}
