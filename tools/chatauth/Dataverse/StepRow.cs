using System.Text.Json.Nodes;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Dataverse;

/// <summary>One of the two steps: which message it serves, with which plug-in type, under which fixed id.</summary>
/// <param name="Id">Id of the row.</param>
/// <param name="Message">The custom API.</param>
/// <param name="Plugin">Name of the plug-in type.</param>
internal sealed record ChatAuthStep(Guid Id, string Message, string Plugin)
{
    /// <summary>Issues tokens; it alone reads the settings.</summary>
    public static readonly ChatAuthStep IssueToken = new(
        new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11"),
        CustomApi.IssueChatToken.UniqueName,
        "ChatAuth.Plugins.IssueChatToken");

    /// <summary>Publishes the public keys.</summary>
    public static readonly ChatAuthStep PublishKeys = new(
        new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c12"),
        CustomApi.GetPublicKeys.UniqueName,
        "ChatAuth.Plugins.GetPublicKeys");

    /// <summary>Its address below the service root.</summary>
    public string Path => $"{StepRow.Set}({Id:D})";
}

/// <summary>What a step is to be.</summary>
/// <param name="Configuration">The (unsecure) configuration; null for none.</param>
/// <param name="Description">The mark of the keys it has been touched for.</param>
/// <param name="Enabled">Whether it serves its message.</param>
internal sealed record StepColumns(string? Configuration, string? Description, bool Enabled);

/// <summary>The row of a step, as it was read or written last.</summary>
/// <param name="Step">Which.</param>
/// <param name="ETag">Its version; null when Dataverse keeps none.</param>
/// <param name="Columns">What it is.</param>
/// <param name="IsBound">Whether it reads the row of the keys.</param>
internal sealed record StepRow(ChatAuthStep Step, string? ETag, StepColumns Columns, bool IsBound)
{
    /// <summary>The entity set.</summary>
    public const string Set = "sdkmessageprocessingsteps";

    /// <summary>When the steps run among others of their message; what runs later has the last word.</summary>
    public const int Rank = 1;

    /// <summary>Name of the plug-in assembly.</summary>
    public const string Assembly = "ChatAuth.Plugins";

    /// <summary>The fact where two assemblies have the name, as those of two versions may.</summary>
    public const string AssemblyTwice = Assembly + " is there twice, and one of the two is somebody else's";

    private const string IdColumn = "sdkmessageprocessingstepid";
    private const string KeyBinding = "sdkmessageprocessingstepsecureconfigid@odata.bind";

    /// <summary>The row; null when it is not there.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<StepRow?> ReadAsync(WebApi dataverse, ChatAuthStep step, CancellationToken cancellation)
    {
        JsonObject? row = await dataverse.FindAsync(
            $"{Set}?$select=configuration,description,statecode,_sdkmessageprocessingstepsecureconfigid_value"
                + $"&$filter={IdColumn} eq {step.Id:D}",
            cancellation);
        return row == null ? null : new StepRow(
            step,
            row.Column<string>("@odata.etag"),
            new StepColumns(row.Column<string>("configuration"), row.Column<string>("description"),
                row.Required<int>("statecode") == 0),
            row.Column<string>("_sdkmessageprocessingstepsecureconfigid_value") == KeyRow.Id);
    }

    /// <summary>Creates the row on the row of the keys.</summary>
    /// <exception cref="CommandException">5004 the solution is not there; 5006 another command has made it; 5001,
    /// 5002.</exception>
    public static async Task<StepRow> CreateAsync(
        WebApi dataverse, ChatAuthStep step, StepColumns columns, CancellationToken cancellation)
    {
        JsonObject body = Body(columns);
        await RegisterAsync(dataverse, body, step, "ChatAuth: " + step.Message, Rank, cancellation);
        return new StepRow(
            step, await dataverse.CreateAsync($"{Set}?$select={IdColumn}", body, cancellation), columns, true);
    }

    /// <summary>
    /// Adds to a new row what registers it: synchronous, PostOperation, on the message of its custom API.
    /// </summary>
    /// <exception cref="CommandException">5004 the solution is not there; 5001, 5002.</exception>
    public static async Task RegisterAsync(
        WebApi dataverse, JsonObject body, ChatAuthStep step, string name, int rank, CancellationToken cancellation)
    {
        Guid messageId = await MessageIdAsync(dataverse, step, cancellation);
        Guid[] types =
        [
            .. (await PluginTypesAsync(dataverse, cancellation))
                .Where(type => type.Value == step.Plugin).Select(type => type.Key),
        ];
        Guid pluginTypeId = types.Length == 1 ? types[0]
            : throw new CommandException(
                types.Length == 0 ? Errors.ComponentMissing(step.Plugin) : Errors.AssemblyDiffers(AssemblyTwice));

        // Columns: facts section 1, the step row for the Web API.
        body[IdColumn] = step.Id;
        body["name"] = name;
        body["mode"] = 0;
        body["stage"] = 40;
        body["rank"] = rank;
        body["supporteddeployment"] = 0;
        body["invocationsource"] = 0;
        body["asyncautodelete"] = false;
        body["sdkmessageid@odata.bind"] = $"/sdkmessages({messageId:D})";
        body["eventhandler_plugintype@odata.bind"] = $"/plugintypes({pluginTypeId:D})";
    }

