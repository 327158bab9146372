using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Solutions: what deleting one does (Microsoft Learn: remove a solution).</summary>
internal sealed class SolutionRule() : TableRule("solution")
{
    /// <summary>A managed solution goes with its components, an unmanaged one leaves them.</summary>
    public override void Delete(RowDraft draft, Row row)
    {
        if (row.Flag("ismanaged"))
        {
            RemoveComponents(draft, row);
        }

        draft.RemoveAll("solutioncomponent", listed => listed.Reference("solutionid") == row.Id);
        draft.Remove(Table, row.Id);
    }

    private static void RemoveComponents(RowDraft draft, Row solution)
    {
        var components = Schema.Known.Tables.Where(t => t.IsSolutionAware).SelectMany(t => draft.Rows.All(t.Name))
            .Where(r => r.Reference("solutionid") == solution.Id).ToList();
        var ids = components.Select(c => c.Id).ToHashSet();

        // Facts 1: the steps are unmanaged and depend on the plug-in types and messages.
        var dependent = draft.Rows.All("sdkmessageprocessingstep")
            .Count(s => ids.Contains(s.Reference("eventhandler")) || ids.Contains(s.Reference("sdkmessageid")));
        if (dependent > 0)
        {
            throw new DataverseException(
                0x8004f01f, 400, $"The solution {solution.Text("uniquename")} cannot be deleted because its "
                    + $"components are referenced by {dependent} other components. For a list of referenced "
                    + "components, use the RetrieveDependenciesForUninstallRequest.");
        }

        if (components.Any(UnmanagedLayer.LiesOn))
        {
            throw Refusal.NotKnown(
                $"what becomes of the unmanaged layers on components of {solution.Text("uniquename")}");
        }

        components.ForEach(c => draft.Remove(c.Table, c.Id));
    }
}
