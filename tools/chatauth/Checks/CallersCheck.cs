using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether every caller is an application user that may read what its tokens are made of.</summary>
/// <remarks>
/// Source: Microsoft Learn, security-access-coding: RetrieveUserPrivilegeByPrivilegeName counts the roles of teams too.
/// A site that connects without application id has nothing to look up.
/// </remarks>
internal sealed class CallersCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "callers";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        CallerNeeds[] callers = [.. CallerNeeds.Of(examination.Settings).Where(caller => caller.ApplicationId != null)];
        if (callers.Length == 0)
        {
            yield break;
        }

        IReadOnlyList<TableDefinition> tables =
            await TableDefinition.ListAsync(examination, callers.SelectMany(caller => caller.Tables));
        foreach (CallerNeeds caller in callers)
        {
            string application = caller.ApplicationId!.Value.ToString("D");
            if (await examination.ListAsync(
                    $"systemusers?$select=isdisabled&$filter=applicationid eq {application}") is not [var user, ..])
            {
                yield return Errors.CallerUnknown(application);
                continue;
            }

            if (user.Column<bool?>("isdisabled") == true)
            {
                yield return Errors.CallerDisabled(application);
            }

            Guid userId = user.Required<Guid>("systemuserid");
            foreach (TableDefinition table in tables.Where(table => caller.Tables.Contains(table.Name)))
            {
                if (table.ReadPrivilege is { } privilege && !await HoldsAsync(examination, userId, privilege))
                {
                    yield return Errors.CallerLacksPrivilege(application, privilege);
                }
            }
        }
    }

    private static async Task<bool> HoldsAsync(Examination examination, Guid user, string privilege)
    {
        JsonObject answer = await examination.Dataverse.GetAsync(
            $"systemusers({user:D})/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName"
                + $"(PrivilegeName='{privilege}')",
            examination.Cancellation);
        return answer.Rows("RolePrivileges").Count > 0;
    }
}
