using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>The transcripts of docs/operate.md, run in their order.</summary>
[TestClass]
public sealed class The_page_for_operators_shows_what_comes : EnvironmentUnderTest
{
    private const string Page = "docs/operate.md";

    [TestInitialize]
    public void Use() => Settings["testContact"] = Bert;

    [TestMethod]
    public async Task Of_the_life_of_an_environment()
    {
        await ShowsAsync("deploy");
        await ShowsAsync("deploy", time: 2);
        string first = await IssueVerifiedAsync();
        await ShowsAsync("rotate");
        await ShowsAsync("keys");
        await ShowsAsync("rotate --lead 0s --force");
        await ShowsAsync("revoke ymp5EeuYD09Z_vGG2dowtiPhTom8hRIUfQyK1uN0-RU", first);
        await ShowsAsync("revoke nothere");
        await ShowsAsync("uninstall --dry-run");
    }

    [TestMethod]
    public async Task Of_a_key_that_is_pasted()
    {
        Settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        Settings.Remove("publish");
        await DoAsync("deploy", "--yes");
        await ShowsAsync("rotate --cutover");
    }

    [TestMethod]
    public async Task Of_what_doctor_finds()
    {
        Settings.Remove("testContact");
        await DoAsync("deploy");
        Organization.ChangeRow("organization", Organization.Id, ("plugintracelogsetting", 1));
        await ShowsAsync("doctor");
    }

    private async Task ShowsAsync(string command, string? keyId = null, int time = 1)
    {
        string[] words = command.Split(' ');
        words = keyId == null ? words : [words[0], keyId];
        CommandRun run = await AnswerAsync("\n", words);
        string comes = run.ExitCode == 0 ? run.Error + run.Out : run.Out + run.Error; // progress, answer, refusal
        Transcript.AssertShown(Page, "chatauth " + command, comes, time);
    }
}
