using System;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.LocalPortal;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>What README.md shows of a terminal is what comes, but for times and folders.</summary>
[TestClass]
public sealed partial class The_README_prints_what_comes
{
    private static readonly string Readme = Transcript.Text("README.md");

    [TestMethod]
    public async Task Of_the_round_on_one_machine_and_of_its_token()
    {
        using TemporaryFolder folder = new();
#pragma warning disable RS0030 // shown as it is started in a shell
        CommandRun round = await OnceRun.OfAsync(TimeProvider.System, folder);
#pragma warning restore RS0030 // shown as it is started in a shell
        AssertShown("dotnet run --project tools/LocalPortal -- --once --out out > out.token", round.Error);

        long issued = JsonNode.Parse(Base64UrlEncoder.Decode(round.Out.Split('.')[1]))!["iat"]!.GetValue<long>();
        CommandRun verified = await CommandRun.OfAsync(
            ["token", "verify", "-", "--key", folder.File("public.pem")],
            round.Out,
            new FixedClock(DateTimeOffset.FromUnixTimeSeconds(issued + 30)));
        AssertShown("chatauth token verify - --key out/public.pem < out.token", verified.Out);
    }

    [TestMethod]
    public async Task Of_an_error() => AssertShown(
        "chatauth key public nowhere.json", (await CommandRun.OfAsync(["key", "public", "nowhere.json"])).Error);

    [TestMethod]
    public void Of_the_site()
    {
        string source = Transcript.Text("tools/LocalPortal/Program.cs");
        string[] shown = Transcript.Shown("README.md", "dotnet run --project tools/LocalPortal").Split('\n');
        StringAssert.Contains(source, $"UsualPort = {new Uri(shown[0]).Port};");
        StringAssert.Contains(source, $"WriteError(\"{shown[1]}\")");
    }

    [TestMethod]
    public void Of_what_a_token_costs()
    {
        (string percent, string chats, string users) = Numbers().Match(Readme) is { Success: true, Groups: var found }
            ? (found[1].Value, found[2].Value, found[3].Value) : throw new AssertFailedException("No numbers.");
        Assert.MatchesRegex(
            $@"\n\| {chats} \|.*\| {users} \| requests \|", Transcript.Text("docs/capacity.md"));
        StringAssert.Contains(
            Transcript.Text("tests/Benchmarks/README.md"),
            $"| `IssueChatToken.Execute` ÷ bare signature | 1.0{percent} |");
    }

    private static void AssertShown(string command, string comes) =>
        Transcript.AssertShown("README.md", command, comes);

    [GeneratedRegex(@"signature and (\d) % on top; ([\d,]+) chats a day take (\d+) application users")]
    private static partial Regex Numbers();
}
