using System;
using System.IO;
using System.Linq;
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
    private static readonly string Readme = Text("README.md");

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
        string source = Text("tools/LocalPortal/Program.cs");
        string[] shown = Shown("dotnet run --project tools/LocalPortal").Split('\n');
        StringAssert.Contains(source, $"UsualPort = {new Uri(shown[0]).Port};");
        StringAssert.Contains(source, $"WriteError(\"{shown[1]}\")");
    }

    [TestMethod]
    public void Of_what_a_token_costs()
    {
        (string percent, string chats, string users) = Numbers().Match(Readme) is { Success: true, Groups: var found }
            ? (found[1].Value, found[2].Value, found[3].Value) : throw new AssertFailedException("No numbers.");
        Assert.MatchesRegex(
            $@"\n\| {chats} \|.*\| {users} \| requests \|", Text("docs/capacity.md"));
        StringAssert.Contains(
            Text("tests/Benchmarks/README.md"), $"| `IssueChatToken.Execute` ÷ bare signature | 1.0{percent} |");
    }

    private static string Text(string file) =>
        File.ReadAllText(RepositoryRoot.File(file)).ReplaceLineEndings("\n");

    private static void AssertShown(string command, string comes) =>
        Assert.AreEqual(Timeless(comes).TrimEnd('\n'), Timeless(Shown(command)).TrimEnd('\n'));

    // What stands below a command up to the next one or the block's end.
    private static string Shown(string command)
    {
        string[] parts = Readme.Split($"\n$ {command}\n");
        Assert.HasCount(2, parts, command);
        return parts[1].Split("\n```")[0].Split("\n\n$ ")[0];
    }

    // An import tells its progress as often as there is time for; folders and ids differ between machines.
    private static string Timeless(string text) => string.Concat(text.Split('\n')
        .Where(line => !line.Contains("importing the solution", StringComparison.Ordinal))
        .Select(line => Days().Replace(Folders().Replace(Milliseconds().Replace(line, "ms"), "/"), "day") + "\n"));

    [GeneratedRegex(@"^ *\d+ ms", RegexOptions.Multiline)]
    private static partial Regex Milliseconds();

    [GeneratedRegex(@"(?<=file )\S+/")]
    private static partial Regex Folders();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Days();

    [GeneratedRegex(@"signature and (\d) % on top; ([\d,]+) chats a day take (\d+) application users")]
    private static partial Regex Numbers();
}
