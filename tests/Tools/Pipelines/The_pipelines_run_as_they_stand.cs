using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pipelines;

/// <summary>Every step of the example pipelines, in their order, by a real bash against three LocalDataverse.</summary>
[TestClass]
public sealed class The_pipelines_run_as_they_stand
{
    [TestMethod]
    [CICondition(ConditionMode.Include, IgnoreMessage = Sweep.Reason)]
    [DataRow("github", true)]
    [DataRow("github", false)]
    [DataRow("azure", true)]
    [DataRow("azure", false)]
    public async Task From_three_empty_environments_to_rotated_keys(string pipeline, bool withPortals)
    {
        using ThreeEnvironments environments = new(withPortals);
        using TemporaryFolder folder = new();
        await using Shell shell = await Shell.StartAsync(environments.RunAsync);

        Assert.AreEqual(0, await RunAsync(pipeline, isSchedule: false, environments, shell, folder.Path), shell.Error);
        Assert.AreEqual(
            "pack, deploy development, deploy development, doctor development, deploy test, deploy test, doctor test, "
                + "deploy production, deploy production, doctor production",
            string.Join(", ", environments.Ran));
        CollectionAssert.AreEqual(new[] { 1, 1, 1 }, ThreeEnvironments.Names.Select(environments.KeysOf).ToArray());
        string[] before = await SignersAsync(environments);
        CollectionAssert.IsSubsetOf(
            new[] { "ChatAuth.zip", "ChatAuth_managed.zip", "SHA256SUMS" },
            Directory.GetFiles(Path.Combine(folder.Path, "artifact")).Select(Path.GetFileName).ToArray());

        environments.Ran.Clear();
        Assert.AreEqual(0, await RunAsync(pipeline, isSchedule: true, environments, shell, folder.Path), shell.Error);
        Assert.AreEqual(
            "pack, rotate development, rotate development, doctor development, rotate test, rotate test, doctor test, "
                + "rotate production, rotate production, doctor production",
            string.Join(", ", environments.Ran));
        CollectionAssert.AreEqual(new[] { 2, 2, 2 }, ThreeEnvironments.Names.Select(environments.KeysOf).ToArray());
        CollectionAssert.AreEqual(before, await SignersAsync(environments));
        foreach (string name in ThreeEnvironments.Names)
        {
            CollectionAssert.AreEqual(
                environments.EndsOf(name), (await environments.ServedEndsAsync(name)).ToArray(), name);
        }

        // The lead has passed: the next keys sign, and the hosts serve them.
        environments.Move(TimeSpan.FromHours(25));
        string[] after = await SignersAsync(environments);
        Assert.IsFalse(before.Intersect(after).Any());

        // Whoever pushes afterwards changes nothing of the keys.
        Assert.AreEqual(0, await RunAsync(pipeline, isSchedule: false, environments, shell, folder.Path), shell.Error);
        CollectionAssert.AreEqual(after, await SignersAsync(environments));
    }

    [TestMethod]
    [DataRow("github", true)]
    [DataRow("azure", false)]
    public async Task And_stop_where_another_environment_publishes_already(string pipeline, bool withPortals)
    {
        using ThreeEnvironments environments = new(withPortals, withOneAddress: true);
        using TemporaryFolder folder = new();
        await using Shell shell = await Shell.StartAsync(environments.RunAsync);

        Assert.AreNotEqual(0, await RunAsync(pipeline, isSchedule: false, environments, shell, folder.Path));
        StringAssert.Contains(shell.Error, withPortals ? "CHATAUTH5207" : "CHATAUTH5206");
        Assert.AreEqual("deploy test", environments.Ran[^1]);
        CollectionAssert.AreEqual(new[] { 1, 0, 0 }, ThreeEnvironments.Names.Select(environments.KeysOf).ToArray());
        Assert.IsNotNull(await environments.SignerOfAsync("development"));
    }

    [TestMethod]
    [DataRow("pipelines/github/chatauth-environment.yml")]
    [DataRow("pipelines/azure/chatauth-environment.yml")]
    [DataRow(".github/workflows/release.yml")]
    public async Task And_install_nothing_that_no_sum_names(string pipeline)
    {
        using TemporaryFolder folder = new();
        await using Shell shell = await Shell.StartAsync((_, _) => Task.FromResult(new CommandRun(0, "", "")));
        string line = (await File.ReadAllLinesAsync(RepositoryRoot.File(pipeline)))
            .Single(line => line.Contains("diff <(ls drop)", StringComparison.Ordinal));
        string check = line[line.IndexOf("diff", StringComparison.Ordinal)..];
        Directory.CreateDirectory(folder.File("drop"));
        string prefix = pipeline.Contains("release", StringComparison.Ordinal) ? string.Empty : "drop/";
        await File.WriteAllTextAsync(folder.File("drop/ChatAuth.1.0.0.nupkg"), "package");
        string sums = $"{new string('a', 64)}  {prefix}ChatAuth.1.0.0.nupkg\n";
        await File.WriteAllTextAsync(folder.File("drop/SHA256SUMS"), sums);
        Dictionary<string, string> none = [];
        Assert.AreEqual(0, await shell.RunAsync(check, folder.Path, none, endsAtErrors: true), shell.Error);
        await File.WriteAllTextAsync(folder.File("drop/ChatAuth.9.0.0.nupkg"), "planted");
        Assert.AreNotEqual(0, await shell.RunAsync(check, folder.Path, none, endsAtErrors: true));
    }

