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
    Guid id, Guid? homePage, Guid? publishingState, Guid? webRole, IReadOnlyList<Guid> languages) : Site(id)
{
    /// <inheritdoc/>
    public override bool DescribesServerLogic => true;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SiteRow>>(kind switch
        {
            SiteKind.WebPage => [Home(), .. Contents()],
            SiteKind.WebRole => [Role()],
            _ => [],
        });

    /// <inheritdoc/>
    public override Task<string?> ReadFileAsync(SiteRow row, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    private SiteRow Home() => new(SiteKind.WebPage, homePage ?? Guid.Empty, "Home", new JsonObject
    {
        ["partialurl"] = "/",
        ["isroot"] = true,
        ["publishingstateid"] = publishingState?.ToString("D"),
    });

    private SiteRow Role() => new(SiteKind.WebRole, webRole ?? Guid.Empty, "Authenticated Users", new JsonObject
    {
        ["authenticatedusersrole"] = true,
    });

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
