using System.Text.Json.Nodes;

namespace ChatAuth.Sites;

/// <summary>
/// The components that make a site show public keys at an address: templates, pages, and the setting that holds the
/// keys.
/// </summary>
/// <remarks>
/// Their ids follow from the site's, so a run that was killed is gone on with and what deploy made is told from what
/// others made: a page that is at the address already, or a setting of the name, is used and stays. Anonymous visitors
/// see a page that no access rule covers. A template's MIME type works without the site's header and footer only
/// (facts, section 5).
/// </remarks>
/// <param name="site">The site.</param>
/// <param name="path">The address below the site's.</param>
/// <param name="mimeType">What the page is served as.</param>
internal sealed class KeyPage(Site site, string path, string mimeType)
{
    /// <summary>The usual address; its page has the plain names, and every other one names of its own.</summary>
    public const string UsualPath = "/auth/publickey";

    private const string UsualSetting = "ChatAuth/PublicKeys";

    // Microsoft Learn, adx_pagetemplate: type Web Template.
    private const int TypeWebTemplate = 756150001;

    private readonly string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    // Empty for the usual page.
    private readonly string own = string.Equals(path, UsualPath, StringComparison.OrdinalIgnoreCase)
        ? string.Empty
        : path;

    private string SettingName => UsualSetting + own;

    private string TemplateName => "ChatAuth public keys" + (own.Length == 0 ? string.Empty : " " + own);

    /// <summary>Id of the site setting that deploy makes.</summary>
    public Guid SettingId => IdOf("setting");

    /// <summary>The site setting that feeds the page.</summary>
    /// <param name="text">What it is to hold; null for nothing.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task<SitePart> SettingAsync(string? text, CancellationToken cancellation) => new(
        SettingName,
        new SiteRow(SiteKind.SiteSetting, SettingId, SettingName, new JsonObject { ["value"] = text }),
        (await site.ListAsync(SiteKind.SiteSetting, cancellation)).FirstOrDefault(row => row.Name == SettingName));

    /// <summary>
    /// What is to be, and what is, in the order in which they refer to one another; none when another page is at the
    /// address. Behind it what 0.1.0 made for a page with an address of its own, and what goes.
    /// </summary>
    /// <exception cref="CommandException">5001, 5002, 5012.</exception>
    public async Task<IReadOnlyList<SitePart>> PartsAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SiteRow> pages = await site.ListAsync(SiteKind.WebPage, cancellation);
        SiteRow parent = site.HomeAmong(pages);
        SiteRow home = parent;
        List<SiteRow> made = [];
        Guid[] ids = [.. segments.Select((_, depth) => PageId(depth))];
        Guid plain = site.IdOf("page template");
        bool isPlainNeeded = own.Length == 0 || pages.Any(page => page.Reference("pagetemplateid") == plain
            && !ids.Contains(page.Reference("rootwebpageid") ?? page.Id));
        for (int depth = 0; depth < segments.Length; depth++)
        {
            Guid id = ids[depth];
            SiteRow? there = pages.FirstOrDefault(page =>
                page.Reference("parentpageid") == parent.Id
                && page.Text("isroot") != "false"
                && string.Equals(page.Text("partialurl"), segments[depth], StringComparison.OrdinalIgnoreCase));
            if (there != null && there.Id != id)
            {
                if (depth == segments.Length - 1)
                {
                    return [];
                }

                parent = there;
                continue;
            }

            // A page on the way may be another key page's too: its template stays.
            Guid template = depth < segments.Length - 1 && there?.Reference("pagetemplateid") is { } shared
                && (isPlainNeeded || shared != plain) ? shared : IdOf("page template");
            SiteRow page = Page(id, segments[depth], parent, home, template);
            made.Add(page);
            made.AddRange(Contents(page, pages));
            parent = page;
        }

        IReadOnlyList<SiteRow> templates = await site.ListAsync(SiteKind.WebTemplate, cancellation);
        IReadOnlyList<SiteRow> pageTemplates = await site.ListAsync(SiteKind.PageTemplate, cancellation);
        ILookup<Guid, SiteRow> current = templates.Concat(pageTemplates).Concat(pages).ToLookup(row => row.Id);
        return
        [
            .. Templates().Concat(made).Select(row => new SitePart(row.Name, row, current[row.Id].FirstOrDefault())),
            .. isPlainNeeded ? []
                : await new KeyPage(site, UsualPath, mimeType).LeftAsync(current, cancellation),
        ];
    }

    private Guid PageId(int depth) => site.IdOf("page " + string.Join('/', segments[..(depth + 1)]));

    // 0.1.0 gave the plain templates and setting to every page.
    private async Task<IEnumerable<SitePart>> LeftAsync(
        ILookup<Guid, SiteRow> current, CancellationToken cancellation)
    {
        IReadOnlyList<SiteRow> settings = await site.ListAsync(SiteKind.SiteSetting, cancellation);
        return Templates().Select(row => current[row.Id].FirstOrDefault()).Reverse()
            .Append(settings.FirstOrDefault(row => row.Id == SettingId)).OfType<SiteRow>()
            .Where(row => !row.IsManaged).Select(row => new SitePart(row.Name, row, row, Goes: true));
    }

    private Guid IdOf(string part) => site.IdOf(own.Length == 0 ? part : $"{part} {own}");

    private IEnumerable<SiteRow> Templates() =>
    [
        new(SiteKind.WebTemplate, IdOf("web template"), TemplateName, new JsonObject
        {
            ["source"] = PortalFile.KeyPage.Replace(UsualSetting, SettingName, StringComparison.Ordinal),
            ["mimetype"] = mimeType,
        }),
        new(SiteKind.PageTemplate, IdOf("page template"), TemplateName, new JsonObject
        {
            ["type"] = TypeWebTemplate,
            ["usewebsiteheaderandfooter"] = false,
            ["isdefault"] = false,
            ["webtemplateid"] = IdOf("web template").ToString("D"),
        }),
    ];

    // A page on the way to the address shows the keys too: a page needs a template, and what is public there is public
    // here.
    private static SiteRow Page(Guid id, string segment, SiteRow parent, SiteRow home, Guid template)
    {
        JsonObject columns = new()
        {
            ["partialurl"] = segment,
            ["isroot"] = true,
            ["hiddenfromsitemap"] = true,
            ["excludefromsearch"] = true,
            ["enablerating"] = false,
            ["enabletracking"] = false,
            ["sharedpageconfiguration"] = false,
        };
        SiteRow.SetReference(columns, "parentpageid", parent.Id);
        SiteRow.SetReference(columns, "publishingstateid", home.Reference("publishingstateid"));
        SiteRow.SetReference(columns, "pagetemplateid", template);
        return new SiteRow(SiteKind.WebPage, id, "ChatAuth " + segment, columns);
    }

    // A site with languages shows a page by its content pages: one for each that the home page has.
    private IEnumerable<SiteRow> Contents(SiteRow page, IReadOnlyList<SiteRow> pages) =>
        site.LanguagesAmong(pages).Select(language =>
        {
            JsonObject columns = page.Columns.DeepClone().AsObject();
            columns["isroot"] = false;
            columns["rootwebpageid"] = page.Id.ToString("D");
            SiteRow.SetReference(columns, SiteRow.Language, language);
            return new SiteRow(SiteKind.WebPage, site.IdOf($"content {page.Id} {language}"), page.Name, columns);
        });
}
