using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Settings;

namespace ChatAuth.Checks;

/// <summary>Whether the chat authentication settings are right, and the widgets use them.</summary>
internal sealed class ChatCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "chat authentication settings";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.Authentication == null ? "the settings file has no \"authenticationSettings\"" : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        AuthenticationSettings settings = examination.Settings.Authentication!;
        AuthenticationRow? row =
            await AuthenticationRow.ReadAsync(examination.Dataverse, settings, examination.Cancellation);
        if (row == null)
        {
            yield return Errors.ChatSettingsMissing(settings.Name);
        }
        else if (!row.IsRight)
        {
            yield return Errors.ChatSettingsDiffer(settings.Name);
        }

        if ((settings.JavaScriptFunction ?? row?.Function) is { } function
            && !AuthenticationSettings.OfferedFunctions.Contains(function))
        {
            yield return Errors.FunctionNotOffered(
                function, string.Join(", ", AuthenticationSettings.OfferedFunctions));
        }

        foreach ((string name, string url, bool isOurs) in await AuthenticationRow.KeyUrlsAsync(
            examination.Dataverse, settings.Name, examination.Cancellation))
        {
            if (url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
                && (!Uri.TryCreate(url, UriKind.Absolute, out Uri? clear) || !SecureAddress.IsThisMachine(clear)))
            {
                yield return Errors.KeyUrlInClear(name, isOurs);
            }
        }

        foreach (string name in settings.Widgets)
        {
            if (await OfWidgetAsync(examination, name, row) is { } finding)
            {
                yield return finding;
            }
        }

        // No widget can choose a record that is not there yet.
        if (settings.Widgets.Count == 0 && row != null && !await IsUsedAsync(examination, row))
        {
            yield return Errors.ChatSettingsUnused(settings.Name);
        }
    }

    private static async Task<Finding?> OfWidgetAsync(Examination examination, string name, AuthenticationRow? row)
    {
        try
        {
            ChatWidget widget = await ChatWidget.ReadAsync(examination.Dataverse, name, examination.Cancellation);
            return widget.AuthenticationId == null || widget.AuthenticationId != row?.Id
                ? Errors.WidgetNotLinked(name) : null;
        }
        catch (CommandException exception) when (exception is not WebApiException)
        {
            return Finding.Of(exception.Errors[0]);
        }
    }

    private static async Task<bool> IsUsedAsync(Examination examination, AuthenticationRow row)
    {
        IReadOnlyList<JsonObject> widgets = await examination.ListAsync(
            "msdyn_livechatconfigs?$select=msdyn_livechatconfigid"
                + $"&$filter=_msdyn_authsettingsid_value eq {row.Id:D}&$top=1");
        return widgets.Count > 0;
    }
}
