using System.Collections.Frozen;
using System.Collections.Immutable;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Rows;

/// <summary>How the rows of a table behave beyond what its columns say; by itself, not at all.</summary>
/// <param name="table">Logical name of the table.</param>
internal class TableRule(string table)
{
    /// <summary>Logical name of the table.</summary>
    public string Table => table;

    /// <summary>Whether an ETag guards its rows.</summary>
    public virtual bool KeepsVersions => true;

    /// <summary>Whether linking a row of any table to one of it takes the privilege AppendTo.</summary>
    public virtual bool IsGuarded => false;

    /// <summary>Ensures that values may be written, by a user or by a solution.</summary>
    /// <param name="rows">The rows as they are.</param>
    /// <param name="given">The values by column; null empties it.</param>
    public virtual void Check(RowSnapshot rows, IReadOnlyDictionary<string, object?> given)
    {
    }

    /// <summary>Completes a row that a user writes, and ensures that it may be as it is then.</summary>
    /// <param name="rows">The rows as they are.</param>
    /// <param name="values">The row in the making.</param>
    /// <param name="given">The columns that are written.</param>
    /// <param name="isNew">Whether the row is created.</param>
    public virtual void Complete(
        RowSnapshot rows, ImmutableDictionary<string, object>.Builder values, IEnumerable<string> given, bool isNew)
    {
    }

    /// <summary>Deletes a row, with what goes with it.</summary>
    /// <exception cref="DataverseException">400 the row is managed, or another one forbids it.</exception>
    public virtual void Delete(RowDraft draft, Row row)
    {
        if (row.Flag("ismanaged"))
        {
            throw ManagedComponent(row);
        }

        Relationships.CheckDelete(draft.Rows, row.Id);
        draft.Remove(row.Table, row.Id);
        Relationships.RemoveLinks(draft, row.Id);
    }

    /// <summary>The refusal to delete a component of a managed solution by itself.</summary>
    /// <remarks>Microsoft Learn, managed and unmanaged solutions: such components go with the solution only.</remarks>
    public static DataverseException ManagedComponent(Row row) => Refusal.Invalid(
        $"The {row.Table} component is part of a managed solution and cannot be deleted on its own.");
}

/// <summary>The rules of all tables.</summary>
/// <param name="rules">Those of the tables that behave.</param>
internal sealed class TableRules(params IEnumerable<TableRule> rules)
{
    private static readonly TableRule Plain = new(string.Empty);

    private readonly FrozenDictionary<string, TableRule> rules =
        rules.ToFrozenDictionary(rule => rule.Table, StringComparer.Ordinal);

    /// <summary>The rule of a table.</summary>
    public TableRule Of(string table) => rules.GetValueOrDefault(table, Plain);
}
