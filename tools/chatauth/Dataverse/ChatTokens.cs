using System.Text.Json.Nodes;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Dataverse;

/// <summary>The two custom APIs, called as a portal's back end calls them.</summary>
internal static class ChatTokens
{
    /// <summary>Asks for a token.</summary>
    /// <param name="dataverse">As an application user that the settings list as a caller.</param>
    /// <param name="contactId">The visitor's contact; null when nobody is signed in.</param>
    /// <param name="contextVariables">A JSON object of request variables, as the visitor's page sent it; or
    /// null.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>A compact JWS.</returns>
    /// <exception cref="CommandException">The plug-in's own code; 5005 no step serves the API; 5001, 5002.</exception>
    public static async Task<string> IssueAsync(
        WebApi dataverse, Guid? contactId, string? contextVariables, CancellationToken cancellation)
    {
        JsonObject parameters = [];
        if (contactId != null)
        {
            parameters["ContactId"] = contactId;
        }

        if (contextVariables != null)
        {
            parameters["ContextVariables"] = contextVariables;
        }

        return await TextAsync(dataverse, CustomApi.IssueChatToken.UniqueName, "Token", parameters, cancellation);
    }

    /// <summary>Asks for the public keys.</summary>
    /// <param name="dataverse">As any user.</param>
    /// <param name="format">KeySet, Jwks, Pem or SigningKeyId.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">As <see cref="IssueAsync"/>.</exception>
    public static Task<string> PublicKeysAsync(WebApi dataverse, string format, CancellationToken cancellation) =>
        TextAsync(dataverse, CustomApi.GetPublicKeys.UniqueName, format, [], cancellation);

    /// <summary>Asks for the public keys and for the one that signs.</summary>
    /// <param name="dataverse">As any user.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The key set, and the kid of the key that signs; empty for none.</returns>
    /// <exception cref="CommandException">As <see cref="IssueAsync"/>.</exception>
    public static async Task<(string KeySet, string SigningKeyId)> KeySetAsync(
        WebApi dataverse, CancellationToken cancellation)
    {
        string api = CustomApi.GetPublicKeys.UniqueName;
        JsonObject? response = await dataverse.PostAsync(api, [], cancellation);
        return (Text(response, "KeySet", api), response?.Column<string>("SigningKeyId") ?? string.Empty);
    }

    private static async Task<string> TextAsync(
        WebApi dataverse, string api, string property, JsonObject parameters, CancellationToken cancellation) =>
        Text(await dataverse.PostAsync(api, parameters, cancellation), property, api);

    // Without a step Dataverse answers with each type's default (Microsoft Learn, custom-api).
    private static string Text(JsonObject? response, string property, string api) =>
        response?.Column<string>(property) is { Length: > 0 } text ? text
            : throw new CommandException(Errors.NoStep(api));
}
