using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAuth.Settings;

/// <summary>The settings in a step's configuration, compared.</summary>
internal static class StepSettings
{
    private const string Callers = "callers";

    private static readonly JsonSerializerOptions AsWritten =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every setting that differs, each caller by itself; values as JSON.</summary>
    /// <param name="from">A configuration; what is no JSON object has no settings.</param>
    /// <param name="to">Another.</param>
    public static IEnumerable<Difference> Differences(string? from, string? to)
    {
        (JsonObject one, JsonObject other) = (Parse(from), Parse(to));
        foreach (string name in one.Concat(other).Select(member => member.Key).Distinct())
        {
            if (name == Callers && one[name] is JsonObject was && other[name] is JsonObject becomes)
            {
                foreach (string caller in was.Concat(becomes).Select(member => member.Key).Distinct())
                {
                    if (!JsonNode.DeepEquals(was[caller], becomes[caller]))
                    {
                        yield return new Difference("callers." + caller, Text(was[caller]), Text(becomes[caller]));
                    }
                }
            }
            else if (!JsonNode.DeepEquals(one[name], other[name]))
            {
                yield return new Difference(name, Text(one[name]), Text(other[name]));
            }
        }
    }

    private static string? Text(JsonNode? value) => value?.ToJsonString(AsWritten);

    private static JsonObject Parse(string? configuration)
    {
        try
        {
            return ForeignJson.Parse(configuration ?? "{}") as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
