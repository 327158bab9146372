using System.Text.Json.Nodes;
using ChatAuth.Settings;

namespace ChatAuth.Sites;

/// <summary>
/// What a site needs besides the public-key page: the server logic that gives tokens, the script, the tag that loads
/// it, site settings.
/// </summary>
/// <remarks>
/// Ids follow from the site's. A component that somebody else made is used if it is the same, and never overwritten.
/// </remarks>
/// <param name="site">The site.</param>
/// <param name="settings">What is asked of it.</param>
internal sealed class Portal(Site site, PortalSettings settings)
{
    // Microsoft Learn, content snippet: type HTML.
    private const int TypeHtml = 756150001;

    // The name that Microsoft's own exports give it; a file type that Dataverse does not block.
    private const string ServerLogicFile = PortalFile.ServerLogicName + ".sl";

    /// <summary>Its parts, in the order in which they are made: what calls something comes after it.</summary>
    /// <exception cref="CommandException">5601 to 5604, 5606, 5607 something of somebody else stands in the way; 5001,
    /// 5002, 5012.</exception>
    public async Task<IReadOnlyList<SitePart>> PartsAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SiteRow> pages = await site.ListAsync(SiteKind.WebPage, cancellation);
        List<SitePart?> parts = [
            await ServerLogicAsync(cancellation), .. await SettingsAsync(cancellation),
            await ScriptAsync(PortalFile.ScriptName, site.HomeAmong(pages), cancellation),
        ];
        if (settings.IdentityIssuer != null)
        {
            parts.Add(await ScriptAsync(PortalFile.IdentityName, site.HomeAmong(pages), cancellation));
        }

        if (settings.HasHeaderSnippet)
        {
            parts.AddRange(await HeadersAsync(site.LanguagesAmong(pages), cancellation));
        }