    /// <summary>The plug-in types of the product: name by id.</summary>
    /// <remarks>Whoever may register plug-ins may give a type of theirs one of these names; it is not handed the keys.
    /// </remarks>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyDictionary<Guid, string>> PluginTypesAsync(
        WebApi dataverse, CancellationToken cancellation)
    {
        string names = OData.AnyOf(
            [$"typename eq '{ChatAuthStep.IssueToken.Plugin}'", $"typename eq '{ChatAuthStep.PublishKeys.Plugin}'"]);
        IEnumerable<JsonObject> types = await dataverse.ListAsync(
            $"plugintypes?$select=typename,_pluginassemblyid_value&$filter={names}", cancellation);
        if (types.Count() > 2)
        {
            HashSet<Guid?> own =
            [
                .. (await dataverse.ListAsync(
                    $"pluginassemblies?$select=name&$filter=name eq '{Assembly}'", cancellation))
                    .Select(row => row.Required<Guid>("pluginassemblyid")),
            ];
            types = types.Where(type => own.Contains(type.Column<Guid?>("_pluginassemblyid_value")));
        }

        return types.ToDictionary(
            type => type.Required<Guid>("plugintypeid"), type => type.Required<string>("typename"));
    }

    /// <summary>The id that the environment gives the message of a step.</summary>
    /// <exception cref="CommandException">5004 the solution is not there; 5001, 5002.</exception>
    public static async Task<Guid> MessageIdAsync(
        WebApi dataverse, ChatAuthStep step, CancellationToken cancellation) =>
        (await dataverse.FindAsync(
            $"sdkmessages?$select=sdkmessageid&$filter=name eq '{step.Message}'", cancellation))
            ?.Column<Guid?>("sdkmessageid")
            ?? throw new CommandException(Errors.ComponentMissing(step.Message));

    /// <summary>
    /// Changes the row, if nobody has changed it since it was read; cached instances of the plug-in end with that.
    /// </summary>
    /// <exception cref="CommandException">5006 somebody has; 5001, 5002.</exception>
    public async Task<StepRow> WriteAsync(WebApi dataverse, StepColumns columns, CancellationToken cancellation) =>
        new(
            Step,
            await dataverse.PatchAsync(
                $"{Step.Path}?$select={IdColumn}",
                ETag,
                Body(columns),
                async () => (await ReadAsync(dataverse, Step, cancellation))?.Columns == Columns,
                cancellation),
            columns,
            true);

    /// <summary>
    /// Enables or disables the step and nothing else, which stays allowed where unmanaged customizations are blocked
    /// (Microsoft Learn, block unmanaged customizations); cached instances of the plug-in end with that too.
    /// </summary>
    /// <exception cref="CommandException">5006 somebody has changed the row; 5001, 5002.</exception>
    public async Task<StepRow> SwitchAsync(WebApi dataverse, bool enabled, CancellationToken cancellation) => this with
    {
        ETag = await dataverse.PatchAsync(
            $"{Step.Path}?$select={IdColumn}",
            ETag,
            new JsonObject { ["statecode"] = enabled ? 0 : 1, ["statuscode"] = enabled ? 1 : 2 },
            async () => (await ReadAsync(dataverse, Step, cancellation))?.Columns == Columns,
            cancellation),
        Columns = Columns with { Enabled = enabled },
    };

    /// <summary>Deletes the row, if nobody has changed it since it was read.</summary>
    /// <exception cref="CommandException">5006 somebody has; 5001, 5002.</exception>
    public async Task DeleteAsync(WebApi dataverse, CancellationToken cancellation)
    {
        try
        {
            await dataverse.DeleteAsync(Step.Path, cancellation, ETag);
        }
        catch (WebApiException refusal) when (refusal.DataverseCode == DataverseCode.OptimisticConcurrencyNotEnabled)
        {
            await dataverse.DeleteAsync(Step.Path, cancellation);
        }
    }

    private static JsonObject Body(StepColumns columns) => new()
    {
        ["configuration"] = columns.Configuration,
        ["description"] = columns.Description,
        ["statecode"] = columns.Enabled ? 0 : 1,
        ["statuscode"] = columns.Enabled ? 1 : 2,
        [KeyBinding] = "/" + KeyRow.Path,
    };
}
