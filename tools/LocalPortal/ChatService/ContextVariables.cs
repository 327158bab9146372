using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>The context variables that a token carries in lwicontexts.</summary>
/// <remarks>
/// Facts 7: a text that holds a JSON object of primitive values; at most 100 variables, names of 100 and values of
/// 4,000 characters.
/// </remarks>
internal static class ContextVariables
{
    private const int Most = 100;
    private const int LongestName = 100;
    private const int LongestValue = 4000;

    /// <summary>Name and value of each, in the order of the token; none when the claim is not there.</summary>
    /// <exception cref="TokenRefusedException">context.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string? lwicontexts)
    {
        if (lwicontexts == null)
        {
            return [];
        }

        KeyValuePair<string, JsonNode?>[] members = [.. Members(lwicontexts)];
        return members.Length > Most ? throw Refused($"it holds {members.Length} variables, 100 are the most")
            : [.. members.Select(member => KeyValuePair.Create(member.Key, Value(member.Key, member.Value)))];
    }

    private static JsonObject Members(string text)
    {
        try
        {
            return JsonNode.Parse(
                text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw Refused("it is no JSON object");
        }
        catch (JsonException)
        {
            throw Refused("it is no JSON");
        }
    }

    private static string Value(string name, JsonNode? value) =>
        name.Length > LongestName ? throw Refused("a name is longer than 100 characters")
        : value is not JsonValue ? throw Refused($"{name} is not a text, a number or a boolean")
        : value.ToString() is { Length: <= LongestValue } text ? text
        : throw Refused($"{name} is longer than 4,000 characters");

    private static TokenRefusedException Refused(string fact) =>
        new("context", $"The context variables in lwicontexts cannot be used: {fact}.");
}