        return [.. parts.OfType<SitePart>()];
    }

    /// <summary>
    /// What is to be undone: each part that was made, and a snippet with the piece; what a managed solution brought
    /// stays.
    /// </summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task<IReadOnlyList<SitePart>> RemainsAsync(CancellationToken cancellation)
    {
        List<SitePart> remains = [];
        IReadOnlyList<SiteRow> headers = await ListAsync(SiteKind.ContentSnippet, HeaderSnippet.Name, cancellation);
        foreach (SiteRow row in headers.Where(row => row.IsReadable))
        {
            string text = row.Text("value") ?? string.Empty;
            string rest = HeaderSnippet.Without(text) ?? text;
            if (row.Id == HeaderId(row.Reference(SiteRow.Language)) && rest.Length == 0)
            {
                remains.Add(new SitePart(NameOfHeader, row, row, Goes: true));
            }
            else if (rest != text)
            {
                remains.Add(
                    new SitePart(NameOfHeader, row with { Columns = new JsonObject { ["value"] = rest } }, row));
            }
        }

        (SiteKind Kind, Guid Id, string Name)[] made =
        [
            .. new[] { PortalFile.IdentityName, PortalFile.ScriptName }.Select(
                script => (SiteKind.WebFile, ScriptId(script), NameOfScript(script))),
            .. PortalFile.SiteSettings.Select(
                setting => (SiteKind.SiteSetting, SettingId(setting.Key), NameOfSetting(setting.Key))),
            (SiteKind.ServerLogic, site.IdOf("server logic"), NameOfServerLogic),
        ];
        foreach ((SiteKind kind, Guid id, string name) in made)
        {
            IEnumerable<SiteRow> there = (await site.ListAsync(kind, cancellation)).Where(row => row.Id == id);
            remains.AddRange(there.Select(row => new SitePart(name, row, row, Goes: true)));
        }

        return [.. remains.Where(part => part.Current is { IsManaged: false })];
    }

    private static string NameOfScript(string script) => "web file " + script;

    private static string NameOfServerLogic => "server logic " + PortalFile.ServerLogicName;

    private static string NameOfHeader => "content snippet " + HeaderSnippet.Name;

    private static string NameOfSetting(string name) => "site setting " + name;

    private Guid HeaderId(Guid? language) => site.IdOf(language == null ? "header" : $"header {language}");

    private Guid ScriptId(string name) => site.IdOf(name == PortalFile.ScriptName ? "script" : "script " + name);

    private Guid SettingId(string name) => site.IdOf("setting " + name);

    private async Task<SitePart?> ServerLogicAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SiteRow> roles = await site.ListAsync(SiteKind.WebRole, cancellation);
        SiteRow role = roles.FirstOrDefault(row =>
                string.Equals(row.Text("authenticatedusersrole"), "true", StringComparison.OrdinalIgnoreCase))
            ?? throw new CommandException(Errors.NoAuthenticatedRole(settings.Site));
        JsonObject columns =
            role.Id == Guid.Empty ? [] : new() { [SiteRow.WebRoles] = new JsonArray(role.Id.ToString("D")) };
        if (site.DescribesServerLogic)
        {
            columns["display_name"] = PortalFile.Described("display_name");
            columns["description"] = PortalFile.Described("description");
        }

        return await WithFileAsync(
            NameOfServerLogic,
            new SiteRow(SiteKind.ServerLogic, site.IdOf("server logic"), PortalFile.ServerLogicName, columns),
            await ListAsync(SiteKind.ServerLogic, PortalFile.ServerLogicName, cancellation),
            ServerLogicFile,
            PortalFile.ServerLogic,
            cancellation);
    }

    private async Task<SitePart?> ScriptAsync(string script, SiteRow home, CancellationToken cancellation)
    {
        JsonObject columns = new()
        {
            ["partialurl"] = script,
            ["hiddenfromsitemap"] = true,
            ["excludefromsearch"] = true,
            ["enabletracking"] = false,
        };
        SiteRow.SetReference(columns, "parentpageid", home.Id);
        SiteRow.SetReference(columns, "publishingstateid", home.Reference("publishingstateid"));
        Guid own = ScriptId(script);
        bool IsThere(SiteRow file) =>
            file.Reference("parentpageid") == home.Id
            && string.Equals(file.Text("partialurl"), script, StringComparison.OrdinalIgnoreCase);

        SiteRow[] there =
        [
            .. (await site.ListAsync(SiteKind.WebFile, cancellation)).Where(file => file.Id == own || IsThere(file)),
        ];
        return await WithFileAsync(
            NameOfScript(script),
            new SiteRow(SiteKind.WebFile, own, script, columns),
            there,
            script,
            script == PortalFile.ScriptName ? PortalFile.Script : PortalFile.Identity,
            cancellation);
    }

    private async Task<IReadOnlyList<SitePart>> SettingsAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SiteRow> rows = await site.ListAsync(SiteKind.SiteSetting, cancellation);
        List<SitePart> parts = [];
        foreach ((string name, JsonNode? value) in PortalFile.SiteSettings)
        {
            SiteRow row =
                new(SiteKind.SiteSetting, SettingId(name), name, new JsonObject { ["value"] = value!.DeepClone() });
            SiteRow? current =
                rows.FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase));
            if (current != null
                && !string.Equals(current.Text("value"), value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                throw new CommandException(Errors.SiteSettingForeign(
                    settings.Site, name, value.ToString(), ", without which it gives no tokens",
                    $"Set it to {value}, then run the command again"));
            }

            parts.Add(new SitePart(NameOfSetting(name), current ?? row, current));
        }

        return parts;
    }

    private async Task<IReadOnlyList<SitePart>> HeadersAsync(
        IReadOnlyList<Guid> languages, CancellationToken cancellation)
    {
        IReadOnlyList<SiteRow> there = await ListAsync(SiteKind.ContentSnippet, HeaderSnippet.Name, cancellation);
        if (there.GroupBy(row => row.Reference(SiteRow.Language)).Any(group => group.Count() > 1))
        {
            throw new CommandException(Errors.HeaderTwice(settings.Site));
        }

        List<SitePart> parts = [];
        foreach (SiteRow row in there)
        {
            row.EnsureReadable(settings.Site);
            string text = HeaderSnippet.With(row.Text("value") ?? string.Empty, settings)
                ?? throw new CommandException(Errors.HeaderEdited(settings.Site));
            parts.Add(new SitePart(NameOfHeader, Header(row, text), row));
        }

        // A snippet without language is one for all of them; what the customer has in it would be hidden by one with a
        // language.
        bool isForAll = there.Any(row => row.Reference(SiteRow.Language) == null && row.Id != HeaderId(null));
        IEnumerable<Guid?> wanted = isForAll ? [] : languages.Count == 0 ? [null] : languages.Cast<Guid?>();
        string piece = HeaderSnippet.Piece(settings);
        parts.AddRange(wanted
            .Where(language => there.All(row => row.Reference(SiteRow.Language) != language))
            .Select(language => new SitePart(NameOfHeader, OwnHeader(language, piece), null)));
        return parts;
    }

    // Of somebody else's, the text alone is ours to write.
    private SiteRow Header(SiteRow row, string text) =>
        row.Id == HeaderId(row.Reference(SiteRow.Language)) ? OwnHeader(row.Reference(SiteRow.Language), text)
            : row with { Columns = new JsonObject { ["value"] = text } };

    private SiteRow OwnHeader(Guid? language, string text)
    {
        JsonObject columns = new() { ["value"] = text, ["type"] = TypeHtml, ["display_name"] = HeaderSnippet.Name };
        SiteRow.SetReference(columns, SiteRow.Language, language);
        return new SiteRow(SiteKind.ContentSnippet, HeaderId(language), HeaderSnippet.Name, columns);
    }

    private async Task<SitePart?> WithFileAsync(
        string name,
        SiteRow row,
        IReadOnlyList<SiteRow> there,
        string fileName,
        string text,
        CancellationToken cancellation)
    {
        SiteRow? own = there.FirstOrDefault(current => current.Id == row.Id);
        foreach (SiteRow other in there.Where(other => other.Id != row.Id))
        {
            return own == null && (await site.ReadFileAsync(other, cancellation))?.ReplaceLineEndings("\n") == text
                ? null
                : throw new CommandException(Errors.ComponentForeign(
                    name, settings.Site, "is another one than ChatAuth's, and is not overwritten"));
        }

        string? held = own == null ? null : await site.ReadFileAsync(own, cancellation);
        return new SitePart(name, row, own, new SiteFile(fileName, text, held));
    }

    private async Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, string name, CancellationToken cancellation) =>
    [
        .. (await site.ListAsync(kind, cancellation))
            .Where(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase)),
    ];
}
