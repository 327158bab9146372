using System.Text.Json.Nodes;

namespace ChatAuth.Dataverse;

/// <summary>
/// Which sites act on Dataverse as the system user of their visitor, by impersonation, and not as their application
/// user.
/// </summary>
/// <remarks>
/// Source: Microsoft Learn, Power Pages, unify-pages-security-with-dataverse (preview); the switch is the column
/// enhancedauthorization of powerpagesite. Environments whose portal solutions are older have no such column, and none
/// without Power Pages has the table.
/// </remarks>
internal static class EnhancedAuthorization
{
    private const string Column = "enhancedauthorization";

    /// <summary>The ids of the sites that have it on; null where the platform does not have it.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlySet<Guid>?> SitesAsync(WebApi dataverse, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<JsonObject>? sites =
                await dataverse.ListIfKnownAsync("powerpagesites?$select=" + Column, cancellation);
            return sites?.Where(site => site[Column]?.ToString() is "true" or "1")
                .Select(site => site["powerpagesiteid"]!.GetValue<Guid>())
                .ToHashSet();
        }
        catch (WebApiException refusal) when (refusal.DataverseCode == DataverseCode.UnknownProperty)
        {
            return null;
        }
    }
}
