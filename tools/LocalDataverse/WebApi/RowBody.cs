using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAuth.LocalDataverse.Metadata;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>A row as a request body writes it.</summary>
/// <param name="Id">Primary key, if the body names it.</param>
/// <param name="Values">Values by column; null empties it.</param>
internal sealed partial record RowBody(Guid? Id, IReadOnlyDictionary<string, object?> Values)
{
    private const string Bind = "@odata.bind";

    /// <summary>Parses the body of a create, update or upsert.</summary>
    public static RowBody Parse(Table table, WebRequest request)
    {
        using var document = Json(request);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        Guid? id = null;
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name.EndsWith(Bind, StringComparison.Ordinal))
            {
                var navigation = property.Name[..^Bind.Length];
                var (bound, reference) = Bound(table, navigation, property.Value, request.ServiceRoot);
                values[bound.Name] = reference;
                continue;
            }

            var column = table.Columns.GetValueOrDefault(property.Name);
            if (column == null || column.Type is ColumnType.Lookup or ColumnType.File)
            {
                throw Refusal.Payload(
                    $"The property '{property.Name}' does not exist on type '{EdmModelOf.Namespace}.{table.Name}' or "
                        + "cannot be written. Make sure to only use property names that are defined by the type; "
                        + $"lookups are written by {Bind}.");
            }

            object? value = property.Value.ValueKind == JsonValueKind.Null ? null
                : WireValue.Read(property.Value, column.ClrType, column.Name, column.Type == ColumnType.Date);
            if (column.Name == table.IdColumn)
            {
                id = value as Guid?;
                continue;
            }

            values[column.Name] = value;
        }

        return new RowBody(id, values);
    }

    /// <summary>The body as a JSON object; refused when it is none.</summary>
    public static JsonDocument Json(WebRequest request)
    {
        if (request.Body.Length > 0
            && request.Header("Content-Type")
                ?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new DataverseException(0x80048d19, 415, "A body must be application/json.");
        }

        try
        {
            var body = request.Body.Length == 0 ? "{}"u8.ToArray() : request.Body;
            var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document
                : throw Refusal.Payload("The body must be a JSON object.");
        }
        catch (JsonException)
        {
            throw Refusal.Payload("The body is not well-formed JSON, or it holds a property twice.");
        }
    }

    private static (Column Column, EntityReference? Reference) Bound(
        Table table, string navigation, JsonElement value, Uri root)
    {
        var (column, target) = table.Columns.Values
            .SelectMany(c => c.Targets.Select(t => (Column: c, Target: t)))
            .FirstOrDefault(p => p.Column.Navigation(p.Target) == navigation);
        if (column == null)
        {
            throw Refusal.Payload(
                $"An undeclared property '{navigation}' which only has property annotations in the payload but no "
                    + "property value was found in the payload.");
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return (column, null);
        }

        if (!Schema.Known.Has(target))
        {
            throw Refusal.NotKnown($"the table {target}");
        }

        // Microsoft Learn: associate and disassociate: an absolute address, or one relative to the service root with or
        // without its slash.
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        var match = Address().Match(text.Replace(root.AbsoluteUri, string.Empty, StringComparison.Ordinal));
        return match.Success
            && match.Groups[1].Value == Schema.Known.Table(target).SetName
            && Guid.TryParse(match.Groups[2].Value, out var id)
            ? (column, new EntityReference(target, id))
            : throw Refusal.Payload($"The value of '{navigation}{Bind}' is not the address of a row of {target}.");
    }

    [GeneratedRegex(@"^/?(\w+)\(([0-9a-fA-F-]{36})\)$")]
    private static partial Regex Address();
}
