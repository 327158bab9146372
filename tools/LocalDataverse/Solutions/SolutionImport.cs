using System.Collections.Immutable;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>Writes the rows of a solution, new or over another version of it.</summary>
/// <remarks>
/// A lower version is imported too: the maker portal refuses it, the message does not (what pac's
/// <c>--skip-lower-version</c> is for; reported as the way back in community.dynamics.com, "Solution Rollback in
/// Dataverse").
/// </remarks>
/// <param name="organization">Where to.</param>
/// <param name="rules">What its tables say to the rows.</param>
/// <param name="draft">Takes the rows; what is refused leaves nothing when it is dropped.</param>
/// <param name="file">The solution.</param>
/// <param name="activates">Whether the steps it brings are enabled.</param>
internal sealed class SolutionImport(
    OrganizationState organization, TableRules rules, RowDraft draft, SolutionFile file, bool activates)
{
    private Guid solutionId;

    /// <summary>Runs the import.</summary>
    public void Run()
    {
        if (!file.IsManaged && UnmanagedCustomizations.AreBlocked(organization))
        {
            throw UnmanagedCustomizations.Refuse();
        }

        var rows = draft.Rows;
        var installed = rows.Named("solution", "uniquename", file.UniqueName);
        if (installed != null && installed.Flag("ismanaged") != file.IsManaged)
        {
            throw Refusal.Invalid(
                "The solution is already installed on this system in the other mode (managed or unmanaged). Import can "
                    + "only update solutions when the modes match.");
        }

        var publisher = rows.Named("publisher", "uniquename", file.Publisher.UniqueName)?.Id ?? Guid.NewGuid();
        draft.Put(
            "publisher",
            publisher,
            ("uniquename", file.Publisher.UniqueName),
            ("friendlyname", file.Publisher.FriendlyName),
            ("customizationprefix", file.Publisher.Prefix),
            ("customizationoptionvalueprefix", file.Publisher.OptionValuePrefix));
        solutionId = installed?.Id ?? Guid.NewGuid();
        draft.Put(
            "solution",
            solutionId,
            ("uniquename", file.UniqueName),
            ("friendlyname", file.FriendlyName),
            ("version", file.Version.ToString()),
            ("ismanaged", file.IsManaged),
            ("publisherid", new EntityReference("publisher", publisher)),
            ("installedon", organization.UtcNow));
        foreach (var assembly in file.Assemblies)
        {
            Assembly(assembly);
        }

        foreach (var api in file.CustomApis)
        {
            Api(api);
        }

        if (file is { IsManaged: true, Steps.Count: > 0 })
        {
            throw Refusal.NotKnown("steps in a managed solution");
        }

        foreach (var step in file.Steps.Where(s => s.Import(organization, draft, activates)))
        {
            draft.Put(
                "solutioncomponent", Guid.NewGuid(), ("objectid", step.Id),
                ("componenttype", SolutionStep.ComponentType),
                ("solutionid", new EntityReference("solution", solutionId)));
        }

        foreach (var row in file.Rows)
        {
            Write(row);
        }

        if (installed != null && organization.Unknowns.UpgradeDropsSecureConfiguration)
        {
            DropSecureConfiguration();
        }
    }

    private void DropSecureConfiguration()
    {
        var types = file.Assemblies.SelectMany(a => a.Types).Select(t => t.Id).ToHashSet();
        foreach (var step in draft.Rows.All("sdkmessageprocessingstep"))
        {
            if (types.Contains(step.Reference("eventhandler")))
            {
                draft.Put(step, ("sdkmessageprocessingstepsecureconfigid", null));
            }
        }
    }

    private void Assembly(SolutionAssembly assembly)
    {
        var name = assembly.FullNameParts;
        var token = Convert.ToHexStringLower(name.GetPublicKeyToken()!);
        var culture = string.IsNullOrEmpty(name.CultureName) ? "neutral" : name.CultureName;
        draft.Put(
            "pluginassembly",
            assembly.Id,
            ("name", name.Name),
            ("version", name.Version!.ToString()),
            ("culture", culture),
            ("publickeytoken", token),
            ("isolationmode", new OptionSetValue(2)),
            ("sourcetype", new OptionSetValue(0)),
            ("content", Convert.ToBase64String(assembly.Bytes)),
            ("ismanaged", file.IsManaged),
            ("solutionid", solutionId));
        foreach (var (id, typeName, friendlyName) in assembly.Types)
        {
            draft.Put(
                "plugintype",
                id,
                ("name", typeName),
                ("typename", typeName),
                ("friendlyname", friendlyName),
                ("assemblyname", name.Name),
                ("version", name.Version.ToString()),
                ("pluginassemblyid", new EntityReference("pluginassembly", assembly.Id)),
                ("ismanaged", file.IsManaged),
                ("solutionid", solutionId));
        }
    }

    private void Api(SolutionApi api)
    {
        var before = draft.Rows.Named("customapi", "uniquename", api.UniqueName);
        if (before != null && before.Number("allowedcustomprocessingsteptype") != api.StepType)
        {
            throw Immutable(api.UniqueName, "allowedcustomprocessingsteptype");
        }

        var id = before?.Id ?? Guid.NewGuid();
        var message = before?.Reference("sdkmessageid") ?? Guid.NewGuid();
        if (before == null)
        {
            draft.Put("sdkmessage", message, ("name", api.UniqueName), ("ismanaged", file.IsManaged),
                ("solutionid", solutionId));
        }

        draft.Put(
            "customapi",
            id,
            ("uniquename", api.UniqueName),
            ("name", api.Name),
            ("displayname", api.DisplayName),
            ("description", api.Description),
            ("allowedcustomprocessingsteptype", new OptionSetValue(api.StepType)),
            ("bindingtype", new OptionSetValue(0)),
            ("executeprivilegename", api.Privilege),
            ("isfunction", false),
            ("isprivate", api.IsPrivate),
            ("workflowsdkstepenabled", false),
            ("sdkmessageid", new EntityReference("sdkmessage", message)),
            ("ismanaged", file.IsManaged),
            ("solutionid", solutionId));
        foreach (var parameter in api.Parameters)
        {
            Parameter("customapirequestparameter", id, parameter);
        }

        foreach (var property in api.Properties)
        {
            Parameter("customapiresponseproperty", id, property);
        }
    }

    private void Parameter(string table, Guid api, SolutionApiParameter parameter)
    {
        var before = draft.Rows.All(table)
            .SingleOrDefault(p => p.Reference("customapiid") == api && p.Text("uniquename") == parameter.UniqueName);
        if (before != null
            && (before.Number("type") != parameter.Type
                || (parameter.IsOptional != null && before.Flag("isoptional") != parameter.IsOptional)))
        {
            throw Immutable(parameter.UniqueName, "type and isoptional");
        }

        draft.Put(
            table,
            before?.Id ?? Guid.NewGuid(),
            ("uniquename", parameter.UniqueName),
            ("name", parameter.Name),
            ("displayname", parameter.DisplayName),
            ("description", parameter.Description),
            ("type", new OptionSetValue(parameter.Type)),
            ("isoptional", parameter.IsOptional),
            ("customapiid", new EntityReference("customapi", api)),
            ("ismanaged", file.IsManaged),
            ("solutionid", solutionId));
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
                    0x8004801d, 400,
                    $"The following solution cannot be imported: {file.UniqueName}. Some dependencies are missing. "
                        + $"The missing dependencies are : {reference.LogicalName} {reference.Id:D} of "
                        + $"{row.Table.Name} {row.Id:D}, {column}.");
            }
        }

        rules.Of(row.Table.Name).Check(draft.Rows, row.Values);
        var now = organization.UtcNow;
        var values = row.Values
            .ToImmutableDictionary(v => v.Key, v => ColumnValue.Check(row.Table, row.Table.Column(v.Key), v.Value!))
            .SetItem("ismanaged", file.IsManaged)
            .SetItem("solutionid", solutionId)
            .SetItem("modifiedon", now)
            .SetItem("createdon", before?["createdon"] ?? now);
        if (row.FileName != null)
        {
            BlockedFiles.Check(organization, draft.Rows, row.FileName);
            values = values.SetItem("filecontent", Convert.ToBase64String(row.File!))
                .SetItem("filecontent_name", row.FileName);
        }

        draft.Put(row.Table.Name, row.Id, UnmanagedLayer.Over(values, row.IsCustomizable, before));
    }

    // Facts 1: immutable after create: step type, binding, isfunction, uniquename, each parameter's isoptional and
    // type.
    private static DataverseException Immutable(string of, string member) =>
        Refusal.Invalid($"{member} of {of} cannot be changed after it was created.");
}
