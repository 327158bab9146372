using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Requests that read no rows: table definitions, and the privileges of a user.</summary>
/// <remarks>
/// Sources: Microsoft Learn, query table definitions using the Web API; RetrieveUserPrivilegeByPrivilegeName function,
/// with its answer in security-access-coding. Who but an administrator may ask is not known, so nobody else may.
/// </remarks>
internal sealed partial class FunctionRequests(Users users, Guid businessUnit)
{
    /// <summary>Answers a request whose path is one of these; null when it is another.</summary>
    public WebAnswer? Answer(WebRequest request, Caller caller)
    {
        Func<WebAnswer>? answer =
            request.Path == "EntityDefinitions" ? () => Tables(request)
            : Attributes().Match(request.Path) is { Success: true } columns
                ? () => Columns(request, columns.Groups[1].Value)
            : Privilege().Match(request.Path) is { Success: true } privilege
                ? () => PrivilegeOf(request, Guid.Parse(privilege.Groups[1].Value), privilege.Groups[2].Value)
            : null;
        if (answer == null)
        {
            return null;
        }

        if (request.Method != "GET" || !caller.Initiating.IsAdministrator)
        {
            throw Refusal.NotKnown("requests for definitions and privileges other than an administrator's GET");
        }

        return answer();
    }

    private static WebAnswer Tables(WebRequest request)
    {
        Select(request, "LogicalName,Privileges", "$filter");
        var names = request.Query["$filter"].ToString().Split(" or ")
            .Select(term => Term().Match(term) is { Success: true } match ? match.Groups[1].Value
                : throw Refusal.NotKnown("this $filter on EntityDefinitions"))
            .ToHashSet(StringComparer.Ordinal);
        var tables = Schema.Known.Tables.Where(t => names.Contains(t.Name));
        return Set(request, "EntityDefinitions", tables, (json, table) =>
        {
            json.WriteString("LogicalName", table.Name);
            RowJson.Array(json, "Privileges", Schema.Operations, operation =>
            {
                json.WriteString("Name", $"prv{operation}{table.PrivilegeName}");
                json.WriteString("PrivilegeType", operation);
            });
        });
    }

    private static WebAnswer Columns(WebRequest request, string name)
    {
        Select(request, "LogicalName,IsSecured");
        var table = Schema.Known.Has(name) ? Schema.Known.Table(name)
            : throw Refusal.NotKnown("the columns of a table that is not there");
        return Set(request, $"EntityDefinitions('{name}')/Attributes", table.Columns.Values, (json, column) =>
        {
            json.WriteString("LogicalName", column.Name);
            json.WriteBoolean("IsSecured", column.IsSecured);
        });
    }

    private WebAnswer PrivilegeOf(WebRequest request, Guid id, string privilege)
    {
        request.AllowOptions();
        if (!Schema.Known.Privileges.Contains(privilege))
        {
            throw Refusal.NotKnown($"the privilege {privilege}");
        }

        var user = users.Get(id);
        var isHeld = user.IsAdministrator || user.Privileges!.Contains(privilege);
        return RowJson.Answer(
            request, $"{EdmModelOf.Namespace}.RetrieveUserPrivilegeByPrivilegeNameResponse",
            json => RowJson.Array(json, "RolePrivileges", isHeld ? [privilege] : (string[])[], name =>
            {
                json.WriteString("Depth", "Global");
                json.WriteString("BusinessUnitId", businessUnit);
                json.WriteString("PrivilegeName", name);
            }));
    }

    private static void Select(WebRequest request, string columns, params ReadOnlySpan<string> options)
    {
        request.AllowOptions([.. options, "$select"]);
        if (request.Query["$select"] != columns)
        {
            throw Refusal.NotKnown($"this $select of {request.Path}");
        }
    }

    private static WebAnswer Set<T>(
        WebRequest request, string context, IEnumerable<T> items, Action<Utf8JsonWriter, T> members) =>
        RowJson.Answer(request, context, json => RowJson.Array(json, "value", items, item => members(json, item)));

    [GeneratedRegex(@"^EntityDefinitions\(LogicalName='(\w+)'\)/Attributes$")]
    private static partial Regex Attributes();

    [GeneratedRegex(
        @"^systemusers\(([0-9a-fA-F-]{36})\)/"
        + @"Microsoft\.Dynamics\.CRM\.RetrieveUserPrivilegeByPrivilegeName\(PrivilegeName='(\w+)'\)$")]
    private static partial Regex Privilege();

    [GeneratedRegex(@"^LogicalName eq '(\w+)'$")]
    private static partial Regex Term();
}
