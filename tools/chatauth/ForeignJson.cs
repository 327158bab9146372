using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatAuth;

/// <summary>JSON from elsewhere, some of whose faults .NET's reader would tell only when a value is read.</summary>
internal static partial class ForeignJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The document, with U+FFFD for each half of a surrogate pair.</summary>
    /// <exception cref="JsonException">It is no JSON, or has a member twice.</exception>
    public static JsonNode? Parse(string text) => JsonNode.Parse(Whole(text), documentOptions: Strict);

    /// <summary>The text with U+FFFD for each escape that names half of a surrogate pair (RFC 8259, section 8.2).
    /// </summary>
    public static string Whole(string text) =>
        Escape().Replace(text, match => match.Length == @"\uXXXX".Length ? @"\ufffd" : match.Value);

    // A pair, half of one, or any other escape.
    [GeneratedRegex(
        @"\\(u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[dD][89a-fA-F][\da-fA-F]{2}|.)",
        RegexOptions.Singleline)]
    private static partial Regex Escape();
}
