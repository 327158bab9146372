using System.Collections.Immutable;

namespace ChatAuth.LocalDataverse.State;

/// <summary>A row as it was written; a change makes another one.</summary>
/// <param name="Table">Logical name of the table.</param>
/// <param name="Id">Primary key.</param>
/// <param name="Version">Version number, unique in the organization and growing.</param>
/// <param name="Values">Values by column in the SDK's types; empty columns are absent.</param>
internal sealed record Row(string Table, Guid Id, long Version, ImmutableDictionary<string, object> Values)
{
    /// <summary>The version as entity tag (Microsoft Learn: conditional operations).</summary>
    public string ETag => FormattableString.Invariant($"W/\"{Version}\"");

    /// <summary>A value, or null when the column is empty.</summary>
    public object? this[string column] => Values.GetValueOrDefault(column);

    /// <summary>A text, or null.</summary>
    public string? Text(string column) => this[column] as string;

    /// <summary>A number, also of a choice.</summary>
    public int Number(string column) =>
        this[column] is OptionSetValue choice ? choice.Value : this[column] as int? ?? 0;

    /// <summary>A yes or no, absent is no.</summary>
    public bool Flag(string column) => this[column] is true;

    /// <summary>The id a lookup or identifier column holds, or the empty one.</summary>
    public Guid Reference(string column) => this[column] switch
    {
        EntityReference reference => reference.Id,
        Guid id => id,
        _ => Guid.Empty,
    };
}
