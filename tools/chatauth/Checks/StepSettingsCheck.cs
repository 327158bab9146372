using ChatAuth.Dataverse;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Json;
using ChatAuth.Settings;

namespace ChatAuth.Checks;

/// <summary>Whether the step's settings are those of the settings file, and such that the plug-in takes them.</summary>
internal sealed class StepSettingsCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "settings of the step";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        if (await examination.StepAsync(ChatAuthStep.IssueToken) is not { } step)
        {
            yield break; // the steps' own finding
        }

        long now = examination.Now.ToUnixTimeSeconds();
        foreach (MomentaryCaller caller in MomentaryCaller.In(step.Columns.Configuration)
            .Where(caller => caller.Until is not { } until || until > now))
        {
            yield return Errors.CallerForMoment(caller.User, caller.IsPlanted(now));
        }

        string? configuration = step.Columns.Configuration;
        if (RefusalOf(configuration) is { } refusal)
        {
            yield return HasNoCallers(configuration) ? Errors.CallersEmpty() : Errors.StepSettingsRefused(refusal);
        }
        else if (StepSettings.Differences(
            MomentaryCaller.Without(configuration), examination.Settings.StepConfiguration).ToArray()
            is { Length: > 0 } differences)
        {
            // Names only: values may have come from environment variables.
            yield return Errors.StepSettingsDiffer(
                string.Join(", ", differences.Select(difference => difference.What)));
        }
    }

    private static string? RefusalOf(string? configuration)
    {
        try
        {
            IssueSettings.Parse(configuration!);
            return null;
        }
        catch (ChatAuthException exception)
        {
            CodedError error = CodedError.Of(exception);
            return $"{error.Code}: {error.Clause}";
        }
    }

    private static bool HasNoCallers(string? configuration)
    {
        try
        {
            return JsonReader.Parse(configuration ?? string.Empty) is { Kind: JsonKind.Object } settings
                && settings["callers"] is null
                or { Kind: JsonKind.Object, Members.Count: 0 };
        }
        catch (JsonSyntaxException)
        {
            return false;
        }
    }
}
