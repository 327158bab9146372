using System;
using System.Globalization;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>A column's value as a JSON primitive.</summary>
internal static class ColumnValue
{
    /// <summary>Writes a member, or nothing when the column is empty.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="column">The column, for errors.</param>
    /// <param name="value">
    /// null, string, Guid (lower case with hyphens), DateTime (UTC, RFC 3339 with seconds), bool, int, long, decimal or
    /// double.
    /// </param>
    /// <returns>
    /// Whether a member was written: an empty text counts as an empty column, as Dataverse itself has it.
    /// </returns>
    /// <exception cref="ChatAuthException">2011 a value of another type, or a number that JSON readers do not
    /// keep.</exception>
    internal static bool TryWrite(JsonWriter writer, JsonName name, string column, object? value)
    {
        switch (value)
        {
            case null:
            case string { Length: 0 }:
                return false;
            case string text:
                writer.Name(name).String(text);
                return true;
            case Guid id:
                writer.Name(name).String(id.ToString("D"));
                return true;
            case DateTime time:
                writer.Name(name).String(time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                return true;
            case bool flag:
                writer.Name(name).Literal(flag ? "true" : "false");
                return true;
            case int or long or decimal or double:
                writer.Name(name).Literal(Number(column, (IFormattable)value));
                return true;
            default:
                throw Errors.ColumnUnusable(column, "is of a type that no token carries");
        }
    }

    // G29 drops the trailing zeros that a decimal keeps: 10000.0000 is 10000. R is the shortest text of a double that
    // reads back.
    private static string Number(string column, IFormattable value)
    {
        var literal =
            value.ToString(value is decimal ? "G29" : value is double ? "R" : "D", CultureInfo.InvariantCulture);
        return ExactNumber.IsExact(literal) ? literal
            : throw Errors.ColumnUnusable(column, "is a number that not every JSON reader keeps exactly");
    }
}
