using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAuth;

/// <summary>JSON that a command writes: for programs, and to be read by a person too.</summary>
internal static class ReadableJson
{
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text: indented, and with only those characters escaped that JSON demands.</summary>
    /// <remarks>Azure Pipelines obeys <c>##vso[</c> wherever it stands in a line, so it never does.</remarks>
    public static string Of(JsonNode json) => json.ToJsonString(Options).Replace(
        "##vso[", @"\u0023#vso[", StringComparison.OrdinalIgnoreCase);
}
