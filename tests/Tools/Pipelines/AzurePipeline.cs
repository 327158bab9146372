using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;

namespace ChatAuth.Tools.Tests.Pipelines;

/// <summary>The example for Azure Pipelines.</summary>
internal static class AzurePipeline
{
    private const string Prefix = "chatauth-";

    private static readonly Dictionary<string, string> None = [];

    /// <summary>The steps that a run has.</summary>
    /// <param name="isSchedule">Whether the schedule started it, else a push.</param>
    /// <param name="variables">Variables of an environment: its group's, and what its service connection knows.</param>
    public static IEnumerable<PipelineStep> Steps(
        bool isSchedule, Func<string, IReadOnlyDictionary<string, string>> variables)
    {
        JsonNode[] stages =
            [.. PipelineFile.Read("pipelines/azure/azure-pipelines.yml", None)["stages"]!.AsArray().SelectMany(Stages)];
        string? done = null;
        for (int i = 0; i < stages.Length; i++)
        {
            JsonNode stage = stages.Single(each => each.Text("dependsOn") == done);
            done = stage.Text("stage");
            foreach (PipelineStep step in Job(stage, isSchedule, variables))
            {
                yield return step;
            }
        }
    }

    private static IEnumerable<JsonNode> Stages(JsonNode? entry) => entry.Text("template") is { } file
        ? PipelineFile.Read(
            "pipelines/azure/" + file, entry!["parameters"].Texts().ToDictionary(
                each => "parameters." + each.Key, each => each.Value))["stages"]!.AsArray().Select(stage => stage!)
        : [entry!];

    private static IEnumerable<PipelineStep> Job(
        JsonNode stage, bool isSchedule, Func<string, IReadOnlyDictionary<string, string>> variables)
    {
        JsonNode job = stage["jobs"]!.AsArray().Single()!;
        string? environment = job.Text("environment")?[Prefix.Length..];
        Dictionary<string, string> set = new() { ["BUILD_REASON"] = isSchedule ? "Schedule" : "IndividualCI" };
        if (environment != null)
        {
            // A group's variables are every script's; the ids of the connection only its own.
            string group = stage["variables"]!.AsArray().Single().Text("group")![Prefix.Length..];
            variables(group).Where(each => !each.Key.StartsWith("AZURE", StringComparison.Ordinal)).ToList().ForEach(
                each => set[each.Key] = each.Value);
        }

        bool isNew = true;
        foreach (JsonNode? step in (job["steps"] ?? job["strategy"]!["runOnce"]!["deploy"]!["steps"])!.AsArray())
        {
            yield return Step(step!, environment, isNew, set, variables);
            isNew = false;
        }
    }

    private static PipelineStep Step(JsonNode step, string? environment, bool isNew, Dictionary<string, string> set,
        Func<string, IReadOnlyDictionary<string, string>> variables) =>
        step.Text("bash") is { } script ? new PipelineStep(environment, isNew, StepKind.Script, script, set)
        : step.Text("checkout") == "self" ? new PipelineStep(environment, isNew, StepKind.Checkout, string.Empty, set)
        : step.Text("publish") is { } folder ? new PipelineStep(environment, isNew, StepKind.Publish, folder, set)
        : step.Text("download") == "none" ? new PipelineStep(environment, isNew, StepKind.SetUp, string.Empty, set)
        : step.Text("task") switch
        {
            "UseDotNet@2" => new PipelineStep(environment, isNew, StepKind.SetUp, string.Empty, set),
            "DownloadPipelineArtifact@2" =>
                new PipelineStep(environment, isNew, StepKind.Download, step.Text("inputs", "path")!, set),
            "AzureCLI@2" => new PipelineStep(
                environment, isNew, StepKind.ConnectedScript, step.Text("inputs", "inlineScript")!,
                Connected(step, set, variables)),
            var other => throw new InvalidDataException(other),
        };

    private static Dictionary<string, string> Connected(
        JsonNode step, Dictionary<string, string> set, Func<string, IReadOnlyDictionary<string, string>> variables)
    {
        string connection = step.Text("inputs", "azureSubscription")![Prefix.Length..];
        IReadOnlyDictionary<string, string> ids = variables(connection);
        return new Dictionary<string, string>(set)
        {
            ["AZURESUBSCRIPTION_CLIENT_ID"] = ids["AZURE_CLIENT_ID"],
            ["AZURESUBSCRIPTION_TENANT_ID"] = ids["AZURE_TENANT_ID"],
            ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = connection,
            ["SYSTEM_OIDCREQUESTURI"] = "https://vstoken.dev.azure.com/oidctoken",
            ["SYSTEM_ACCESSTOKEN"] =
                step.Text("env", "SYSTEM_ACCESSTOKEN") == "$(System.AccessToken)" ? "job" : string.Empty,
        };
    }
}
