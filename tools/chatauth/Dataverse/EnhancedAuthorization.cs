using System.Text.Json.Nodes;

namespace ChatAuth.Dataverse;

/// <summary>
/// Which sites act on Dataverse as the system user of their visitor, by impersonation, and not as their application
/// user.
/// </summary>
/// <remarks>
/// Source: Microsoft Learn, Power Pages, unify-pages-security-with-dataverse (preview); the switch is the choice
/// enhancedauthorization of the powerpagesite table reference: 0 disabled, 1 migration in progress, 2 migration failed,
/// 3 enabled. Environments whose portal solutions are older have no such column, and none without Power Pages has the
/// table.
/// </remarks>
internal static class EnhancedAuthorization
{
    private const string Column = "enhancedauthorization";

    private const int Off = 0;
    private const int Migrating = 1;
    private const int Failed = 2;

    /// <summary>
    /// The ids of the sites that have it on (true) or are being moved to it (false); null where the platform does not
    /// have it.
    /// </summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyDictionary<Guid, bool>?> SitesAsync(
        WebApi dataverse, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<JsonObject>? sites =
                await dataverse.ListIfKnownAsync("powerpagesites?$select=" + Column, cancellation);
            return sites?.Select(site => (
                    Id: site.Required<Guid>("powerpagesiteid"), State: site.Column<int?>(Column) ?? Off))
                .Where(site => site.State is not (Off or Failed))
                .ToDictionary(site => site.Id, site => site.State != Migrating);
        }
        catch (WebApiException refusal) when (refusal.DataverseCode == DataverseCode.UnknownProperty)
        {
            return null;
        }
    }
}
