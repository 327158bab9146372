using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>docs/seeds.md: each step has what proves it, and what it names is there.</summary>
[TestClass]
public sealed partial class The_documents_are_gone_through_step_by_step
{
    private static readonly Lazy<string[]> Sources = new(() =>
    [
        .. new[] { "Plugins", "Tools" }.SelectMany(part => Directory.GetFiles(
                RepositoryRoot.File("tests/" + part), "*.cs", SearchOption.AllDirectories))
            .Select(file => Bases().Replace(File.ReadAllText(file).ReplaceLineEndings("\n"), "$1\n")),
    ]);

    private static readonly string[][] Rows =
    [
        .. File.ReadAllLines(RepositoryRoot.File("docs/seeds.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith(
                "| step |", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray()),
    ];

    [TestMethod]
    public void And_no_step_is_without_a_test_or_a_reason()
    {
        Assert.IsGreaterThan(70, Rows.Length);
        string[] bare =
        [
            .. Rows.Where(row => row is not [_, _, _, var proof] || !(Tests(proof).Length > 0
                    || proof.StartsWith("not ours: ", StringComparison.Ordinal)))
                .Select(row => row[0]),
        ];
        Assert.IsEmpty(bare, string.Join('\n', bare));
    }

    [TestMethod]
    public void And_every_test_that_is_named_is_there()
    {
        string[] missing = [.. Rows.SelectMany(row => Tests(row[^1])).Distinct().Where(test => !IsThere(test))];
        Assert.IsEmpty(missing, string.Join('\n', missing));
    }

    private static string[] Tests(string cell) => [.. Span().Matches(cell).Select(match => match.Groups[1].Value)];

    private static bool IsThere(string test)
    {
        if (test.Split(".test.mjs: ", 2) is [var name, var words])
        {
            string script = RepositoryRoot.File($"tests/portal/{name}.test.mjs");
            return File.Exists(script) && Titles().Matches(File.ReadAllText(script)).Any(
                title => title.Groups[2].Value.Contains(words, StringComparison.Ordinal));
        }

        return test.Split('.') is [var type, var method] && Sources.Value.Any(
            text => text.Split($" class {type}\n") is [_, var body]
                && Regex.IsMatch(body.Split("\npublic ")[0], $@"\[TestMethod\](?:(?!\n\n).|\n)*? {method}\("));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    // What stands in a call of test or of what a file calls its tests, whether its title is a constant or a template.
    [GeneratedRegex("""(?m)^\s*(?:\w*[tT]est|walk)\((['"`])(.*)""")]
    private static partial Regex Titles();

    // A class with its bases, as if it had none.
    [GeneratedRegex(@"( class \w+)(?:\([^)]*\))? :[^\n]*\n")]
    private static partial Regex Bases();
}
