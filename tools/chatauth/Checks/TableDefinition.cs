using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>A table as the environment defines it.</summary>
/// <remarks>Source: Microsoft Learn, query table definitions using the Web API. There is no paging.</remarks>
/// <param name="Name">Logical name.</param>
/// <param name="ReadPrivilege">Name of the privilege to read its rows; null for none.</param>
internal sealed record TableDefinition(string Name, string? ReadPrivilege)
{
    private const string NameProperty = "Name";

    /// <summary>The tables of those names that are there.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyList<TableDefinition>> ListAsync(
        Examination examination, IEnumerable<string> names)
    {
        string filter = OData.AnyOf(names.Distinct().Select(name => $"LogicalName eq '{name}'"));
        IReadOnlyList<JsonObject> found =
            await examination.ListAsync("EntityDefinitions?$select=LogicalName,Privileges&$filter=" + filter);
        return [.. found.Select(table => new TableDefinition(
            table.Required<string>("LogicalName"),
            table.Rows("Privileges")
                .FirstOrDefault(privilege => privilege.Required<string>("PrivilegeType") == "Read")
                ?.Column<string>(NameProperty)))];
    }

    /// <summary>Its columns, and whether column security guards each.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task<IReadOnlyDictionary<string, bool>> ColumnsAsync(Examination examination)
    {
        IReadOnlyList<JsonObject> columns = await examination.ListAsync(
            $"EntityDefinitions(LogicalName='{Name}')/Attributes?$select=LogicalName,IsSecured");
        return columns.ToDictionary(
            column => column.Required<string>("LogicalName"),
            column => column.Column<bool?>("IsSecured") == true);
    }
}
