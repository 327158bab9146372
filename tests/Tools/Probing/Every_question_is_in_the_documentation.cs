using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Probing;

/// <summary>docs/unproven.md and the lines of a probe, held together.</summary>
[TestClass]
public sealed class Every_question_is_in_the_documentation
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(RepositoryRoot.File("docs/unproven.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ")),
    ];

    [TestMethod]
    public void Each_row_has_question_meanwhile_way_and_line()
    {
        Assert.IsGreaterThan(20, Rows.Length);
        Assert.IsEmpty(Rows.Where(row => row.Length != 4 || row.Any(cell => cell.Length == 0)));
        Assert.IsEmpty(
            Rows.Where(row => row[0] != "question" && !row[0].Contains('?', StringComparison.Ordinal)));
        Assert.IsEmpty(Rows.Where(row => row[3] is not ("this one" or "none" or "line of probe")));
    }

    [TestMethod]
    public async Task Each_line_of_a_probe_is_a_row_in_the_same_words()
    {
        using ProbeWorld world = new();
        JsonNode table = JsonNode.Parse((await world.ProbeAsync(0, "--json")).Out)!;
        CollectionAssert.AreEquivalent(
            table["answers"]!.AsArray().Select(answer => answer!["question"]!.GetValue<string>()).ToArray(),
            Rows.Where(row => row[3] == "this one").Select(row => row[0].Split('?')[0] + "?").ToArray());
    }
}
