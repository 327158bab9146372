namespace ChatAuth.Checks;

/// <summary>Whether the tables and columns that tokens are made of exist, and can be read.</summary>
internal sealed class ColumnsCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "mapped columns";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        ILookup<string, string> needed = CallerNeeds.Of(examination.Settings).SelectMany(
            caller => caller.Columns).Distinct().ToLookup(need => need.Table, need => need.Column);
        IReadOnlyList<TableDefinition> tables =
            await TableDefinition.ListAsync(examination, needed.Select(table => table.Key));
        foreach (IGrouping<string, string> need in needed)
        {
            if (tables.SingleOrDefault(table => table.Name == need.Key) is not { } table)
            {
                yield return Errors.TableUnknown(need.Key);
                continue;
            }

            IReadOnlyDictionary<string, bool> columns = await table.ColumnsAsync(examination);
            foreach (string column in need)
            {
                if (!columns.TryGetValue(column, out bool isSecured))
                {
                    yield return Errors.ColumnUnknown(need.Key, column);
                }
                else if (isSecured)
                {
                    yield return Errors.ColumnSecured(need.Key, column);
                }
            }
        }
    }
}
