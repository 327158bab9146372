using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;

namespace ChatAuth.Publishing.Sites;

/// <summary>A site in the standard data model: each kind of component has its table.</summary>
/// <remarks>Source: Microsoft Learn, tables adx_sitesetting, adx_webtemplate, adx_pagetemplate, adx_webpage, adx_publishingstate.</remarks>
internal sealed class StandardSite(WebApi dataverse, Guid id, string? domain) : Site(dataverse, id, domain)
{
    private const string Prefix = "adx_";

    private static readonly Dictionary<SiteKind, (string Table, string[] Columns)> Tables = new()
    {
        [SiteKind.PublishingState] = ("adx_publishingstate", ["isvisible"]),
        [SiteKind.WebPage] = ("adx_webpage", ["partialurl", "isroot", "hiddenfromsitemap", "excludefromsearch", "parentpageid", "rootwebpageid", "pagetemplateid", "publishingstateid"]),
        [SiteKind.PageTemplate] = ("adx_pagetemplate", ["type", "usewebsiteheaderandfooter", "webtemplateid"]),
        [SiteKind.WebTemplate] = ("adx_webtemplate", ["source", "mimetype"]),
        [SiteKind.SiteSetting] = ("adx_sitesetting", ["value"]),
    };

    private static readonly Dictionary<string, string> Lookups = new()
    {
        ["parentpageid"] = "adx_webpages",
        ["rootwebpageid"] = "adx_webpages",
        ["pagetemplateid"] = "adx_pagetemplates",
        ["publishingstateid"] = "adx_publishingstates",
        ["webtemplateid"] = "adx_webtemplates",
    };

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation)
    {
        (string table, string[] columns) = Tables[kind];
        JsonObject found = await Dataverse.GetAsync(
            $"{table}s?$select={Prefix}name,{string.Join(',', columns.Select(OnWire))}&$filter=_{Prefix}websiteid_value eq {Id:D} and statecode eq 0", cancellation);
        return [.. found["value"]!.AsArray().Select(row => new SiteRow(
            kind,
            row![table + "id"]!.GetValue<Guid>(),
            row[Prefix + "name"]?.GetValue<string>() ?? string.Empty,
            new JsonObject(columns.Select(column => KeyValuePair.Create(column, row[OnWire(column)]?.DeepClone()))),
            row["@odata.etag"]!.GetValue<string>()))];
    }

    /// <inheritdoc/>
    public override Task WriteAsync(SiteRow row, SiteRow? current, CancellationToken cancellation)
    {
        string table = Tables[row.Kind].Table;
        JsonObject body = new(row.Columns.Select(column => Lookups.TryGetValue(column.Key, out string? set)
            ? KeyValuePair.Create<string, JsonNode?>(Prefix + column.Key + "@odata.bind", $"/{set}({column.Value})")
            : KeyValuePair.Create(Prefix + column.Key, column.Value?.DeepClone())));
        if (current?.ETag is { } etag)
        {
            return Dataverse.PatchAsync($"{table}s({current.Id:D})?$select={table}id", etag, body, null, cancellation);
        }

        body[table + "id"] = row.Id;
        body[Prefix + "name"] = row.Name;
        body[Prefix + "websiteid@odata.bind"] = $"/adx_websites({Id:D})";
        return Dataverse.CreateAsync($"{table}s?$select={table}id", body, cancellation);
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(SiteRow row, CancellationToken cancellation) =>
        Dataverse.DeleteAsync($"{Tables[row.Kind].Table}s({row.Id:D})", cancellation);

    private static string OnWire(string column) => Lookups.ContainsKey(column) ? $"_{Prefix}{column}_value" : Prefix + column;
}
