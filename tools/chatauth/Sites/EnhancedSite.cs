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
    protected override async Task<IReadOnlyList<SiteRow>> ReadAsync(SiteKind kind, CancellationToken cancellation)
    {
        IReadOnlyList<JsonObject> found = await dataverse.ListAsync(
            $"{Set}?$select=name,content,ismanaged,statecode,{LanguageColumn}"
                + $"&$filter=_powerpagesiteid_value eq {Id:D} and powerpagecomponenttype eq {(int)kind}",
            cancellation);
        return [.. found.Select(row => (Row: row, Content: Parse(row.Column<string>("content")))).Select(each =>
            new SiteRow(
                kind,
                each.Row.Required<Guid>(IdColumn),
                each.Row.Column<string>("name") ?? string.Empty,
                Columns(each.Row, each.Content ?? []),
                each.Row.Required<string>("@odata.etag"),
                each.Row.Column<bool?>("ismanaged") == true,
                each.Row.Required<int>("statecode") == 0,
                IsReadable: each.Content != null))];
    }

    /// <inheritdoc/>
    protected override Task PutAsync(SiteRow row, SiteRow? current, CancellationToken cancellation)
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
    private static JsonObject Columns(JsonNode row, JsonObject columns)
    {
        SiteRow.SetReference(columns, SiteRow.Language, row.Column<Guid?>(LanguageColumn));
        return columns;
    }

    // Null for what cannot be read whole.
    private static JsonObject? Parse(string? content)
    {
        if (string.IsNullOrWhiteSpace(content))
        {
            return [];
        }

        try
        {
            return ForeignJson.Whole(content) == content ? ForeignJson.Parse(content) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
