using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;

namespace ChatAuth.Tools.Tests.Pipelines;

/// <summary>The example for GitHub Actions.</summary>
internal static class GitHubPipeline
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>The steps that an event runs.</summary>
    /// <param name="isSchedule">Whether it is the schedule, else a push.</param>
    /// <param name="variables">Variables of an environment of the repository.</param>
    public static IEnumerable<PipelineStep> Steps(
        bool isSchedule, Func<string, IReadOnlyDictionary<string, string>> variables)
    {
        JsonObject jobs = PipelineFile.Read("pipelines/github/chatauth.yml", None)["jobs"]!.AsObject();
        string? done = null;
        for (int i = 0; i < jobs.Count; i++)
        {
            (string name, JsonNode? job) = jobs.Single(each => each.Value.Text("needs") == done);
            done = name;
            IEnumerable<PipelineStep> steps = job.Text("uses") is { } called
                ? Called(called, job!, isSchedule, variables)
                : Job(job!, null, isSchedule);
            foreach (PipelineStep step in steps)
            {
                yield return step;
            }
        }
    }

    private static IEnumerable<PipelineStep> Called(
        string file, JsonNode caller, bool isSchedule, Func<string, IReadOnlyDictionary<string, string>> variables)
    {
        string environment = caller.Text("with", "environment")!;
        Dictionary<string, string> expressions =
            variables(environment).ToDictionary(each => "vars." + each.Key, each => each.Value);
        expressions["inputs.environment"] = environment;
        JsonNode job = PipelineFile.Read(
            file.Replace("./.github/workflows/", "pipelines/github/", StringComparison.Ordinal),
            expressions)["jobs"]!.AsObject().Single().Value!;

        // A called workflow has at most the permissions of its caller.
        bool mayBeTrusted = caller.Text("permissions", "id-token") == "write"
            && job.Text("permissions", "id-token") == "write";
        return Job(job, mayBeTrusted ? job.Text("environment") : null, isSchedule);
    }

    private static IEnumerable<PipelineStep> Job(JsonNode job, string? environment, bool isSchedule)
    {
        Dictionary<string, string> set = job["env"].Texts();
        if (environment != null)
        {
            set["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://token.actions.githubusercontent.com/?api-version=2.0";
            set["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = environment;
        }

        bool isNew = true;
        foreach (JsonNode? step in job["steps"]!.AsArray())
        {
            bool runs = step.Text("if") switch
            {
                null => true,
                "github.event_name == 'schedule'" => isSchedule,
                "github.event_name != 'schedule'" => !isSchedule,
                var other => throw new InvalidDataException(other),
            };
            if (runs)
            {
                yield return step.Text("run") is { } script
                    ? new PipelineStep(environment, isNew, StepKind.Script, script, set)
                    : new PipelineStep(
                        environment, isNew, KindOf(step.Text("uses")!), step.Text("with", "path") ?? string.Empty, set);
                isNew = false;
            }
        }
    }

    private static StepKind KindOf(string action) => action.Split('@')[0] switch
    {
        "actions/checkout" => StepKind.Checkout,
        "actions/setup-dotnet" => StepKind.SetUp,
        "actions/upload-artifact" => StepKind.Publish,
        "actions/download-artifact" => StepKind.Download,
        _ => throw new InvalidDataException(action),
    };
}
