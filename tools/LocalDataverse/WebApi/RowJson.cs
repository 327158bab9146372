using System.Text.Json;
using ChatAuth.LocalDataverse.Metadata;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Rows in the shape the Web API answers them in.</summary>
internal static class RowJson
{
    /// <summary>Several rows, and the address of those behind them; null where there are none.</summary>
    public static WebAnswer Set(
        WebRequest request, ODataQuery query, IEnumerable<Entity> rows, string? nextLink = null) =>
        Answer(request, Context(query), json =>
        {
            Array(json, "value", rows, row => Members(json, query, row));
            if (nextLink != null)
            {
                json.WriteString("@odata.nextLink", nextLink);
            }
        });

    /// <summary>One row.</summary>
    public static WebAnswer One(WebRequest request, ODataQuery query, Entity row, int status = 200) =>
        Answer(request, Context(query) + "/$entity", json => Members(json, query, row), status);

    /// <summary>An answer of that context.</summary>
    /// <param name="request">The request; the context's address begins with its service root.</param>
    /// <param name="context">What follows <c>$metadata#</c>.</param>
    /// <param name="members">Writes the members.</param>
    /// <param name="status">HTTP status.</param>
    public static WebAnswer Answer(
        WebRequest request, string context, Action<Utf8JsonWriter> members, int status = 200) =>
        new(status, Write(json =>
        {
            json.WriteString("@odata.context", $"{request.ServiceRoot}$metadata#{context}");
            members(json);
        }));

    /// <summary>An array of objects.</summary>
    public static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> members)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A JSON object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static string Context(ODataQuery query)
    {
        var select = query.Query.ColumnSet.AllColumns ? string.Empty
            : $"({string.Join(',', query.Query.ColumnSet.Columns.Select(c => query.Table.Column(c).WireName))})";
        return query.Table.SetName + select;
    }

    // Empty columns are null, and the primary key is always there.
    private static void Members(Utf8JsonWriter json, ODataQuery query, Entity row)
    {
        json.WriteString("@odata.etag", $"W/\"{row.RowVersion}\"");
        var selected = query.Query.ColumnSet.AllColumns
            ? query.Table.Columns.Values.Where(c => c.Type != ColumnType.File).Select(c => c.Name)
            : query.Query.ColumnSet.Columns.Append(query.Table.IdColumn).Distinct(StringComparer.Ordinal);
        foreach (var column in selected.Select(query.Table.Column))
        {
            json.WritePropertyName(column.WireName);
            WireValue.Write(json, row.Attributes.TryGetValue(column.Name, out var value) ? value : null, column.Type);
        }
    }
}
