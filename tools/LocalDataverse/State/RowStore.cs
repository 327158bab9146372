using System.Collections.Immutable;
using ChatAuth.LocalDataverse.Metadata;

namespace ChatAuth.LocalDataverse.State;

/// <summary>All rows at one moment; it never changes.</summary>
internal sealed class RowSnapshot(ImmutableDictionary<string, ImmutableSortedDictionary<Guid, Row>> tables)
{
    /// <summary>The rows by table and id.</summary>
    public ImmutableDictionary<string, ImmutableSortedDictionary<Guid, Row>> Tables => tables;

    /// <summary>All rows of a table, by id.</summary>
    public IEnumerable<Row> All(string table) => tables.TryGetValue(table, out var rows) ? rows.Values : [];

    /// <summary>A row, or null.</summary>
    public Row? Find(string table, Guid id) =>
        tables.TryGetValue(table, out var rows) ? rows.GetValueOrDefault(id) : null;

    /// <summary>A row, refused when it is missing.</summary>
    public Row Get(string table, Guid id) => Find(table, id) ?? throw Refusal.NoRow(table, id);

    /// <summary>The only row that has that text, or null.</summary>
    public Row? Named(string table, string column, string text) =>
        All(table).SingleOrDefault(r => string.Equals(r.Text(column), text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Rows in the making: what one change sees and writes.</summary>
internal sealed class RowDraft(RowSnapshot start, long lastVersion)
{
    /// <summary>The rows as they are so far.</summary>
    public RowSnapshot Rows { get; private set; } = start;

    /// <summary>The version given last.</summary>
    public long LastVersion { get; private set; } = lastVersion;

    /// <summary>Writes a row under a new version.</summary>
    public Row Put(string table, Guid id, ImmutableDictionary<string, object> values)
    {
        var row = new Row(table, id, ++LastVersion, values.SetItem(Schema.Known.Table(table).IdColumn, id));
        var rows = Rows.Tables.GetValueOrDefault(table, ImmutableSortedDictionary<Guid, Row>.Empty);
        Rows = new RowSnapshot(Rows.Tables.SetItem(table, rows.SetItem(id, row)));
        return row;
    }

    /// <summary>Writes a row of those values; null leaves a column empty.</summary>
    public Row Put(string table, Guid id, params ReadOnlySpan<(string Column, object? Value)> values) =>
        Put(table, id, Over(ImmutableDictionary<string, object>.Empty, values));

    /// <summary>Changes values of a row; null empties a column.</summary>
    public Row Put(Row row, params ReadOnlySpan<(string Column, object? Value)> values) =>
        Put(row.Table, row.Id, Over(row.Values, values));

    /// <summary>Takes a row away.</summary>
    public void Remove(string table, Guid id) =>
        Rows = new RowSnapshot(Rows.Tables.SetItem(table, Rows.Tables[table].Remove(id)));

    /// <summary>Takes the rows of a table away for which that holds.</summary>
    public void RemoveAll(string table, Func<Row, bool> holds)
    {
        foreach (var row in Rows.All(table).Where(holds))
        {
            Remove(table, row.Id);
        }
    }

    private static ImmutableDictionary<string, object> Over(
        ImmutableDictionary<string, object> row, ReadOnlySpan<(string Column, object? Value)> values)
    {
        var builder = row.ToBuilder();
        foreach (var (column, value) in values)
        {
            if (value == null)
            {
                builder.Remove(column);
            }
            else
            {
                builder[column] = value;
            }
        }

        return builder.ToImmutable();
    }
}

/// <summary>
/// The organization's rows: readers see one moment, writers come one after the other, a change that throws leaves
/// nothing.
/// </summary>
internal sealed class RowStore
{
    private readonly Lock writing = new();
    private volatile RowSnapshot now = new(ImmutableDictionary<string, ImmutableSortedDictionary<Guid, Row>>.Empty);
    private long lastVersion = 1_000_000;

    /// <summary>The rows now.</summary>
    public RowSnapshot Now => now;

    /// <summary>Puts the rows in place as they were at another moment; versions go on growing.</summary>
    public void Return(RowSnapshot moment)
    {
        lock (writing)
        {
            lastVersion =
                moment.Tables.Values.SelectMany(t => t.Values).Select(r => r.Version).Append(lastVersion).Max();
            now = moment;
        }
    }

    /// <summary>Runs a change as a whole or not at all.</summary>
    public T Change<T>(Func<RowDraft, T> change)
    {
        lock (writing)
        {
            var draft = new RowDraft(now, lastVersion);
            var result = change(draft);
            lastVersion = draft.LastVersion;
            now = draft.Rows;
            return result;
        }
    }
}
