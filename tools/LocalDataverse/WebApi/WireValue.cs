using System.Globalization;
using System.Text.Json;
using ChatAuth.LocalDataverse.Metadata;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Values as JSON, in the types of the entity data model.</summary>
internal static class WireValue
{
    private const string Day = "yyyy-MM-dd";
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Reads a value of that SDK type; a value of another JSON type is refused, never converted.</summary>
    public static object Read(JsonElement json, Type type, string name, bool isDay = false)
    {
        object? value = json.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => json.GetBoolean(),
            JsonValueKind.Number when type == typeof(int) && json.TryGetInt32(out var number) => number,
            JsonValueKind.Number when type == typeof(OptionSetValue) && json.TryGetInt32(out var number) =>
                new OptionSetValue(number),
            JsonValueKind.Number when type == typeof(decimal) && json.TryGetDecimal(out var number) => number,
            JsonValueKind.Number when type == typeof(Money) && json.TryGetDecimal(out var number) => new Money(number),
            JsonValueKind.Number when type == typeof(double) => json.GetDouble(),
            JsonValueKind.String when type == typeof(string) => json.GetString(),
            JsonValueKind.String when type == typeof(Guid) && Guid.TryParseExact(json.GetString(), "D", out var id) =>
                id,
            JsonValueKind.String when type == typeof(DateTime) =>
                isDay ? Date(json.GetString()!) : Time(json.GetString()!),
            JsonValueKind.Array when type == typeof(string[]) =>
                json.EnumerateArray().Select(e => (string)Read(e, typeof(string), name)).ToArray(),
            _ => null,
        };

        // The value itself stays out of the message: it may be a key.
        return value
            ?? throw Refusal.Payload($"Cannot convert the value of '{name}' to the expected type '{type.Name}'.");
    }

    /// <summary>Writes a value; null too.</summary>
    public static void Write(Utf8JsonWriter json, object? value, ColumnType? column = null)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case Guid id: json.WriteStringValue(id); break;
            case EntityReference reference: json.WriteStringValue(reference.Id); break;
            case OptionSetValue choice: json.WriteNumberValue(choice.Value); break;
            case Money money: json.WriteNumberValue(money.Value); break;
            case DateTime time:
                var format = column == ColumnType.Date ? Day : "yyyy-MM-dd'T'HH:mm:ss'Z'";
                json.WriteStringValue(time.ToString(format, CultureInfo.InvariantCulture));
                break;
            case string text: json.WriteStringValue(text); break;
            case string[] texts:
                json.WriteStartArray();
                Array.ForEach(texts, json.WriteStringValue);
                json.WriteEndArray();
                break;
            default: throw Refusal.NotKnown($"values of type {value.GetType().Name}");
        }
    }

    // Edm.Date
    private static DateTime? Date(string text) =>
        DateTime.TryParseExact(text, Day, CultureInfo.InvariantCulture, Utc, out var day) ? day : null;

    // Edm.DateTimeOffset, which has an offset always
    private static DateTime? Time(string text)
    {
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        var hasOffset =
            !char.IsAsciiDigit(text.LastOrDefault('0')) || text.LastIndexOfAny(['+', '-']) >= "yyyy-MM-ddT".Length;
        return hasOffset
            && DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, default, out var time)
            ? time.UtcDateTime
            : null;
    }
}
