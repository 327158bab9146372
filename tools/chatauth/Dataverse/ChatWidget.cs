using System.Text.Json.Nodes;

namespace ChatAuth.Dataverse;

/// <summary>A chat widget and the chat authentication settings that it uses.</summary>
/// <param name="Id">Id of the row.</param>
/// <param name="Name">As the settings file names it.</param>
/// <param name="ETag">Its version.</param>
/// <param name="AuthenticationId">Its chat authentication settings; null for none.</param>
internal sealed record ChatWidget(Guid Id, string Name, string? ETag, Guid? AuthenticationId)
{
    private const string Set = "msdyn_livechatconfigs";
    private const string IdColumn = "msdyn_livechatconfigid";
    private const string LookupValue = "_msdyn_authsettingsid_value";

    // The first is what one community report binds by, the second the column's logical name (facts, section 4).
    private static readonly string[] Bindings = ["msdyn_AuthsettingsId@odata.bind", "msdyn_authsettingsid@odata.bind"];

    /// <summary>The widget of a name or id.</summary>
    /// <exception cref="CommandException">5012 there is none, 5013 there are several; 5001, 5002.</exception>
    public static async Task<ChatWidget> ReadAsync(WebApi dataverse, string name, CancellationToken cancellation)
    {
        string filter = Guid.TryParse(name, out Guid id) ? $"{IdColumn} eq {id:D}"
            : "msdyn_name eq " + OData.Literal(name);
        return await dataverse.ListAsync($"{Set}?$select={LookupValue}&$filter={filter}", cancellation) switch
        {
            [var row] => new ChatWidget(
                row[IdColumn]!.GetValue<Guid>(),
                name,
                row["@odata.etag"]?.GetValue<string>(),
                row[LookupValue]?.GetValue<Guid>()),
            [] => throw new CommandException(Errors.RowNotFound("chat widget", name)),
            _ => throw new CommandException(Errors.RowAmbiguous("chat widget", name)),
        };
    }

    /// <summary>Lets the widget use chat authentication settings, or none.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public async Task LinkAsync(WebApi dataverse, Guid? authenticationId, CancellationToken cancellation)
    {
        try
        {
            await PatchAsync(dataverse, Bindings[0], authenticationId, cancellation);
        }
        catch (WebApiException refusal) when (refusal.DataverseCode == DataverseCode.InvalidPayload)
        {
            await PatchAsync(dataverse, Bindings[1], authenticationId, cancellation);
        }
    }

    private Task<string?> PatchAsync(
        WebApi dataverse, string binding, Guid? authenticationId, CancellationToken cancellation) =>
        dataverse.PatchAsync(
            $"{Set}({Id:D})?$select={IdColumn}",
            ETag,
            new JsonObject
            {
                [binding] = authenticationId is { } id ? $"/msdyn_authenticationsettingses({id:D})" : null,
            },
            null,
            cancellation);
}
