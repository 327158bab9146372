using System.Text.Json.Nodes;

namespace ChatAuth.Dataverse;

/// <summary>The user as whom a command runs, and the organization (Microsoft Learn, WhoAmI function).</summary>
/// <param name="UserId">Id of the system user.</param>
/// <param name="OrganizationId">Id of the organization.</param>
internal sealed record WhoAmI(Guid UserId, Guid OrganizationId)
{
    private const string OrganizationProperty = "OrganizationId";
    private const string UserProperty = "UserId";

    /// <summary>Asks the environment.</summary>
    /// <exception cref="CommandException">5001, 5002, 5014.</exception>
    public static async Task<WhoAmI> ReadAsync(WebApi dataverse, CancellationToken cancellation)
    {
        JsonObject answer = await dataverse.GetAsync("WhoAmI", cancellation);
        return new WhoAmI(answer.Required<Guid>(UserProperty), answer.Required<Guid>(OrganizationProperty));
    }

    /// <summary>Application id of the user; null for a person.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task<Guid?> ApplicationIdAsync(WebApi dataverse, CancellationToken cancellation)
    {
        JsonObject user = await dataverse.GetAsync($"systemusers({UserId:D})?$select=applicationid", cancellation);
        return user.Column<Guid?>("applicationid");
    }
}
