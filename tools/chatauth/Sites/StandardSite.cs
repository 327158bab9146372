using System.Text;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Sites;

/// <summary>A site in the standard data model: each kind of component has its table.</summary>
/// <remarks>
/// Sources: Microsoft Learn, tables adx_sitesetting, adx_webtemplate, adx_pagetemplate, adx_webpage,
/// adx_publishingstate, adx_webfile, adx_contentsnippet, adx_webrole; microsoft/powerplatform-vscode, commit 07e29d59,
/// for adx_serverlogic.
/// </remarks>
internal sealed class StandardSite(WebApi dataverse, Guid id, string? domain) : LiveSite(id, domain)
{
    private const string Prefix = "adx_";
    private const string NameColumn = Prefix + "name";
    private const string SiteColumn = Prefix + "websiteid";
    private const string FileColumn = Prefix + "filecontent";

    private static readonly Dictionary<SiteKind, (string Table, string[] Columns)> Tables = new()
    {
        [SiteKind.PublishingState] = ("adx_publishingstate", ["isvisible"]),
        [SiteKind.WebPage] = (
            "adx_webpage",
            [
                "partialurl", "isroot", "hiddenfromsitemap", "excludefromsearch", "enablerating", "enabletracking",
                "sharedpageconfiguration", "parentpageid", "rootwebpageid", "pagetemplateid", "publishingstateid",
                SiteRow.Language,
            ]),
        [SiteKind.WebFile] = (
            "adx_webfile",
            [
                "partialurl", "hiddenfromsitemap", "excludefromsearch", "enabletracking", "parentpageid",
                "publishingstateid",
            ]),
        [SiteKind.PageTemplate] =
            ("adx_pagetemplate", ["type", "usewebsiteheaderandfooter", "isdefault", "webtemplateid"]),
        [SiteKind.ContentSnippet] = ("adx_contentsnippet", ["value", "type", "display_name", SiteRow.Language]),
        [SiteKind.WebTemplate] = ("adx_webtemplate", ["source", "mimetype"]),
        [SiteKind.SiteSetting] = ("adx_sitesetting", ["value"]),
        [SiteKind.WebRole] = ("adx_webrole", ["authenticatedusersrole"]),
        [SiteKind.ServerLogic] = ("adx_serverlogic", []),
    };

    private static readonly Dictionary<string, string> Lookups = new()
    {
        ["adx_parentpageid"] = "adx_webpages",
        ["adx_rootwebpageid"] = "adx_webpages",
        ["adx_pagetemplateid"] = "adx_pagetemplates",
        ["adx_publishingstateid"] = "adx_publishingstates",
        ["adx_webtemplateid"] = "adx_webtemplates",
        ["adx_webpagelanguageid"] = "adx_websitelanguages",
        ["adx_contentsnippetlanguageid"] = "adx_websitelanguages",
    };

    /// <inheritdoc/>
    public override int LongestSetting => 4000;

    /// <inheritdoc/>
    public override bool MayBeCodeSite => false;

    /// <inheritdoc/>
    public override bool IsSolutionAware => false;

    /// <inheritdoc/>
    public override bool DescribesServerLogic => false;

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<SiteRow>> ReadAsync(SiteKind kind, CancellationToken cancellation)
    {
        (string table, string[] columns) = Tables[kind];
        string select =
            string.Join(',', columns.Select(column => OnWire(kind, column)).Prepend("statecode").Prepend(NameColumn));
        IReadOnlyList<JsonObject> found = await dataverse.ListIfKnownAsync(
            $"{table}s?$select={select}&$filter=_{SiteColumn}_value eq {Id:D}", cancellation)
            ?? throw new CommandException(Errors.ServerLogicUnknown(Id));
        List<SiteRow> rows = [.. found.Select(row => new SiteRow(
            kind,
            row.Required<Guid>(table + "id"),
            row.Column<string>(NameColumn) ?? string.Empty,
            new JsonObject(
                columns.Select(column => KeyValuePair.Create(column, row[OnWire(kind, column)]?.DeepClone()))),
            row.Required<string>("@odata.etag"),
            IsActive: row.Required<int>("statecode") == 0))];
        foreach (SiteRow row in rows.Where(row => row.Kind == SiteKind.ServerLogic))
        {
            IReadOnlyList<JsonObject> roles =
                await dataverse.ListAsync(RolesOf(row) + "?$select=adx_webroleid", cancellation);
            row.Columns[SiteRow.WebRoles] = new JsonArray(
                [.. roles.Select(role => JsonValue.Create(role.Required<string>("adx_webroleid")))]);
        }

        return rows;
    }

