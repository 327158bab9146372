using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;

namespace ChatAuth.Publishing.Sites;

/// <summary>A site in the enhanced data model: every component is a row of powerpagecomponent, its columns JSON in <c>content</c>.</summary>
/// <remarks>Source: facts section 3, and Microsoft Learn, powerpagecomponent table.</remarks>
internal sealed class EnhancedSite(WebApi dataverse, Guid id, string? domain) : Site(dataverse, id, domain)
{
    private const string Set = "powerpagecomponents";
    private const string IdColumn = "powerpagecomponentid";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation)
    {
        JsonObject found = await Dataverse.GetAsync(
            $"{Set}?$select=name,content&$filter=_powerpagesiteid_value eq {Id:D} and powerpagecomponenttype eq {(int)kind} and statecode eq 0", cancellation);
        return [.. found["value"]!.AsArray().Select(row => new SiteRow(
            kind, row![IdColumn]!.GetValue<Guid>(), row["name"]!.GetValue<string>(), Parse(row["content"]?.GetValue<string>()), row["@odata.etag"]!.GetValue<string>()))];
    }

    /// <inheritdoc/>
    public override Task WriteAsync(SiteRow row, SiteRow? current, CancellationToken cancellation)
    {
        // Members that the site's own tools wrote stay.
        JsonObject content = current == null ? [] : current.Columns.DeepClone().AsObject();
        foreach ((string name, JsonNode? value) in row.Columns)
        {
            content[name] = value?.DeepClone();
        }

        JsonObject body = new() { ["content"] = content.ToJsonString() };
        if (current?.ETag is { } etag)
        {
            return Dataverse.PatchAsync($"{Set}({current.Id:D})?$select={IdColumn}", etag, body, null, cancellation);
        }

        body[IdColumn] = row.Id;
        body["name"] = row.Name;
        body["powerpagecomponenttype"] = (int)row.Kind;
        body["powerpagesiteid@odata.bind"] = $"/powerpagesites({Id:D})";
        return Dataverse.CreateAsync($"{Set}?$select={IdColumn}", body, cancellation);
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(SiteRow row, CancellationToken cancellation) => Dataverse.DeleteAsync($"{Set}({row.Id:D})", cancellation);

    private static JsonObject Parse(string? content)
    {
        try
        {
            return JsonNode.Parse(content ?? "{}") as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
