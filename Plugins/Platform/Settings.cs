using System.Collections.Generic;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Platform;

/// <summary>The step's (unsecure) configuration as a JSON object.</summary>
internal static class Settings
{
    /// <summary>Reads the text.</summary>
    /// <param name="text">A JSON object; null or blank is no settings.</param>
    /// <param name="members">Every member it may have.</param>
    /// <exception cref="ChatAuthException">2001 no text, 2002 no JSON object, 2003 a member that is not known.</exception>
    internal static JsonValue Parse(string? text, HashSet<string> members)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Errors.SettingsMissing();
        }

        JsonValue settings;
        try
        {
            settings = JsonReader.Parse(text!);
        }
        catch (JsonSyntaxException exception)
        {
            throw Errors.SettingsNotJson(exception.Message);
        }

        if (settings.Kind != JsonKind.Object)
        {
            throw Errors.SettingsNotJson("another kind of value");
        }

        EnsureKnown(settings, members, "the settings");
        return settings;
    }

    /// <summary>Refuses a member that nothing reads: a misspelt one would silently be its default.</summary>
    /// <exception cref="ChatAuthException">2003.</exception>
    internal static void EnsureKnown(JsonValue settings, HashSet<string> members, string path)
    {
        for (var i = 0; i < settings.Members.Count; i++)
        {
            if (!members.Contains(settings.Members[i].Key))
            {
                throw Errors.SettingUnknown(path, i + 1);
            }
        }
    }
}
