using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Sites;

/// <summary>
/// A site in the enhanced data model: every component is a row of powerpagecomponent, its columns JSON in
/// <c>content</c>.
/// </summary>
/// <remarks>Source: facts section 3, and Microsoft Learn, powerpagecomponent table.</remarks>
internal sealed class EnhancedSite(WebApi dataverse, Guid id, string? domain) : LiveSite(id, domain)
{
    private const string Set = "powerpagecomponents";
    private const string IdColumn = "powerpagecomponentid";
    private const string LanguageColumn = "_powerpagesitelanguageid_value";

    /// <inheritdoc/>
    public override int LongestSetting => 1_000_000;

    /// <inheritdoc/>
    public override bool MayBeCodeSite => true;

    /// <inheritdoc/>
    public override bool IsSolutionAware => true;

    /// <inheritdoc/>
    public override bool DescribesServerLogic => true;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation)
    {
        IReadOnlyList<JsonObject> found = await dataverse.ListAsync(
            $"{Set}?$select=name,content,ismanaged,{LanguageColumn}"
                + $"&$filter=_powerpagesiteid_value eq {Id:D} and powerpagecomponenttype eq {(int)kind} "
                + "and statecode eq 0",
            cancellation);
        return [.. found.Select(row => new SiteRow(
            kind,
            row[IdColumn]!.GetValue<Guid>(),
            row["name"]?.GetValue<string>() ?? string.Empty,
            Columns(row),
            row["@odata.etag"]!.GetValue<string>(),
            row["ismanaged"]?.GetValue<bool>() == true))];
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

        string? language = content[SiteRow.Language]?.ToString();
        content.Remove(SiteRow.Language);
        JsonObject body = new() { ["content"] = content.ToJsonString() };
        if (current?.ETag is { } etag)
        {
            return dataverse.PatchAsync($"{Set}({current.Id:D})?$select={IdColumn}", etag, body, null, cancellation);
        }

        body[IdColumn] = row.Id;
        body["name"] = row.Name;
        body["powerpagecomponenttype"] = (int)row.Kind;
        body["powerpagesiteid@odata.bind"] = $"/powerpagesites({Id:D})";
        if (language != null)
        {
            body["powerpagesitelanguageid@odata.bind"] = $"/powerpagesitelanguages({language})";
        }

        return dataverse.CreateAsync($"{Set}?$select={IdColumn}", body, cancellation);
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(SiteRow row, CancellationToken cancellation) =>
        dataverse.DeleteAsync($"{Set}({row.Id:D})", cancellation, row.ETag);

    /// <inheritdoc/>
    public override async Task<string?> ReadFileAsync(SiteRow row, CancellationToken cancellation)
    {
        JsonObject? found = await dataverse.FindAsync(
            $"{Set}?$select=filecontent_name&$filter={IdColumn} eq {row.Id:D}", cancellation);
        return found?["filecontent_name"] == null
            ? null
            : await dataverse.DownloadAsync(FileColumn(row), cancellation);
    }

    /// <inheritdoc/>
    public override Task WriteFileAsync(SiteRow row, string name, string text, CancellationToken cancellation) =>
        dataverse.UploadAsync(FileColumn(row), name, text, cancellation);

    private static string FileColumn(SiteRow row) => $"{Set}({row.Id:D})/filecontent";

    // The language is a column of the row, all others are in its content.
    private static JsonObject Columns(JsonNode row)
    {
        JsonObject columns = Parse(row["content"]?.GetValue<string>());
        SiteRow.SetReference(columns, SiteRow.Language,
            Guid.TryParse(row[LanguageColumn]?.ToString(), out Guid language) ? language : null);
        return columns;
    }

    // A member that stands twice would be noticed when it is read, and not as a fault of the text.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static JsonObject Parse(string? content)
    {
        try
        {
            return JsonNode.Parse(content ?? "{}", documentOptions: Strict) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
