using System.Text.Json.Nodes;
using ChatAuth.Settings;

namespace ChatAuth.Dataverse;

/// <summary>
/// The record of the chat authentication settings, which tells the chat service where keys and token are.
/// </summary>
/// <remarks>
/// Table and values: facts section 4. Creating it is reported to fail unless the key URL answers already.
/// </remarks>
/// <param name="Id">Id of the row.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Differences">What it says that the settings do not.</param>
/// <param name="Function">The function of the page that it names; null for none.</param>
internal sealed record AuthenticationRow(
    Guid Id, string? ETag, IReadOnlyList<Difference> Differences, string? Function)
{
    /// <summary>Whether it says what the settings say.</summary>
    public bool IsRight => Differences.Count == 0;

    private const string FunctionColumn = "msdyn_javascriptclientfunction";

    /// <summary>The id of the row that deploy makes; uninstall removes that one only.</summary>
    public static readonly Guid OwnId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c13");

    private const string Set = "msdyn_authenticationsettingses";
    private const string IdColumn = "msdyn_authenticationsettingsid";

    // OAuth 2.0 implicit flow, and the channel live chat.
    private const int ImplicitFlow = 192350000;
    private const int LiveChat = 192360000;

    /// <summary>The row of a name, or the one that deploy made under another; null when there is neither.</summary>
    /// <exception cref="CommandException">5001, 5002; 5013 there are several of that name.</exception>
    public static async Task<AuthenticationRow?> ReadAsync(
        WebApi dataverse, AuthenticationSettings settings, CancellationToken cancellation)
    {
        JsonObject body = Columns(settings);
        IReadOnlyList<JsonObject> rows = await dataverse.ListAsync(
            $"{Set}?$select={string.Join(',', body.Select(column => column.Key))}"
                + $"&$filter={IdColumn} eq {OwnId:D} or msdyn_name eq {OData.Literal(settings.Name)}",
            cancellation);
        JsonObject? row = rows switch
        {
            [] => null,
            [var only] => only,
            _ => rows.FirstOrDefault(own => own.Required<Guid>(IdColumn) == OwnId)
                ?? throw new CommandException(Errors.RowAmbiguous("chat authentication settings", settings.Name)),
        };
        if (row == null)
        {
            return null;
        }

        string? function = row.Column<string>(FunctionColumn);
        return new AuthenticationRow(
            row.Required<Guid>(IdColumn),
            row.Column<string>("@odata.etag"),
            [
                .. Columns(settings, function).Where(column => !JsonNode.DeepEquals(column.Value, row[column.Key]))
                    .Select(column => new Difference(
                        column.Key, row[column.Key]?.ToString(), column.Value?.ToString())),
            ],
            string.IsNullOrEmpty(function) ? null : function);
    }

    /// <summary>The records that read keys at an address: their name, it, and whether the record is the one of a name
    /// or deploy's; none where Dataverse has no such table.</summary>
    /// <param name="dataverse">The environment.</param>
    /// <param name="name">The name in the settings; null for none.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyList<(string Name, string Url, bool IsOurs)>> KeyUrlsAsync(
        WebApi dataverse, string? name, CancellationToken cancellation) =>
    [
        .. (await dataverse.ListIfKnownAsync($"{Set}?$select=msdyn_name,msdyn_publickeyurl", cancellation) ?? [])
            .Select(row => (
                row.Column<string>("msdyn_name") ?? string.Empty,
                row.Column<string>("msdyn_publickeyurl")?.Trim() ?? string.Empty,
                row.Required<Guid>(IdColumn) == OwnId || row.Column<string>("msdyn_name") == name)),
    ];

    /// <summary>Creates the row.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public static async Task<AuthenticationRow> CreateAsync(
        WebApi dataverse, AuthenticationSettings settings, CancellationToken cancellation)
    {
        JsonObject body = Columns(settings);
        body[IdColumn] = OwnId;
        return new AuthenticationRow(
            OwnId,
            await dataverse.CreateAsync($"{Set}?$select={IdColumn}", body, cancellation),
            [],
            body.Required<string>(FunctionColumn));
    }

    /// <summary>Makes the row say what the settings say.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public async Task<AuthenticationRow> WriteAsync(
        WebApi dataverse, AuthenticationSettings settings, CancellationToken cancellation) =>
        this with
        {
            ETag = await dataverse.PatchAsync(
                $"{Set}({Id:D})?$select={IdColumn}", ETag, Columns(settings, Function), null, cancellation),
            Differences = [],
            Function = settings.JavaScriptFunction ?? Function ?? AuthenticationSettings.UsualFunction,
        };

    /// <summary>Whether the row that deploy makes is there, and did not come with a managed solution.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<bool> IsOwnThereAsync(WebApi dataverse, CancellationToken cancellation) =>
        await dataverse.FindAsync(
            $"{Set}?$select={IdColumn}&$filter={IdColumn} eq {OwnId:D} and ismanaged eq false", cancellation) != null;

    /// <summary>Removes the row that deploy made.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static Task DeleteOwnAsync(WebApi dataverse, CancellationToken cancellation) =>
        dataverse.DeleteAsync($"{Set}({OwnId:D})", cancellation);

    /// <summary>The columns that say what the settings say.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="function">The function that the row names, which stays where the settings name none.</param>
    public static JsonObject Columns(AuthenticationSettings settings, string? function = null) => new()
    {
        ["msdyn_name"] = settings.Name,
        ["msdyn_publickeyurl"] = settings.PublicKeyUrl.OriginalString,
        [FunctionColumn] = settings.JavaScriptFunction
            ?? (string.IsNullOrEmpty(function) ? AuthenticationSettings.UsualFunction : function),
        ["msdyn_authenticationtype"] = ImplicitFlow,
        ["msdyn_ocauthchanneltype"] = LiveChat,
    };
}
