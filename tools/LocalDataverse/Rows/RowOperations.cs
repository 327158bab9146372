using System.Collections.Immutable;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Rows;

/// <summary>Create, update and delete as a user, with everything the platform checks.</summary>
internal sealed class RowOperations(OrganizationState organization, TableRules rules)
{
    private const string Owner = "ownerid";

    /// <summary>Creates a row; refused when the id is taken.</summary>
    public Row Create(LocalUser user, Table table, Guid id, IReadOnlyDictionary<string, object?> values) =>
        organization.Rows.Change(draft =>
        {
            Allow(user, table, "create", "Create");
            return draft.Rows.Find(table.Name, id) == null ? Write(draft, user, table, id, null, values)
                : throw Refusal.Duplicate();
        });

    /// <summary>Changes the given columns of a row, if it has that version (null: any).</summary>
    public Row Update(
        LocalUser user, Table table, Guid id, IReadOnlyDictionary<string, object?> values, string? version = null) =>
        organization.Rows.Change(draft =>
        {
            Allow(user, table, "write", "Write");
            return Write(draft, user, table, id, Versioned(draft, table, id, version), values);
        });

    /// <summary>Puts bytes and a name into a file column; null empties it.</summary>
    public Row Upload(LocalUser user, Table table, Guid id, Column column, byte[]? bytes, string? name) =>
        organization.Rows.Change(draft =>
        {
            Allow(user, table, "write", "Write");
            var row = draft.Rows.Get(table.Name, id);
            UnmanagedLayer.Refuse(row);
            if (name != null)
            {
                BlockedFiles.Check(organization, draft.Rows, name);
            }

            var values = row.Values.Remove(column.Name).Remove(column.Name + "_name")
                .SetItem("modifiedon", organization.UtcNow);
            return draft.Put(
                table.Name, id,
                bytes == null ? values
                    : values.Add(column.Name, Convert.ToBase64String(bytes)).Add(column.Name + "_name", name!));
        });

    /// <summary>Deletes a row, if it has that version (null: any).</summary>
    public void Delete(LocalUser user, Table table, Guid id, string? version = null) =>
        organization.Rows.Change(draft =>
        {
            var isComponent = table.Operations.Contains("component");
            if (!isComponent)
            {
                Allow(user, table, "delete", "Delete");
            }

            var row = Versioned(draft, table, id, version);
            if (isComponent)
            {
                throw row.Flag("ismanaged") ? TableRule.ManagedComponent(row)
                    : Refusal.NotKnown($"how to delete rows of {table.Name}");
            }

            rules.Of(table.Name).Delete(draft, row);
            return true;
        });

    private static void Allow(LocalUser user, Table table, string operation, string privilege)
    {
        if (!table.Operations.Contains(operation))
        {
            throw Refusal.NotKnown($"how to {operation} rows of {table.Name}");
        }

        user.RequireOn(table, privilege);
    }

    private Row Versioned(RowDraft draft, Table table, Guid id, string? version)
    {
        if (version != null && !rules.Of(table.Name).KeepsVersions)
        {
            // OptimisticConcurrencyNotEnabled
            throw new DataverseException(
                0x8006088d, 400, $"Optimistic concurrency is not enabled for entity type {table.Name}.");
        }

        var row = draft.Rows.Get(table.Name, id);
        return version == null || version == row.ETag ? row : throw Refusal.VersionMismatch();
    }

    private Row Write(
        RowDraft draft, LocalUser user, Table table, Guid id, Row? before, IReadOnlyDictionary<string, object?> given)
    {
        var values =
            before?.Values.ToBuilder() ?? ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        UnmanagedLayer.Note(before, values, given.Keys);
        foreach (var (name, value) in given)
        {
            var column = table.Column(name);
            if (column.Computed || name == table.IdColumn)
            {
                throw Refusal.Invalid($"Column '{table.Name}.{name}' is set by the platform and cannot be written.");
            }

            if (name == Owner)
            {
                throw Refusal.NotKnown("how a row is given to another owner than who made it");
            }

            if (column.IsSecured && !user.IsAdministrator)
            {
                throw Refusal.NotKnown("writes to a secured column by a user without a column security profile");
            }

            if (value == null)
            {
                values.Remove(name);
                continue;
            }

            values[name] = ColumnValue.Check(table, column, value);
            if (values[name] is EntityReference reference)
            {
                draft.Rows.Get(reference.LogicalName, reference.Id);
                Append(user, table, Schema.Known.Table(reference.LogicalName));
            }
        }

        if (before == null && table.Columns.ContainsKey(Owner))
        {
            values[Owner] = new EntityReference("systemuser", user.Id);
        }

        if (before == null && table.Columns.ContainsKey("createdby"))
        {
            values["createdby"] = new EntityReference("systemuser", user.Id);
        }

        Complete(table, values, given, before == null);
        var rule = rules.Of(table.Name);
        rule.Complete(draft.Rows, values, given.Keys, before == null);
        rule.Check(draft.Rows, given);
        return draft.Put(table.Name, id, values.ToImmutable());
    }

    // Microsoft Learn: security role access: linking a row needs Append on it and AppendTo on the row it is linked to.
    private void Append(LocalUser user, Table table, Table target)
    {
        var needed = table.Operations.Contains("append");
        if (needed)
        {
            user.RequireOn(table, "Append");
        }

        if (needed || rules.Of(target.Name).IsGuarded)
        {
            user.RequireOn(target, "AppendTo");
        }
    }

    private void Complete(
        Table table, ImmutableDictionary<string, object>.Builder values, IReadOnlyDictionary<string, object?> given,
        bool isNew)
    {
        var now = organization.UtcNow;
        foreach (var column in table.Columns.Values)
        {
            if (isNew && column.Default is { } value && !values.ContainsKey(column.Name))
            {
                values[column.Name] =
                    column.Type == ColumnType.Boolean ? value == 1 : ColumnValue.Check(table, column, value);
            }

            if (column.Required && !values.ContainsKey(column.Name))
            {
                throw Refusal.Invalid($"Required field '{column.Name}' is missing");
            }

            if (column.Name == "modifiedon" || (column.Name == "createdon" && isNew))
            {
                values[column.Name] = now;
            }
        }

        if (table.Columns.TryGetValue("statuscode", out var status) && status.States.Count > 0)
        {
            Status(table, status, values, given, isNew);
        }
    }

    // Microsoft Learn: define status reason transitions: a status reason belongs to one state; a state without one
    // takes its first.
    private static void Status(
        Table table, Column status, ImmutableDictionary<string, object>.Builder values,
        IReadOnlyDictionary<string, object?> given, bool isNew)
    {
        var state = ((OptionSetValue)values["statecode"]).Value;
        if (!given.ContainsKey("statuscode") && (isNew || given.ContainsKey("statecode")))
        {
            values["statuscode"] = new OptionSetValue(status.Choices[status.States.ToList().IndexOf(state)]);
        }

        var reason = ((OptionSetValue)values["statuscode"]).Value;
        if (status.States[status.Choices.ToList().IndexOf(reason)] != state)
        {
            // InvalidStatusCodeForState
            throw new DataverseException(
                0x80048408, 400, $"{reason} is not a valid status code for state code {state} on {table.Name}.");
        }
    }
}
