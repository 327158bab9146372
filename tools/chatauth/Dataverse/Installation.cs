using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Keys;
using ChatAuth.Plugins;

namespace ChatAuth.Dataverse;

/// <summary>What an environment has besides the solution: one secure configuration and the two steps that read it.</summary>
/// <remarks>
/// No solution can carry them (Microsoft Learn, custom-api: the main operation gets no configuration; secure configuration is never
/// exported). Their ids are fixed, so that a command finds what an earlier one made.
/// </remarks>
internal static class Installation
{
    private static readonly Guid SecureConfigurationId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10");
    private static readonly Guid IssueChatTokenStepId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11");
    private static readonly Guid GetPublicKeysStepId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c12");

    /// <summary>Id of the environment's organization, for which its keys are made.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<Guid> OrganizationIdAsync(WebApi dataverse, CancellationToken cancellation) =>
        (await dataverse.GetAsync("WhoAmI", cancellation))["OrganizationId"]!.GetValue<Guid>();

    /// <summary>Puts keys into the environment's secure configuration.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task CreateSecureConfigurationAsync(WebApi dataverse, KeyFile keys, CancellationToken cancellation)
    {
        Guid organization = await OrganizationIdAsync(dataverse, cancellation);
        await dataverse.PostAsync(
            "sdkmessageprocessingstepsecureconfigs",
            new JsonObject
            {
                ["sdkmessageprocessingstepsecureconfigid"] = SecureConfigurationId,
                ["secureconfig"] = keys.Write(organization),
            },
            cancellation);
    }

    /// <summary>Creates both steps, enabled, on the secure configuration.</summary>
    /// <param name="dataverse">As a user who may register steps.</param>
    /// <param name="settings">The settings, JSON.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5004 the solution is not there; 5001, 5002.</exception>
    public static async Task CreateStepsAsync(WebApi dataverse, string settings, CancellationToken cancellation)
    {
        await CreateStepAsync(dataverse, IssueChatTokenStepId, IssueChatToken.Api.UniqueName, typeof(IssueChatToken), settings, cancellation);
        await CreateStepAsync(dataverse, GetPublicKeysStepId, GetPublicKeys.Api.UniqueName, typeof(GetPublicKeys), null, cancellation);
    }

    private static async Task CreateStepAsync(WebApi dataverse, Guid id, string message, Type plugin, string? settings, CancellationToken cancellation)
    {
        Guid messageId = await IdAsync(dataverse, "sdkmessages", "sdkmessageid", "name", message, cancellation);
        Guid pluginTypeId = await IdAsync(dataverse, "plugintypes", "plugintypeid", "typename", plugin.FullName!, cancellation);

        // Columns: facts section 1, the step row for the Web API.
        await dataverse.PostAsync(
            "sdkmessageprocessingsteps",
            new JsonObject
            {
                ["sdkmessageprocessingstepid"] = id,
                ["name"] = "ChatAuth: " + message,
                ["mode"] = 0,
                ["stage"] = 40,
                ["rank"] = 1,
                ["supporteddeployment"] = 0,
                ["invocationsource"] = 0,
                ["asyncautodelete"] = false,
                ["configuration"] = settings,
                ["sdkmessageid@odata.bind"] = $"/sdkmessages({messageId:D})",
                ["eventhandler_plugintype@odata.bind"] = $"/plugintypes({pluginTypeId:D})",
                ["sdkmessageprocessingstepsecureconfigid@odata.bind"] = $"/sdkmessageprocessingstepsecureconfigs({SecureConfigurationId:D})",
            },
            cancellation);
    }

    private static async Task<Guid> IdAsync(WebApi dataverse, string set, string id, string column, string value, CancellationToken cancellation)
    {
        JsonObject found = await dataverse.GetAsync($"{set}?$select={id}&$filter={column} eq '{value}'", cancellation);
        return found["value"]?.AsArray().SingleOrDefault()?[id]?.GetValue<Guid>() ?? throw new CommandException(Errors.ComponentMissing(value));
    }
}
