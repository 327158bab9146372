using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>The tables of SECURITY.md, "Who gets a token for whom".</summary>
internal sealed partial class ImpersonationTables
{
    private readonly Dictionary<string, Table> entries = new(StringComparer.Ordinal);

    private ImpersonationTables(string section)
    {
        foreach (var part in section.Split("\n### ").Skip(1))
        {
            var table = new Table(part);
            var kinds = EntryKind().Matches(part.Split('\n')[0]).Select(match => match.Groups[1].Value);
            foreach (var kind in kinds.DefaultIfEmpty("callers"))
            {
                entries.Add(kind, table);
            }
        }
    }

    /// <summary>The kinds of entries that have a table.</summary>
    public IEnumerable<string> Kinds => entries.Keys.Where(kind => kind != "callers");

    /// <summary>Callers by routes.</summary>
    public Table Callers => entries["callers"];

    /// <summary>Reads the file.</summary>
    public static ImpersonationTables Read() => new(Section("Who gets a token for whom"));

    /// <summary>Reads the tables of entries for a moment, each by its heading.</summary>
    public static IReadOnlyDictionary<string, Table> ReadMoment() => Section("Who gets a token for a moment")
        .Split("\n### ").Skip(1).ToDictionary(
            part => part.Split('\n')[0], part => new Table(part), StringComparer.Ordinal);

    private static string Section(string heading) => File.ReadAllText(RepositoryRoot.File("SECURITY.md"))
        .Split("\n## ").Single(section => section.StartsWith(heading + "\n", StringComparison.Ordinal));

    /// <summary>Claims by what the platform says of the visitor.</summary>
    public Table Entry(string kind) => entries[kind];

    [GeneratedRegex("`([a-zA-Z]+)`")]
    private static partial Regex EntryKind();
}

/// <summary>A Markdown table whose first column names one row or, separated by commas, several.</summary>
internal sealed class Table
{
    private readonly Dictionary<(string Row, string Column), string> cells = [];

    /// <summary>Reads the one table of a text.</summary>
    /// <exception cref="ArgumentException">A row stands in it twice.</exception>
    public Table(string text)
    {
        string[][] lines = [
            .. text.Split('\n').Where(line => line.StartsWith('|')).Select(
                line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
        Columns = lines[0][1..];
        foreach (var line in lines.Skip(2))
        {
            foreach (var row in line[0].Split(", "))
            {
                Rows.Add(row);
                for (var column = 0; column < Columns.Count; column++)
                {
                    cells.Add((row, Columns[column]), line[column + 1]);
                }
            }
        }
    }

    /// <summary>Names of the columns but the first.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Names of the rows.</summary>
    public List<string> Rows { get; } = [];

    /// <summary>A cell.</summary>
    public string this[string row, string column] => cells[(row, column)];
}
