using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>
/// What builds and releases this repository is fixed, and is granted little. Lock files are held by .ci/run.
/// </summary>
[TestClass]
public sealed partial class The_supply_chain_is_fixed
{
    private static readonly string[] Workflows = Directory.GetFiles(RepositoryRoot.File(".github/workflows"), "*.y*ml");

    [TestMethod]
    public void Every_action_is_pinned_to_a_commit_and_names_its_version()
    {
        string[] uses = [
            .. Workflows.SelectMany(File.ReadAllLines).Where(line => line.Contains("uses:", StringComparison.Ordinal)),
        ];
        Assert.IsNotEmpty(uses);
        Assert.IsNull(uses.FirstOrDefault(line => !Pinned().IsMatch(line)));
    }

    [TestMethod]
    public void Of_one_action_there_is_one_commit()
    {
        string[] uses = [
            .. Workflows.SelectMany(File.ReadAllLines).Select(line => Pinned().Match(line)).Where(
                match => match.Success).Select(match => match.Value.Trim()).Distinct(),
        ];
        Assert.HasCount(uses.Length, uses.Select(use => use.Split('@')[0]).Distinct());
    }

    [TestMethod]
    public void A_workflow_grants_reading_at_most_and_a_job_asks_for_more_by_name()
    {
        foreach (string workflow in Workflows)
        {
            string text = File.ReadAllText(workflow);
            Assert.IsTrue(ReadsAtMost().IsMatch(text), workflow);
            Assert.DoesNotContain("write-all", text);
            Assert.DoesNotContain("pull_request_target", text);
        }
    }

    [TestMethod]
    public void A_release_is_of_a_commit_that_main_has() => StringAssert.Contains(
        File.ReadAllText(RepositoryRoot.File(".github/workflows/release.yml")),
        "git merge-base --is-ancestor \"$GITHUB_SHA\" origin/main",
        StringComparison.Ordinal);

    [TestMethod]
    public void The_set_up_protects_what_signs_in()
    {
        StringAssert.Contains(
            File.ReadAllText(RepositoryRoot.File("pipelines/azure/azure-pipelines.yml")),
            "set Branch control to refs/heads/main", StringComparison.Ordinal);
        StringAssert.Contains(
            File.ReadAllText(RepositoryRoot.File("pipelines/github/chatauth.yml")),
            "deployment branch rule \"Selected branches and tags\": main", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("github-actions")]
    [DataRow("nuget")]
    [DataRow("npm")]
    public void Updates_are_proposed_for_each_registry(string ecosystem) =>
        StringAssert.Contains(
            File.ReadAllText(RepositoryRoot.File(".github/dependabot.yml")),
            "package-ecosystem: " + ecosystem + "\n",
            StringComparison.Ordinal);

    [TestMethod]
    public void Every_project_is_in_the_solution_that_is_restored_with_lock_files()
    {
        string solution = File.ReadAllText(RepositoryRoot.File("ChatAuth.Plugins.sln")).Replace('\\', '/');
        foreach (string folder in new[] { "Plugins", "tests", "tools" })
        {
            string[] projects =
                Directory.GetFiles(RepositoryRoot.File(folder), "*.csproj", SearchOption.AllDirectories);
            foreach (string project in projects)
            {
                // That package alone needs the reference assemblies of .NET 8.
                string name = Path.GetRelativePath(RepositoryRoot.File("."), project).Replace('\\', '/');
                Assert.IsTrue(
                    solution.Contains(name, StringComparison.Ordinal)
                        || name == "tools/ChatAuth.AspNetCore/ChatAuth.AspNetCore.csproj",
                    name);
                Assert.IsTrue(
                    File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), project);
            }
        }
    }

    [GeneratedRegex(@"^\s*(- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^permissions:( \{\}|\n  contents: read)\n\S", RegexOptions.Multiline)]
    private static partial Regex ReadsAtMost();
}
