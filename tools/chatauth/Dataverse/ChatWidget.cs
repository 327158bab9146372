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

    // The navigation property, in its case: facts, section 4.
    private const string Binding = "msdyn_AuthsettingsId@odata.bind";

    /// <summary>The widget of a name or id.</summary>
    /// <exception cref="CommandException">5012 there is none, 5013 there are several; 5001, 5002.</exception>
    public static async Task<ChatWidget> ReadAsync(WebApi dataverse, string name, CancellationToken cancellation)
    {
        string filter = Guid.TryParse(name, out Guid id) ? $"{IdColumn} eq {id:D}"
            : "msdyn_name eq " + OData.Literal(name);
        return await dataverse.ListAsync($"{Set}?$select={LookupValue}&$filter={filter}", cancellation) switch
        {
            [var row] => new ChatWidget(
                row.Required<Guid>(IdColumn),
                name,
                row.Column<string>("@odata.etag"),
                row.Column<Guid?>(LookupValue)),
            [] => throw new CommandException(Errors.RowNotFound("chat widget", name)),
            _ => throw new CommandException(Errors.RowAmbiguous("chat widget", name)),
        };
    }

    /// <summary>The names of all widgets; none where the environment has no chat.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyList<string>> NamesAsync(WebApi dataverse, CancellationToken cancellation) =>
    [
        .. (await dataverse.ListIfKnownAsync(Set + "?$select=msdyn_name", cancellation) ?? [])
            .Select(row => row.Column<string>("msdyn_name")).OfType<string>(),
    ];

    /// <summary>Lets the widget use chat authentication settings, or none.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public Task LinkAsync(WebApi dataverse, Guid? authenticationId, CancellationToken cancellation) =>
        dataverse.PatchAsync(
            $"{Set}({Id:D})?$select={IdColumn}",
            ETag,
            new JsonObject
            {
                [Binding] = authenticationId is { } id ? $"/msdyn_authenticationsettingses({id:D})" : null,
            },
            null,
            cancellation);
}
