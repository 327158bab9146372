using System;
using System.Collections.Generic;
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

    private ValueSource(
        string name, string? column, JsonValue? constant = null, JsonKind? request = null, bool isUnicode = false)
    {
        Name = name;
        encoded = new JsonName(name);
        Column = column;
        this.constant = constant;
        Request = request;
        IsUnicode = isUnicode;
    }

    /// <summary>The claim's or variable's name, as it was written.</summary>
    internal string Name { get; }

    /// <summary>The column it comes from, or null.</summary>
    internal string? Column { get; }

    /// <summary>The kind of value the request may give it, or null.</summary>
    internal JsonKind? Request { get; }

    /// <summary>Whether the name of a request variable may go beyond printable ASCII.</summary>
    internal bool IsUnicode { get; }

    /// <summary>A value from a column.</summary>
    internal static ValueSource Of(string name, string column) => new ValueSource(name, column);

    /// <summary>Reads an object with exactly one of column, value and request.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="source">The object; beside request it may say "unicode".</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <exception cref="ChatAuthException">
    /// 2005 not such an object, 2012 and 2013 see <see cref="SettingText"/>.
    /// </exception>
    internal static ValueSource Parse(string name, JsonValue source, string path)
    {
        var unicode = source.Kind == JsonKind.Object && source["request"] != null ? source["unicode"] : null;
        var member = source.Kind == JsonKind.Object && source.Members.Count == (unicode == null ? 1 : 2)
            && (unicode == null || unicode.Kind == JsonKind.Boolean)
            ? source.Members[source.Members[0].Value == unicode ? 1 : 0]
            : new KeyValuePair<string, JsonValue>(string.Empty, JsonValue.Null);
        var value = member.Value;
        var text = value.Kind != JsonKind.String ? null
            : member.Key == "value" ? SettingText.Constant(value.Text, path + ".value")
            : SettingText.Compared(value.Text, path);
        switch (member.Key)
        {
            case "column" when text != null && ColumnName.IsPath(text):
                return new ValueSource(name, text);
            case "value" when value.Kind == JsonKind.Boolean
                    || (text != null && text.Length <= MaximumLength)
                    || (value.Kind == JsonKind.Number && ExactNumber.IsExact(value.Text)):
                return new ValueSource(name, null, value);
            case "request" when text != null && KindOf(text) is { } kind:
                return new ValueSource(name, null, null, kind, unicode == JsonValue.True);
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