    /// <inheritdoc/>
    protected override async Task PutAsync(SiteRow row, SiteRow? current, CancellationToken cancellation)
    {
        string table = Tables[row.Kind].Table;
        JsonObject body = [];
        foreach ((string column, JsonNode? value) in row.Columns.Where(column => column.Key != SiteRow.WebRoles))
        {
            string name = WireName(row.Kind, column);
            if (Lookups.TryGetValue(name, out string? set))
            {
                body[name + "@odata.bind"] = $"/{set}({value})";
            }
            else
            {
                body[name] = value?.DeepClone();
            }
        }

        if (current?.ETag is not { } etag)
        {
            body[table + "id"] = row.Id;
            body[NameColumn] = row.Name;
            body[SiteColumn + "@odata.bind"] = $"/adx_websites({Id:D})";
            await dataverse.CreateAsync($"{table}s?$select={table}id", body, cancellation);
        }
        else if (body.Count > 0)
        {
            await dataverse.PatchAsync($"{table}s({current.Id:D})?$select={table}id", etag, body, null, cancellation);
        }

        // A role too many goes first: nobody who is not meant to gets at what the others are given.
        foreach (string role in Roles(current).Except(Roles(row), StringComparer.OrdinalIgnoreCase))
        {
            await dataverse.DeleteAsync($"{RolesOf(row)}({role})/$ref", cancellation);
        }

        foreach (string role in Roles(row).Except(Roles(current), StringComparer.OrdinalIgnoreCase))
        {
            await dataverse.AssociateAsync(RolesOf(row), $"adx_webroles({role})", cancellation);
        }
    }

    /// <inheritdoc/>
    public override async Task DeleteAsync(SiteRow row, CancellationToken cancellation)
    {
        if (row.Kind == SiteKind.WebFile)
        {
            await dataverse.DeleteAsync($"annotations({NoteOf(row):D})", cancellation);
        }

        await dataverse.DeleteAsync($"{Tables[row.Kind].Table}s({row.Id:D})", cancellation, row.ETag);
    }

    /// <inheritdoc/>
    public override async Task<string?> ReadFileAsync(SiteRow row, CancellationToken cancellation)
    {
        if (row.Kind == SiteKind.WebFile)
        {
            IReadOnlyList<JsonObject> newest = await dataverse.ListAsync(
                $"annotations?$select=documentbody&$filter=_objectid_value eq {row.Id:D}"
                    + "&$orderby=modifiedon desc&$top=1",
                cancellation);
            return newest is [var note, ..] && note.Bytes("documentbody") is { } body ? Utf8.Decode(body) : null;
        }

        JsonObject? logic = await dataverse.FindAsync(
            $"adx_serverlogics?$select={FileColumn}_name&$filter=adx_serverlogicid eq {row.Id:D}", cancellation);
        return logic?[FileColumn + "_name"] == null ? null
            : await dataverse.DownloadAsync($"adx_serverlogics({row.Id:D})/{FileColumn}", cancellation);
    }

    /// <inheritdoc/>
    public override async Task WriteFileAsync(SiteRow row, string name, string text, CancellationToken cancellation)
    {
        if (row.Kind != SiteKind.WebFile)
        {
            await dataverse.UploadAsync($"adx_serverlogics({row.Id:D})/{FileColumn}", name, text, cancellation);
            return;
        }

        // Microsoft Learn, web files: the file is the newest note of its row.
        JsonObject body = new()
        {
            ["filename"] = name,
            ["mimetype"] = "text/javascript",
            ["isdocument"] = true,
            ["documentbody"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        };
        if (await dataverse.FindAsync(
                $"annotations?$select=filename&$filter=annotationid eq {NoteOf(row):D}", cancellation) is { } note)
        {
            await dataverse.PatchAsync(
                $"annotations({NoteOf(row):D})?$select=annotationid", note.Column<string>("@odata.etag"), body,
                null, cancellation);
            return;
        }

        body["annotationid"] = NoteOf(row);
        body["objectid_adx_webfile@odata.bind"] = $"/adx_webfiles({row.Id:D})";
        await dataverse.CreateAsync("annotations?$select=annotationid", body, cancellation);
    }

    private Guid NoteOf(SiteRow row) => IdOf($"note {row.Id}");

    private static string RolesOf(SiteRow row) => $"adx_serverlogics({row.Id:D})/{SiteRow.WebRoles}";

    private static string[] Roles(SiteRow? row) =>
        row?.Columns[SiteRow.WebRoles] is JsonArray roles ? [.. roles.Select(role => role!.GetValue<string>())] : [];

    private static string WireName(SiteKind kind, string column) => Prefix + (
        column != SiteRow.Language ? column
            : kind == SiteKind.WebPage ? "webpagelanguageid"
            : "contentsnippetlanguageid");

    private static string OnWire(SiteKind kind, string column) =>
        Lookups.ContainsKey(WireName(kind, column)) ? $"_{WireName(kind, column)}_value" : WireName(kind, column);
}
