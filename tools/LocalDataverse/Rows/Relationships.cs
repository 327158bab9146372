using ChatAuth.LocalDataverse.Metadata;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.Rows;

/// <summary>What the rows that refer to a row say to its deletion.</summary>
internal static class Relationships
{
    /// <summary>
    /// Takes away what links a deleted row to others, many to many (Learn, table relationships: the intersect rows go
    /// with either row).
    /// </summary>
    public static void RemoveLinks(RowDraft draft, Guid id)
    {
        foreach (var link in draft.Rows.All("adx_serverlogic_adx_webrole").Where(r => r.Reference("adx_serverlogicid") == id || r.Reference("adx_webroleid") == id).ToList())
        {
            draft.Remove(link.Table, link.Id);
        }
    }

    /// <summary>Ensures that no row forbids the deletion.</summary>
    /// <remarks>
    /// Learn, sdkmessageprocessingstepsecureconfig: its steps have the cascade configuration Delete: Restrict.
    /// Relationships whose behaviour nobody here met are not known, so that a command never rests on a guess.
    /// </remarks>
    public static void CheckDelete(RowSnapshot rows, Guid id)
    {
        var columns = Schema.Known.Tables
            .SelectMany(
                t => rows.All(t.Name).SelectMany(
                    r => r.Values.Where(v => v.Value is EntityReference e && e.Id == id).Select(v => t.Column(v.Key))))
            .ToList();
        if (columns.Any(c => c.RestrictsDelete))
        {
            // CannotDeleteDueToAssociation
            throw new DataverseException(0x80040227, 400,
                "The object you tried to delete is associated with another object and cannot be deleted.");
        }

        if (columns.Count > 0)
        {
            throw Refusal.NotKnown("what deleting a row does to the rows that refer to it");
        }
    }
}
