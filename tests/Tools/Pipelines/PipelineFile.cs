using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace ChatAuth.Tools.Tests.Pipelines;

/// <summary>One script or built-in step of a pipeline, in the order in which an agent meets it.</summary>
/// <param name="Environment">The environment of its job; null for a job without one.</param>
/// <param name="IsNewJob">Whether its job begins with it, in an empty working folder.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Text">The script; the folder of an artifact.</param>
/// <param name="Variables">What the file itself sets for it.</param>
internal sealed record PipelineStep(
    string? Environment, bool IsNewJob, StepKind Kind, string Text, IReadOnlyDictionary<string, string> Variables);

/// <summary>What a step does.</summary>
internal enum StepKind
{
    /// <summary>Nothing that matters here, such as installing the SDK.</summary>
    SetUp,

    /// <summary>Fetches the repository.</summary>
    Checkout,

    /// <summary>Runs a script.</summary>
    Script,

    /// <summary>Runs a script as a service connection.</summary>
    ConnectedScript,

    /// <summary>Keeps a folder as the artifact.</summary>
    Publish,

    /// <summary>Fetches the artifact into a folder.</summary>
    Download,
}

/// <summary>The example pipelines, read as YAML.</summary>
internal static class PipelineFile
{
    /// <summary>The document, every scalar as text.</summary>
    /// <param name="path">Below the repository's root.</param>
    /// <param name="expressions">What <c>${{ … }}</c> stands for; an expression that is not among them is an
    /// error.</param>
    public static JsonNode Read(string path, IReadOnlyDictionary<string, string> expressions)
    {
        string text = Regex.Replace(
            File.ReadAllText(RepositoryRoot.File(path)),
            @"\$\{\{ ([^}]+) \}\}",
            match => expressions.TryGetValue(match.Groups[1].Value,
                out string? value) ? value : throw new InvalidDataException($"{path}: {match.Value}"));
        object document = new DeserializerBuilder().Build().Deserialize(new StringReader(text))!;
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(document))!;
    }

    /// <summary>A text below a node; null when it is not there.</summary>
    public static string? Text(this JsonNode? node, params string[] path) =>
        path.Aggregate(node, (below, name) => below?[name])?.GetValue<string>();

    /// <summary>The texts of an object.</summary>
    public static Dictionary<string, string> Texts(this JsonNode? node) =>
        node?.AsObject().ToDictionary(member => member.Key, member => member.Value!.GetValue<string>()) ?? [];
}
