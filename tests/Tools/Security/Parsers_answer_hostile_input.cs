using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.Fuzz;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>
/// The inputs of tests/Fuzz, a fiftieth of them: read or refused with a code, as the oracles say, quickly, in little
/// memory, and never repeated.
/// </summary>
[TestClass]
[DoNotParallelize] // each answer's time is bounded
public sealed class Parsers_answer_hostile_input
{
    [TestMethod]
    [CICondition(ConditionMode.Include, IgnoreMessage = Sweep.Reason)]
    public void Twenty_thousand_mutants()
    {
        IReadOnlyList<Figures> figures = new Fuzzing(seed: 6).Run(20_000, Parser.All());
        SettingsFileParser.CleanUp();
        Assert.AreEqual(string.Empty, string.Join('\n', figures.SelectMany(parser => parser.Failures).Take(5)));

        // Every parser met inputs that it takes and inputs that it does not.
        Assert.AreEqual(20_000, figures.Sum(parser => parser.Inputs));
        Assert.IsTrue(
            figures.All(parser => parser.Accepted > 0 && parser.Refused.Count > 0), string.Join('\n', figures));
    }

    [TestMethod]
    public void Equal_seeds_make_equal_inputs()
    {
        foreach (Parser parser in Parser.All())
        {
            string[] inputs = [.. Enumerable.Range(0, 50).Select(number => new Fuzzing(1).InputOf(parser, number))];
            CollectionAssert.AreEqual(
                inputs, Enumerable.Range(0, 50).Select(number => new Fuzzing(1).InputOf(parser, number)).ToArray());
            CollectionAssert.AreNotEqual(
                inputs, Enumerable.Range(0, 50).Select(number => new Fuzzing(2).InputOf(parser, number)).ToArray());
        }
    }

    [TestMethod]
    [DataRow("context", "CHATAUTH1012")]
    [DataRow("settings", "CHATAUTH2002")]
    [DataRow("jwks", "CHATAUTH3002")]
    [DataRow("settingsfile", "CHATAUTH5101")]
    [DataRow("keys", "CHATAUTH4308")]
    public void So_many_values_that_memory_runs_short(string parser, string code)
    {
        string objects = string.Concat(Enumerable.Repeat("{\"\":{}},", 8000));
        IsRefused(parser, $$"""{"keys":[{{objects}}0]}""", code);
    }

    [TestMethod]
    [DataRow("keys", "CHATAUTH4308")]
    [DataRow("pem", "CHATAUTH4206")]
    public void So_many_beginnings_that_a_search_never_ends(string parser, string code) =>
        IsRefused(
            parser, string.Concat(Enumerable.Repeat("-----BEGIN A-----\n", TextMutation.MaximumLength / 18)), code);

    [TestMethod]
    public void A_key_that_asks_for_two_thousand_million_rounds()
    {
        string[] refused = [.. Enumerable.Range(0, 32).Select(number => PemMutation.WithRounds(new Dice((ulong)number)))
            .Where(pem => Fuzzing.Replay(new PemParser(), pem).Refused.ContainsKey("CHATAUTH4211"))];
        Assert.IsGreaterThan(8, refused.Length);
    }

    [TestMethod]
    public void A_name_as_long_as_a_file() =>
        IsRefused("settingsfile", $$"""{"{{new string('x', 60_000)}}":1}""", "CHATAUTH5102");

    [TestMethod]
    public void A_path_that_no_disk_has() => IsRefused(
        "settingsfile",
        "{\"issuer\":\"x\",\"callers\":{\"powerpages\":{}},\"solution\":\"a\\u0000b\"}",
        "CHATAUTH2012");

    [TestMethod]
    [DataRow("$HOST")]
    [DataRow(".$HOST")]
    [DataRow("$env:")]
    [DataRow("${")]
    [DataRow("$(1")]
    [DataRow("%A")]
    [DataRow("[[")]
    [DataRow("__A")]
    [DataRow("{")]
    public void One_mark_of_a_variable_over_and_over(string mark)
    {
        string text = string.Concat(Enumerable.Repeat(mark, TextMutation.MaximumLength / mark.Length));
        foreach (char member in "abcdefgh")
        {
            HasNoFailures(Fuzzing.Replay(new FilledSettingsParser(), member + text));
        }
    }

    private static void HasNoFailures(Figures figures) => Assert.AreEqual(
        string.Empty, string.Concat(figures.Failures.Select(failure => failure[..Math.Min(300, failure.Length)])));

    private static void IsRefused(string name, string input, string code)
    {
        Figures figures = Fuzzing.Replay(Parser.All().Single(parser => parser.Name == name), input);
        SettingsFileParser.CleanUp();
        HasNoFailures(figures);
        Assert.AreEqual(code, figures.Refused.Keys.Single());
    }
}
