using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>A step on one of the two messages, or one of the two steps wherever it is.</summary>
/// <param name="Id">Id of the row.</param>
/// <param name="Name">Its name.</param>
/// <param name="Message">The custom API it is registered on; null for another message.</param>
/// <param name="Stage">10, 20 or 40.</param>
/// <param name="IsSynchronous">Whether the caller waits for it.</param>
/// <param name="IsEnabled">Whether it runs.</param>
/// <param name="PluginType">Id of the plug-in type or service endpoint.</param>
internal sealed record RegisteredStep(
    Guid Id, string Name, string? Message, int Stage, bool IsSynchronous, bool IsEnabled, Guid? PluginType)
{
    /// <summary>The two steps of this product.</summary>
    public static IReadOnlyList<ChatAuthStep> Own { get; } = [ChatAuthStep.IssueToken, ChatAuthStep.PublishKeys];

    /// <summary>Reads the steps.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyList<RegisteredStep>> ListAsync(Examination examination)
    {
        IReadOnlyList<JsonObject> found = await examination.ListAsync(
            "sdkmessages?$select=name&$filter=" + OData.AnyOf(Own.Select(step => $"name eq '{step.Message}'")));
        Dictionary<Guid, string> messages =
            found.ToDictionary(row => row["sdkmessageid"]!.GetValue<Guid>(), row => row["name"]!.GetValue<string>());
        string filter = OData.AnyOf([
            .. Own.Select(step => $"sdkmessageprocessingstepid eq {step.Id:D}"),
            .. messages.Keys.Select(id => $"_sdkmessageid_value eq {id:D}"),
        ]);
        IReadOnlyList<JsonObject> rows = await examination.ListAsync(
            $"{StepRow.Set}?$select=name,stage,mode,statecode,_sdkmessageid_value,_eventhandler_value"
                + $"&$filter={filter}");
        return [.. rows.Select(row => new RegisteredStep(
            row["sdkmessageprocessingstepid"]!.GetValue<Guid>(),
            row["name"]?.GetValue<string>() ?? "without name",
            row["_sdkmessageid_value"]?.GetValue<Guid>() is { } message ? messages.GetValueOrDefault(message) : null,
            row["stage"]!.GetValue<int>(),
            row["mode"]!.GetValue<int>() == 0,
            row["statecode"]!.GetValue<int>() == 0,
            row["_eventhandler_value"]?.GetValue<Guid>()))];
    }
}
