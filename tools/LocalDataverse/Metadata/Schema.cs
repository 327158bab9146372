using System.Collections.Frozen;
using System.Text.Json;

namespace ChatAuth.LocalDataverse.Metadata;

/// <summary>All tables, read from the one metadata file.</summary>
internal sealed class Schema
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

    private static Schema Read()
    {
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream("tables.json")
            ?? throw new InvalidOperationException("tables.json is not embedded.");
        using var document = JsonDocument.Parse(stream);
        return new Schema([.. document.RootElement.EnumerateObject().Select(t => Read(t.Name, t.Value))]);
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
            columns.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
