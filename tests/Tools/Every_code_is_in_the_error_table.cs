using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>The codes of the plug-ins, of the command and of LocalPortal, as they are told and as they were.</summary>
[TestClass]
public class Every_code_is_in_the_error_table
{
    // The number of codes is a cost for who reads them: a code only where the remedy differs.
    private const int MostOfThePlugins = 46;
    private const int MostOfTheCommand = 172;

    [TestMethod]
    public async Task Is_what_docs_errors_md_says_byte_for_byte_Async()
    {
        CommandRun run = await CommandRun.OfAsync(["explain", "--all"]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        string page = await File.ReadAllTextAsync(RepositoryRoot.File("docs/errors.md"));
        CollectionAssert.AreEqual(
            page.Split('\n'), run.Out.Split('\n'), "Run chatauth explain --all > docs/errors.md.");
    }

    [TestMethod]
    public void Has_one_declaration_for_each_code()
    {
        string[] twice =
        [
            .. Entries().GroupBy(entry => entry.Code)
                .Where(code => code.Select(entry => entry.Name).Distinct().Count() > 1)
                .Select(code => code.Key),
        ];
        Assert.IsEmpty(twice);
    }

    [TestMethod]
    public void Says_a_fact_and_then_a_remedy()
    {
        foreach (ErrorEntry entry in Entries())
        {
            StringAssert.Matches(entry.Code, new("^CHATAUTH[0-9]{4}$"));
            StringAssert.Matches(entry.Fact, new(@"[^.][.?]$"), entry.Code);
            StringAssert.Matches(entry.Remedy, new(@"^[A-Z{].*[^.]\.$"), entry.Code);
        }
    }

    [TestMethod]
    public void Keeps_what_a_code_of_0_1_0_means()
    {
        ILookup<string, ErrorEntry> entries = Entries().ToLookup(entry => entry.Code);
        Dictionary<string, string> gone = Gone();
        foreach (string[] old in Golden("codes-0.1.0.txt", parts: 3).Where(old => !gone.ContainsKey(old[0])))
        {
            // Another name says the same, another wording too; both at once is another meaning.
            Assert.IsTrue(
                entries[old[0]].Any(entry => entry.Name == old[1] || $"{entry.Fact} {entry.Remedy}" == old[2]),
                $"{old[0]} has not the meaning of 0.1.0: {old[1]}, {old[2]}");
        }
    }

    [TestMethod]
    public void Uses_no_code_again_that_is_gone() =>
        Assert.IsEmpty(Entries().Select(entry => entry.Code).Intersect(Gone().Keys));

    [TestMethod]
    public void Stays_short_enough_to_be_read()
    {
        string[] plugins =
            [.. Entries().Where(entry => entry.HttpStatus != null).Select(entry => entry.Code).Distinct()];
        string[] command = [.. ErrorCatalog.Entries.Select(entry => entry.Code).Distinct().Except(plugins)];
        Assert.IsLessThanOrEqualTo(MostOfThePlugins, plugins.Length);
        Assert.IsLessThanOrEqualTo(MostOfTheCommand, command.Length);
    }

    private static IEnumerable<ErrorEntry> Entries() =>
    [
        .. ErrorCatalog.Entries,
        .. ErrorCatalog.EntriesOf<CodedError>(typeof(ChatAuth.LocalPortal.Errors), error => error, _ => null),
    ];

    // Codes that nothing can reach any more, and why.
    private static Dictionary<string, string> Gone() =>
        Golden("codes-gone.txt", parts: 2).ToDictionary(line => line[0], line => line[1]);

    private static IEnumerable<string[]> Golden(string file, int parts)
    {
        string[] lines = File.ReadAllLines(RepositoryRoot.File("tests/golden/" + file));
        Assert.IsNotEmpty(lines);
        return lines.Select(line => line.Split(' ', parts));
    }
}
