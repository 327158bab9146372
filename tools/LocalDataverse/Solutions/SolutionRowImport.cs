using System.Collections.Immutable;
using ChatAuth.LocalDataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>Writes the rows that travel in a solution.</summary>
internal sealed class SolutionRowImport(
    LocalOrganization organization, RowDraft draft, SolutionFile file, Guid solutionId)
{
    /// <summary>Runs the import; what it refuses leaves nothing when the draft is dropped.</summary>
    public void Run()
    {
        foreach (var row in file.Rows)
        {
            Write(row);
        }
    }

    private void Write(SolutionRow row)
    {
        var before = draft.Rows.Find(row.Table.Name, row.Id);
        if (before != null && before.Reference("solutionid") != solutionId)
        {
            // Microsoft Learn, solution layers: what was there before stays on top, or lies below.
            throw Refusal.NotKnown($"layers: a row of {row.Table.Name} of {file.UniqueName} is there already");
        }

        // Facts 3: a component is bound to the id of its site. The text and its number as reported from imports.
        foreach (var (column, value) in row.Values)
        {
            if (value is EntityReference reference
                && draft.Rows.Find(reference.LogicalName, reference.Id) == null
                && file.Rows.All(r => r.Id != reference.Id))
            {
                throw new DataverseException(
                    0x8004801d, 400, $"The following solution cannot be imported: {file.UniqueName}. Some dependencies "
                        + $"are missing. The missing dependencies are : {reference.LogicalName} {reference.Id:D} of "
                        + $"{row.Table.Name} {row.Id:D}, {column}.");
            }
        }

        if (row.Table.Name == ChatSettings.Table)
        {
            ChatSettings.Check(organization, row.Values);
        }

        var now = organization.Clock.GetUtcNow().UtcDateTime;
        var values = row.Values.ToImmutableDictionary(
            v => v.Key, v => ColumnValue.Check(row.Table, row.Table.Column(v.Key), v.Value!))
            .SetItem("ismanaged", file.IsManaged).SetItem("solutionid", solutionId).SetItem("modifiedon", now).SetItem(
                "createdon", before?["createdon"] ?? now);
        if (row.FileName != null)
        {
            BlockedFiles.Check(organization, draft.Rows, row.FileName);
            values = values.SetItem("filecontent", Convert.ToBase64String(row.File!))
                .SetItem("filecontent_name", row.FileName);
        }

        draft.Put(row.Table.Name, row.Id, UnmanagedLayer.Over(values, row.IsCustomizable, before));
    }
}
