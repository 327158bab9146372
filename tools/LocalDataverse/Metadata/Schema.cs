using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatAuth.LocalDataverse.Metadata;

/// <summary>All tables, read from the one metadata file.</summary>
internal sealed partial class Schema
{
    /// <summary>
    /// What privileges on a table are for (Microsoft Learn: SecurityPrivilegeMetadata.PrivilegeType).
    /// </summary>
    public static readonly string[] Operations = ["Create", "Read", "Write", "Delete", "Append", "AppendTo"];

    // The privileges that belong to no table (Microsoft Learn: security role and privilege reference).
    private static readonly string[] Miscellaneous =
        ["prvActOnBehalfOfAnotherUser", "prvImportCustomization", "prvExportCustomization"];

    private readonly FrozenDictionary<string, Table> tables;

    private Schema(IEnumerable<Table> all)
    {
        tables = all.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        Privileges = tables.Values.SelectMany(t => Operations.Select(o => $"prv{o}{t.PrivilegeName}"))
            .Concat(Miscellaneous).ToFrozenSet(StringComparer.Ordinal);
        Model = EdmModelOf.Of(tables.Values);
    }

    /// <summary>The tables of the product's world.</summary>
    public static Schema Known { get; } = Read();

    /// <summary>All tables.</summary>
    public IEnumerable<Table> Tables => tables.Values;

    /// <summary>Names of all privileges.</summary>
    public IReadOnlySet<string> Privileges { get; }

    /// <summary>The same tables as the Web API's entity data model.</summary>
    public Microsoft.OData.Edm.IEdmModel Model { get; }

    /// <summary>The table of that logical name.</summary>
    public Table Table(string? name) =>
        name != null && tables.TryGetValue(name, out var table) ? table : throw Refusal.UnknownTable(name);

    /// <summary>Whether there is a table of that logical name.</summary>
    public bool Has(string name) => tables.ContainsKey(name);

    /// <summary>Reads the text of a metadata file.</summary>
    /// <param name="json">Tables by logical name; README.md says what one consists of.</param>
    /// <exception cref="InvalidOperationException">A table or column has no source, or says what none can.</exception>
    public static Schema Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new Schema([.. document.RootElement.EnumerateObject().Select(t => Read(t.Name, t.Value))]);
    }

    private static Schema Read()
    {
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream("tables.json")
            ?? throw new InvalidOperationException("tables.json is not embedded.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    private static Table Read(string name, JsonElement json)
    {
        string Text(string member) => json.GetProperty(member).GetString()!;
        var columns = json.GetProperty("columns").EnumerateObject().Select(
            c => new Column(name, c.Name, c.Value.GetString()!)).ToDictionary(c => c.Name, StringComparer.Ordinal);
        columns.Add(Text("id"), new Column(name, Text("id"), "guid"));
        return new Table(
            name,
            Text("set"),
            Text("id"),
            Text("name"),
            Text("privileges"),
            json.GetProperty("typeCode").GetInt32(),
            Text("operations").Split(' ').ToFrozenSet(StringComparer.Ordinal),
            columns.ToFrozenDictionary(StringComparer.Ordinal),
            Sources(name, json, columns.Keys));
    }

    // Each column has one source: that which names it, or else the one that is there for the rest.
    private static FrozenDictionary<string, string> Sources(string table, JsonElement json, IEnumerable<string> columns)
    {
        var sources = json.TryGetProperty("sources", out var given)
            ? given.EnumerateObject().Select(s => (s.Name, Columns: s.Value.GetString()!.Split(' '))).ToArray()
            : [];
        string[] all = [.. columns];
        var unknown = sources.SelectMany(s => s.Columns).FirstOrDefault(c => c != "*" && !all.Contains(c));
        if (unknown != null || sources.Any(s => !Place().IsMatch(s.Name)))
        {
            throw new InvalidOperationException(
                $"tables.json: a source of {table} is no repository with a path, or names a column that is not there.");
        }

        string Source(string column) =>
            (sources.SingleOrDefault(s => s.Columns.Contains(column)) is { Name: { } named } ? named : null)
            ?? sources.SingleOrDefault(s => s.Columns.Contains("*")).Name
            ?? throw new InvalidOperationException($"tables.json: {table}.{column} has no source.");
        return all.ToFrozenDictionary(column => column, Source, StringComparer.Ordinal);
    }

    [GeneratedRegex("^[\\w.-]+/[\\w.-]+ [\\w./ -]+$")]
    private static partial Regex Place();
}
