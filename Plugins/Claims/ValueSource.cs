using System;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>
/// One named value of a token, and where it comes from: a column, a constant or the request; immutable.
/// </summary>
internal sealed class ValueSource
{
    /// <summary>The longest context variable Omnichannel takes, in UTF-16 units ("Manage custom context").</summary>
    internal const int MaximumLength = 4000;

    private readonly JsonName encoded;
    private readonly JsonValue? constant;

    private ValueSource(string name, string? column, JsonValue? constant = null, JsonKind? request = null)
    {
        Name = name;
        encoded = new JsonName(name);
        Column = column;
        this.constant = constant;
        Request = request;
    }

    /// <summary>The claim's or variable's name, as it was written.</summary>
    internal string Name { get; }

    /// <summary>The column it comes from, or null.</summary>
    internal string? Column { get; }

    /// <summary>The kind of value the request may give it, or null.</summary>
    internal JsonKind? Request { get; }

    /// <summary>A value from a column.</summary>
    internal static ValueSource Of(string name, string column) => new ValueSource(name, column);

    /// <summary>Reads an object with exactly one of column, value and request.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="source">The object.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <exception cref="ChatAuthException">2005 not such an object.</exception>
    internal static ValueSource Parse(string name, JsonValue source, string path)
    {
        var value =
            source.Kind == JsonKind.Object && source.Members.Count == 1 ? source.Members[0].Value : JsonValue.Null;
        switch (value == JsonValue.Null ? string.Empty : source.Members[0].Key)
        {
            case "column" when value.Kind == JsonKind.String && ColumnName.IsPath(value.Text):
                return new ValueSource(name, value.Text);
            case "value" when value.Kind == JsonKind.Boolean
                    || (value.Kind == JsonKind.String && value.Text.Length <= MaximumLength)
                    || (value.Kind == JsonKind.Number && ExactNumber.IsExact(value.Text)):
                return new ValueSource(name, null, value);
            case "request" when value.Kind == JsonKind.String && KindOf(value.Text) is { } kind:
                return new ValueSource(name, null, null, kind);
            default:
                throw Errors.SettingMalformed(path,
                    "one of {\"column\": \"name\"}, {\"column\": \"lookup:table.name\"}, {\"value\": constant} and "
                        + "{\"request\": \"string\", \"number\" or \"boolean\"}");
        }
    }

    /// <summary>Writes the member, or nothing when it has no value.</summary>
    /// <param name="writer">An open object.</param>
    /// <param name="value">The value of a column, see <see cref="ColumnValue.TryWrite"/>.</param>
    /// <param name="request">The request's members, checked.</param>
    /// <exception cref="ChatAuthException">2011 a column holds what no token carries.</exception>
    internal void Write(JsonWriter writer, Func<string, object?> value, JsonValue? request)
    {
        if (Column != null)
        {
            ColumnValue.TryWrite(writer, encoded, Column, value(Column));
        }
        else if ((constant ?? request?[Name]) is { } primitive)
        {
            writer.Name(encoded);
            if (primitive.Kind == JsonKind.String)
            {
                writer.String(primitive.Text);
            }
            else
            {
                writer.Literal(
                    primitive.Kind == JsonKind.Number ? primitive.Text
                        : primitive == JsonValue.True ? "true"
                        : "false");
            }
        }
    }

    private static JsonKind? KindOf(string word) =>
        word == "string" ? JsonKind.String
            : word == "number" ? JsonKind.Number
            : word == "boolean" ? JsonKind.Boolean
            : (JsonKind?)null;
}
