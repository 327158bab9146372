using System.Collections.Immutable;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Rows;

/// <summary>What was changed by hand of a component that a managed solution brought.</summary>
/// <remarks>
/// Microsoft Learn, alm/solution-layers-alm: such a change lies in an unmanaged layer, on top, and the top wins;
/// alm/use-managed-properties: components whose IsCustomizable is yes may be changed. Kept are the names of the columns
/// on top, so that an upgrade passes below them.
/// </remarks>
internal static class UnmanagedLayer
{
    // Neither is a column, so nobody reads or writes them.
    private const string Customizable = "(customizable)";
    private const string Changed = "(unmanaged layer)";

    /// <summary>Whether a row has one.</summary>
    public static bool LiesOn(Row row) => row[Changed] != null;

    /// <summary>The values of a row that a solution brings, with what lies on top of them.</summary>
    /// <param name="values">What the solution brings.</param>
    /// <param name="isCustomizable">Whether it may be changed.</param>
    /// <param name="before">The row of an earlier version of the solution; null when it is new.</param>
    public static ImmutableDictionary<string, object> Over(
        ImmutableDictionary<string, object> values, bool isCustomizable, Row? before)
    {
        values = values.SetItem(Customizable, isCustomizable);
        if (before?[Changed] is not string[] changed)
        {
            return values;
        }

        return changed.Aggregate(
            values.SetItem(Changed, changed),
            (merged, column) => before[column] is { } own ? merged.SetItem(column, own) : merged.Remove(column));
    }

    /// <summary>Notes which columns of a row are changed, when it is a managed one.</summary>
    /// <param name="row">The row as it is; null when it is new.</param>
    /// <param name="values">The row in the making.</param>
    /// <param name="columns">The columns that are written.</param>
    /// <exception cref="DataverseException">501 the row is managed, and not known to be customizable.</exception>
    public static void Note(Row? row, ImmutableDictionary<string, object>.Builder values, IEnumerable<string> columns)
    {
        if (row?.Flag("ismanaged") != true)
        {
            return;
        }

        if (!row.Flag(Customizable))
        {
            Refuse(row);
        }

        values[Changed] = columns.Union(row[Changed] as string[] ?? [], StringComparer.Ordinal).ToArray();
    }

    /// <summary>Refuses changes that would lie in such a layer.</summary>
    /// <exception cref="DataverseException">501 the row is managed.</exception>
    public static void Refuse(Row row)
    {
        if (row.Flag("ismanaged"))
        {
            throw Refusal.NotKnown($"these unmanaged changes of managed rows of {row.Table}");
        }
    }
}
