using ChatAuth.LocalDataverse.Rows;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>What deleting a solution row does (Microsoft Learn: remove a solution).</summary>
internal static class Uninstall
{
    private static readonly string[] Components =
        ["customapirequestparameter", "customapiresponseproperty", "customapi", "sdkmessage", "plugintype", "pluginassembly", "powerpagecomponent", "msdyn_authenticationsettings"];

    /// <summary>A managed solution goes with its components, an unmanaged one leaves them.</summary>
    public static void Run(RowDraft draft, Row solution)
    {
        if (solution.Flag("ismanaged"))
        {
            var components = Components.SelectMany(
                t => draft.Rows.All(t)).Where(r => r.Reference("solutionid") == solution.Id).ToList();
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

            foreach (var component in components)
            {
                draft.Remove(component.Table, component.Id);
            }
        }

        foreach (var listed in draft.Rows.All("solutioncomponent").Where(c => c.Reference("solutionid") == solution.Id).ToList())
        {
            draft.Remove(listed.Table, listed.Id);
        }

        draft.Remove("solution", solution.Id);
    }
}
