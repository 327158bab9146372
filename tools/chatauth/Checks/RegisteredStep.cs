using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Probing;

namespace ChatAuth.Checks;

/// <summary>A step that has to do with the two messages, the product's plug-in or its keys.</summary>
/// <param name="Id">Id of the row.</param>
/// <param name="Name">Its name.</param>
/// <param name="Message">The custom API it is registered on; null for another message.</param>
/// <param name="Stage">10, 20 or 40.</param>
/// <param name="IsSynchronous">Whether the caller waits for it.</param>
/// <param name="IsEnabled">Whether it runs.</param>
/// <param name="Plugin">Name of the product's plug-in type that it runs; null for another.</param>
/// <param name="ReadsKeys">Whether it is bound to the row of the keys.</param>
internal sealed record RegisteredStep(
    Guid Id,
    string Name,
    string? Message,
    int Stage,
    bool IsSynchronous,
    bool IsEnabled,
    string? Plugin,
    bool ReadsKeys)
{
    // Microsoft Learn, event framework: PostOperation.
    private const int PostOperation = 40;

    /// <summary>The two steps of this product.</summary>
    public static IReadOnlyList<ChatAuthStep> Own { get; } = [ChatAuthStep.IssueToken, ChatAuthStep.PublishKeys];

    /// <summary>Whether it is one of the two steps of this product, or of its probe.</summary>
    public bool IsOwn => Own.Any(own => own.Id == Id) || IsOfProbe;

    /// <summary>Whether a probe made it; one that was killed leaves it until the next deploy.</summary>
    public bool IsOfProbe => Id == ProbeRows.IssueToken.Id || Id == ProbeRows.PublishKeys.Id;

    /// <summary>What keeps it from being one of the two steps as deploy registers it; none for nothing.</summary>
    /// <param name="step">Which.</param>
    public IEnumerable<string> FaultsAs(ChatAuthStep step)
    {
        if (Message != step.Message)
        {
            yield return "is registered on another message";
        }

        if (Stage != PostOperation || !IsSynchronous)
        {
            yield return "is not registered synchronously on the stage PostOperation";
        }

        if (Plugin != step.Plugin)
        {
            yield return "runs another plug-in";
        }
    }

    /// <summary>
    /// The steps that somebody registered by hand before any deploy: enabled, one for each message, with its plug-in.
    /// </summary>
    /// <param name="registered">Every step.</param>
    public static IReadOnlyList<RegisteredStep> ByHand(IReadOnlyList<RegisteredStep> registered)
    {
        RegisteredStep[] made =
        [
            .. registered.Where(step => !step.IsOwn && step.IsEnabled
                && Own.Any(own => step.Plugin == own.Plugin && step.Message == own.Message)),
        ];
        return registered.Any(step => Own.Any(own => own.Id == step.Id))
            || made.Select(step => step.Message).Distinct().Count() < Own.Count ? [] : made;
    }

    /// <summary>
    /// Reads the steps: those on the two messages, those that run the product's plug-in or read its keys, and the two
    /// wherever they are.
    /// </summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyList<RegisteredStep>> ListAsync(
        WebApi dataverse, CancellationToken cancellation)
    {
        IReadOnlyList<JsonObject> named = await dataverse.ListAsync(
            "sdkmessages?$select=name&$filter=" + OData.AnyOf(Own.Select(step => $"name eq '{step.Message}'")),
            cancellation);
        Dictionary<Guid, string> messages = named.ToDictionary(
            row => row.Required<Guid>("sdkmessageid"), row => row.Required<string>("name"));
        IReadOnlyDictionary<Guid, string> plugins = await StepRow.PluginTypesAsync(dataverse, cancellation);
        string filter = OData.AnyOf([
            .. Own.Select(step => $"sdkmessageprocessingstepid eq {step.Id:D}"),
            .. messages.Keys.Select(id => $"_sdkmessageid_value eq {id:D}"),
            .. plugins.Keys.Select(id => $"_eventhandler_value eq {id:D}"),
            $"_sdkmessageprocessingstepsecureconfigid_value eq {KeyRow.Id}",
        ]);
        IReadOnlyList<JsonObject> rows = await dataverse.ListAsync(
            $"{StepRow.Set}?$select=name,stage,mode,statecode,_sdkmessageid_value,_eventhandler_value,"
                + $"_sdkmessageprocessingstepsecureconfigid_value&$filter={filter}",
            cancellation);
        return [.. rows.Select(row => new RegisteredStep(
            row.Required<Guid>("sdkmessageprocessingstepid"),
            row.Column<string>("name") ?? "without name",
            row.Column<Guid?>("_sdkmessageid_value") is { } message ? messages.GetValueOrDefault(message) : null,
            row.Required<int>("stage"),
            row.Required<int>("mode") == 0,
            row.Required<int>("statecode") == 0,
            row.Column<Guid?>("_eventhandler_value") is { } type ? plugins.GetValueOrDefault(type) : null,
            row.Column<string>("_sdkmessageprocessingstepsecureconfigid_value") == KeyRow.Id))];
    }
}
