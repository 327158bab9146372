namespace ChatAuth.LocalDataverse.Metadata;

/// <summary>A table this organization knows.</summary>
/// <param name="Name">Logical name.</param>
/// <param name="SetName">Entity set of the Web API.</param>
/// <param name="IdColumn">Column of the primary key.</param>
/// <param name="NameColumn">Column of the primary name.</param>
/// <param name="PrivilegeName">What follows <c>prvRead</c> and its siblings.</param>
/// <param name="TypeCode">Object type code, which messages name.</param>
/// <param name="Operations">What users may do with rows: create, read, write, delete; append: lookups need append
/// privileges; component: part of solutions only; intersect: links rows, many to many.</param>
/// <param name="Columns">Columns by logical name.</param>
/// <param name="Sources">Where each column was read, by logical name: a repository and a path in it.</param>
internal sealed record Table(
    string Name,
    string SetName,
    string IdColumn,
    string NameColumn,
    string PrivilegeName,
    int TypeCode,
    IReadOnlySet<string> Operations,
    IReadOnlyDictionary<string, Column> Columns,
    IReadOnlyDictionary<string, string> Sources)
{
    /// <summary>Whether rows travel in a solution, and name it.</summary>
    public bool IsSolutionAware =>
        IdColumn != "solutionid" && Columns.GetValueOrDefault("solutionid") is { Type: ColumnType.Guid };

    /// <summary>The column of that name.</summary>
    public Column Column(string name) =>
        Columns.TryGetValue(name, out var column) ? column : throw Refusal.UnknownColumn(Name, name);

    /// <summary>The column of that name on the wire, or null.</summary>
    public Column? OnWire(string name) => Columns.Values.FirstOrDefault(c => c.WireName == name);
}