    [TestMethod]
    public void And_let_no_other_branch_reach_an_environment()
    {
        string main = File.ReadAllText(RepositoryRoot.File("pipelines/azure/azure-pipelines.yml"));
        string environment = File.ReadAllText(RepositoryRoot.File("pipelines/azure/chatauth-environment.yml"));
        StringAssert.Contains(main, "\npr: none");
        const string OnMain = "eq(variables['Build.SourceBranch'], 'refs/heads/main')";
        StringAssert.Contains(main, "condition: " + OnMain);
        StringAssert.Contains(environment, $"condition: and(succeeded(), {OnMain})");
    }

    [TestMethod]
    [DataRow("github")]
    [DataRow("azure")]
    public async Task And_stop_at_the_environment_that_refuses_them(string pipeline)
    {
        using ThreeEnvironments environments = new();
        environments.Distrust("test");
        using TemporaryFolder folder = new();
        await using Shell shell = await Shell.StartAsync(environments.RunAsync);

        Assert.AreNotEqual(0, await RunAsync(pipeline, isSchedule: false, environments, shell, folder.Path));
        StringAssert.Contains(shell.Error, "CHATAUTH5020");
        Assert.AreEqual("deploy test", environments.Ran[^1]);
        CollectionAssert.AreEqual(new[] { 1, 0, 0 }, ThreeEnvironments.Names.Select(environments.KeysOf).ToArray());
    }

    [TestMethod]
    public void Every_action_of_others_is_pinned_to_a_commit()
    {
        string[] uses = [
            .. Directory.GetFiles(RepositoryRoot.File("pipelines/github")).SelectMany(File.ReadAllLines).Where(
                line => line.Contains(
                    "uses: ", StringComparison.Ordinal) && !line.Contains("uses: ./", StringComparison.Ordinal)),
        ];
        Assert.IsNotEmpty(uses);
        foreach (string line in uses)
        {
            Assert.MatchesRegex(@"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line);
        }
    }

    [TestMethod]
    public void No_file_holds_or_asks_for_a_secret()
    {
        foreach (string file in Directory.GetFiles(RepositoryRoot.File("pipelines"), "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatchRegex(
                new Regex(@"\{ *secrets\.|CLIENT_SECRET|PASSWORD|CONNECTION_STRING|CHATAUTH_ACCESS_TOKEN"),
                File.ReadAllText(file));
        }
    }

    private static async Task<int> RunAsync(
        string pipeline, bool isSchedule, ThreeEnvironments environments, Shell shell, string folder)
    {
        IEnumerable<PipelineStep> steps = pipeline == "github"
            ? GitHubPipeline.Steps(isSchedule, environments.VariablesOf)
            : AzurePipeline.Steps(isSchedule, environments.VariablesOf);
        string artifact = Path.Combine(folder, "artifact");
        string workspace = string.Empty;
        foreach (PipelineStep step in steps)
        {
            if (step.IsNewJob)
            {
                workspace = Path.Combine(folder, Guid.NewGuid().ToString("N"));
                Directory.CreateDirectory(workspace);
            }

            switch (step.Kind)
            {
                case StepKind.Checkout:
                    // The repository as its comments say: with the files of chatauth init, whose placeholders the
                    // variables fill; for a static host with another target and the script that uploads it.
                    Assert.AreEqual(
                        0, (
                            await CommandRun.OfAsync(
                                ["init", "--settings", Path.Combine(workspace, "chatauth.json")])).ExitCode);
                    if (!environments.WithPortals)
                    {
                        await TakeStaticHostAsync(environments, workspace);
                    }

                    break;
                case StepKind.Publish:
                    Copy(Path.Combine(workspace, step.Text), artifact);
                    break;
                case StepKind.Download:
                    Copy(artifact, Path.Combine(workspace, step.Text));
                    break;
                case StepKind.Script or StepKind.ConnectedScript when await shell.RunAsync(
                    step.Text, workspace, step.Variables, endsAtErrors: pipeline == "github") is not 0 and var code:
                    return code;
                default:
                    break;
            }
        }

        return 0;
    }

    private static async Task TakeStaticHostAsync(ThreeEnvironments environments, string workspace)
    {
        const string Portal = """{ "portal": "${PUBLIC_KEY_URL}" }""";
        string settings = Path.Combine(workspace, "chatauth.json");
        string text = await File.ReadAllTextAsync(settings);
        StringAssert.Contains(text, Portal);
        await File.WriteAllTextAsync(settings, text.Replace(
            Portal, """{ "file": "out/publickey.json", "url": "${PUBLIC_KEY_URL}" }""", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(workspace, "publish-keys.sh"), environments.UploadScript);
    }

    private static async Task<string[]> SignersAsync(ThreeEnvironments environments)
    {
        List<string> signers = [];
        foreach (string name in ThreeEnvironments.Names)
        {
            signers.Add(await environments.SignerOfAsync(name));
        }

        return [.. signers];
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
