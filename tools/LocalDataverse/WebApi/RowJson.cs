using System.Text.Json;
using ChatAuth.LocalDataverse.Metadata;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Rows in the shape the Web API answers them in.</summary>
internal static class RowJson
{
    /// <summary>Several rows.</summary>
    public static byte[] Set(ODataQuery query, Uri root, IEnumerable<Entity> rows) => Write(json =>
    {
        json.WriteString("@odata.context", Context(query, root));
        json.WriteStartArray("value");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            Members(json, query, row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>One row.</summary>
    public static byte[] One(ODataQuery query, Uri root, Entity row) => Write(json =>
    {
        json.WriteString("@odata.context", Context(query, root) + "/$entity");
        Members(json, query, row);
    });

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

    private static string Context(ODataQuery query, Uri root)
    {
        var select = query.Query.ColumnSet.AllColumns ? string.Empty
            : $"({string.Join(',', query.Query.ColumnSet.Columns.Select(c => query.Table.Column(c).WireName))})";
        return $"{root}$metadata#{query.Table.SetName}{select}";
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
