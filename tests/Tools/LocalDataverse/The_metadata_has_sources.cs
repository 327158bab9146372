using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using ChatAuth.LocalDataverse.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

/// <summary>No table and no column of LocalDataverse without the place it was read from.</summary>
[TestClass]
public sealed partial class The_metadata_has_sources
{
    private const string Table =
        """
        { "pet": { "set": "pets", "id": "petid", "name": "name", "privileges": "pet", "typeCode": 1, SOURCES
          "operations": "read", "columns": { "name": "string(1)", "kind": "string(1)" } } }
        """;

    [TestMethod]
    [DataRow("", "pet.name has no source")]
    [DataRow("\"sources\": {},", "pet.name has no source")]
    [DataRow("\"sources\": { \"a/b c\": \"name petid\" },", "pet.kind has no source")]
    [DataRow("\"sources\": { \"a/b c\": \"* collar\" },", "names a column that is not there")]
    [DataRow("\"sources\": { \"my memory\": \"*\" },", "is no repository with a path")]
    [DataRow("\"sources\": { \"\": \"*\" },", "is no repository with a path")]
    public void A_table_is_refused(string sources, string message) => StringAssert.Contains(
        Assert.ThrowsExactly<InvalidOperationException>(
            () => Schema.Parse(Table.Replace("SOURCES", sources, StringComparison.Ordinal))).Message,
        message);

    [TestMethod]
    public void A_column_is_read_where_it_says_or_where_the_rest_is()
    {
        Table pet = Schema.Parse(
            Table.Replace("SOURCES", "\"sources\": { \"a/b c\": \"*\", \"d/e f\": \"kind\" },",
                StringComparison.Ordinal)).Table("pet");
        Assert.AreEqual(("a/b c", "d/e f"), (pet.Sources["name"], pet.Sources["kind"]));
    }

    [TestMethod]
    public void The_README_lists_each_source_with_its_tables_and_columns()
    {
        string[] listed =
        [
            .. File.ReadLines(RepositoryRoot.File("tools/LocalDataverse/README.md"))
                .Select(line => SourceRow().Match(line)).Where(row => row.Success)
                .SelectMany(row => Name().Matches(row.Groups[1].Value).Select(name =>
                    $"{name.Groups[1].Value} {row.Groups[2].Value}"
                        .Replace("{table}", name.Groups[1].Value.Split('.')[0], StringComparison.Ordinal))),
        ];
        string[] known =
        [
            .. from table in Schema.Known.Tables
               from source in table.Sources.GroupBy(column => column.Value)
               let isRest = source.Any(column => column.Key == table.IdColumn)
               from name in isRest ? [table.Name] : source.Select(column => $"{table.Name}.{column.Key}")
               select $"{name} {source.Key}",
        ];
        CollectionAssert.AreEquivalent(known, listed);
    }

    [GeneratedRegex(@"^\| (`.*`) \| ([\w.-]+/[\w.-]+ .*) \|$")]
    private static partial Regex SourceRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
