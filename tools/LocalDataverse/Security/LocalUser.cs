using System.Collections.Frozen;
using ChatAuth.LocalDataverse.Metadata;

namespace ChatAuth.LocalDataverse.Security;

/// <summary>A user of the organization with the bearer token that stands for its sign-in.</summary>
/// <param name="Id">Id of the systemuser row.</param>
/// <param name="Name">Full name.</param>
/// <param name="Token">Bearer token; the stand-in's replacement for Entra.</param>
/// <param name="Privileges">Privilege names, all organization-wide; null for a system administrator, who has every
/// one.</param>
/// <param name="ApplicationId">Application (client) id, null for a person.</param>
/// <param name="ObjectId">Entra object id.</param>
/// <param name="IsPortalsClient">Whether it is a Power Pages site, whose calls name their visitor's contact.</param>
/// <param name="SiteId">Its powerpagesite row; null when it has none, or is no site.</param>
internal sealed record LocalUser(
    Guid Id, string Name, string Token, IReadOnlySet<string>? Privileges, Guid? ApplicationId, Guid ObjectId,
    bool IsPortalsClient, Guid? SiteId = null)
{
    /// <summary>The name: a record would print its token too.</summary>
    public override string ToString() => Name;

    /// <summary>Whether it holds the role System Administrator.</summary>
    public bool IsAdministrator => Privileges == null;

    /// <summary>This user as whom another one acts.</summary>
    /// <remarks>
    /// Microsoft Learn: impersonate another user: what counts is the intersection of both users' privileges.
    /// </remarks>
    public LocalUser ImpersonatedBy(LocalUser other) => this with
    {
        Privileges = Privileges == null ? other.Privileges
            : other.Privileges == null ? Privileges
            : Privileges.Intersect(other.Privileges).ToFrozenSet(StringComparer.Ordinal),
    };

    /// <summary>Ensures that the user holds a privilege; never granted otherwise.</summary>
    /// <remarks>
    /// Message as Dataverse words it (PrivilegeDenied), without the counts that this stand-in does not have.
    /// </remarks>
    public void Require(string privilege, Table? table = null)
    {
        if (Privileges?.Contains(privilege) == false)
        {
            var entity = table == null ? string.Empty
                : FormattableString.Invariant($" on OTC={table.TypeCode} for entity '{table.Name}'");
            throw new DataverseException(
                0x80040220,
                403,
                $"Principal user (Id={Id:D}, type=8, AADObjectId='{ObjectId:D}'), is missing {privilege} "
                    + $"privilege{entity}. context.Caller={Id:D}. Consider adding missed privilege to one of the "
                    + "principal (user/team) roles.");
        }
    }

    /// <summary>
    /// Ensures the privilege for an operation (Create, Read, Write, Delete, Append, AppendTo) on a table.
    /// </summary>
    public void RequireOn(Table table, string operation) => Require($"prv{operation}{table.PrivilegeName}", table);
}
