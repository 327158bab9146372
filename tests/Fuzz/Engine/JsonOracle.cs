using System;
using System.Linq;
using System.Text.Json;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Fuzz;

/// <summary>System.Text.Json in its strictest mood, against the plug-in's own reader.</summary>
/// <remarks>
/// Both must accept the same texts and read the same values. Two differences are intended and asserted: half of a
/// surrogate pair, which System.Text.Json lets pass as an escape until the string is read, and the number of values in
/// one document.
/// </remarks>
internal static class JsonOracle
{
    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = JsonReader.MaximumDepth, AllowDuplicateProperties = false };

    /// <summary>What the two readers do not agree in; null when they agree.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="root">The document, for further judgement; null when it is none, or holds half a pair or too
    /// much.</param>
    /// <param name="maximumValues">Most values that the parser takes.</param>
    public static string? Disagreement(
        string text, out JsonElement? root, int maximumValues = JsonReader.MaximumValues)
    {
        JsonValue? own = Own(text, maximumValues);
        root = Other(text);
        bool isRefused =
            root is not { } element || !HasWholeStrings(element) || CountOf(element) > maximumValues;
        root = isRefused ? null : root;
        return own == null != isRefused
            ? $"the plug-in's JSON reader {(own == null ? "refuses" : "accepts")} what System.Text.Json does not"
            : own != null && !AreEqual(own, root!.Value) ? "the two JSON readers read different values"
            : null;
    }

    /// <summary>
    /// Whether two values are written alike, whatever the order of members and the escapes in strings.
    /// </summary>
    /// <remarks>Not JsonElement.DeepEquals, which throws at an exponent of ten digits.</remarks>
    public static bool AreEqual(JsonElement one, JsonElement other) =>
        one.ValueKind == other.ValueKind && one.ValueKind switch
        {
            JsonValueKind.String => one.GetString() == other.GetString(),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(
                other.EnumerateArray(), AreEqual).All(equal => equal),
            JsonValueKind.Object => one.EnumerateObject().Count() == other.EnumerateObject().Count()
                && one.EnumerateObject()
                    .All(member =>
                        other.TryGetProperty(member.Name, out JsonElement same) && AreEqual(member.Value, same)),
            _ => one.GetRawText() == other.GetRawText(),
        };

    private static JsonValue? Own(string text, int maximumValues)
    {
        try
        {
            return JsonReader.Parse(text, maximumValues);
        }
        catch (JsonSyntaxException)
        {
            return null;
        }
    }

    // Half a pair is an ArgumentException where it is raw, and an InvalidOperationException where it is escaped in a
    // member's name.
    private static JsonElement? Other(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Strict);
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool HasWholeStrings(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() != null,
                JsonValueKind.Array => element.EnumerateArray().All(HasWholeStrings),
                JsonValueKind.Object =>
                    element.EnumerateObject().All(member => member.Name != null && HasWholeStrings(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static int CountOf(JsonElement element) => 1 + element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Sum(CountOf),
        JsonValueKind.Object => element.EnumerateObject().Sum(member => CountOf(member.Value)),
        _ => 0,
    };

    private static bool AreEqual(JsonValue own, JsonElement other) => other.ValueKind switch
    {
        JsonValueKind.String => own.Kind == JsonKind.String && own.Text == other.GetString(),
        JsonValueKind.Number => own.Kind == JsonKind.Number && own.Text == other.GetRawText(),
        JsonValueKind.True => ReferenceEquals(own, JsonValue.True),
        JsonValueKind.False => ReferenceEquals(own, JsonValue.False),
        JsonValueKind.Null => ReferenceEquals(own, JsonValue.Null),
        JsonValueKind.Array => own.Kind == JsonKind.Array && own.Items.Count == other.GetArrayLength()
            && own.Items.Zip(other.EnumerateArray(), AreEqual).All(equal => equal),
        _ => own.Kind == JsonKind.Object && own.Members.Select(member => member.Key).SequenceEqual(
            other.EnumerateObject().Select(member => member.Name))
            && own.Members.Zip(other.EnumerateObject(),
                (one, two) => ReferenceEquals(own[one.Key], one.Value) && AreEqual(one.Value, two.Value))
                .All(equal => equal),
    };
}
