using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Rows;

/// <summary>What the rows that refer to a row say to its deletion.</summary>
internal static class Relationships
{
    private static readonly Table[] Intersects =
        [.. Schema.Known.Tables.Where(t => t.Operations.Contains("intersect"))];

    /// <summary>
    /// Takes away what links a deleted row to others, many to many (Learn, table relationships: the intersect rows go
    /// with either row).
    /// </summary>
    public static void RemoveLinks(RowDraft draft, Guid id)
    {
        foreach (var table in Intersects)
        {
            draft.RemoveAll(table.Name, link => link.Values.ContainsValue(id));
        }
    }

    /// <summary>Ensures that no row forbids the deletion.</summary>
    /// <remarks>
    /// Learn, sdkmessageprocessingstepsecureconfig: its steps have the cascade configuration Delete: Restrict.
    /// Relationships whose behaviour nobody here met are not known, so that a command never rests on a guess.
    /// </remarks>
    public static void CheckDelete(RowSnapshot rows, Guid id)
    {
        List<Column> columns =
        [
            .. from table in Schema.Known.Tables
               from row in rows.All(table.Name)
               from value in row.Values
               where value.Value is EntityReference reference && reference.Id == id
               select table.Column(value.Key),
        ];
        if (columns.Exists(c => c.RestrictsDelete))
        {
            // CannotDeleteDueToAssociation
            throw new DataverseException(
                0x80040227, 400,
                "The object you tried to delete is associated with another object and cannot be deleted.");
        }

        if (columns.Count > 0)
        {
            throw Refusal.NotKnown("what deleting a row does to the rows that refer to it");
        }
    }
}
