using System;
using System.Collections.Generic;
using System.Globalization;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Json;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Plugins;

/// <summary>One caller's entry: how it names its visitors, and what its tokens say; immutable.</summary>
internal sealed class CallerSettings
{
    internal CallerSettings(ContactRule rule, TokenSettings token)
    {
        Rule = rule;
        Token = token;
    }

    /// <summary>How it names its visitors.</summary>
    internal ContactRule Rule { get; }

    /// <summary>What its tokens say.</summary>
    internal TokenSettings Token { get; }
}

/// <summary>
/// The settings of the step of <c>chatauth_IssueChatToken</c>: who may ask for tokens, and what they say; immutable.
/// </summary>
/// <remarks>
/// Names no type of Dataverse's SDK: <c>chatauth</c>, which has none, reads settings with this too. The callers are the
/// real fence: the Power Pages application user holds create, read and write on every table, so privileges restrain
/// nothing there (Microsoft Learn, power-pages admin/connectivity).
/// </remarks>
internal static class IssueSettings
{
    /// <summary>Every member.</summary>
    internal static readonly HashSet<string> Members = new HashSet<string>(TokenSettings.Members) { "callers" };

    /// <summary>How the key of an entry for a moment begins; a system user's id follows.</summary>
    internal const string UserPrefix = "user:";

    private static readonly HashSet<string> MembersOfEntry = new HashSet<string>(TokenSettings.Members) { "contact" };

    private static readonly HashSet<string> MembersForMoment = new HashSet<string>(MembersOfEntry) { "until" };

    /// <summary>Reads them.</summary>
    /// <param name="configuration">The unsecure configuration, JSON; null or blank is no settings.</param>
    /// <returns>
    /// Entries by application id; the empty one is a portals call without application id, of a site that connects as
    /// SYSTEM. Those of the kind <see cref="ContactRuleKind.Only"/> by system user id.
    /// </returns>
    /// <exception cref="ChatAuthException">2001 to 2008, 2012 to 2014.</exception>
    internal static Dictionary<Guid, CallerSettings> Parse(string? configuration)
    {
        var settings = ReadObject(configuration);
        EnsureKnown(settings, Members, "the settings");
        var callers = settings["callers"] ?? throw Errors.SettingMissing("callers");
        if (callers.Kind != JsonKind.Object || callers.Members.Count == 0)
        {
            throw Errors.SettingMalformed("callers", "an object with at least one caller");
        }

        var entries = new Dictionary<Guid, CallerSettings>();
        foreach (var caller in callers.Members)
        {
            var path = string.Format(CultureInfo.InvariantCulture, "callers[{0}]", entries.Count + 1);
            var isPowerPages = caller.Key == "powerpages";
            var isUser = caller.Key.StartsWith(UserPrefix, StringComparison.Ordinal);
            var id = Guid.Empty;
            SettingText.Compared(caller.Key, "the name of " + path);

            // Ensure an application id; the empty Guid is what the platform says of a caller that has none
            if (!isPowerPages
                && (!Guid.TryParseExact(isUser ? caller.Key.Substring(UserPrefix.Length) : caller.Key, "D", out id)
                    || id == Guid.Empty))
            {
                throw Errors.SettingMalformed(path, "named with an application id, or \"powerpages\"");
            }

            if (entries.ContainsKey(id))
            {
                throw Errors.SettingMalformed(path, "an application id that stands once");
            }

            if (caller.Value.Kind != JsonKind.Object)
            {
                throw Errors.SettingMalformed(path, "an object");
            }

            EnsureKnown(caller.Value, isUser ? MembersForMoment : MembersOfEntry, path);
            entries.Add(id, new CallerSettings(
                isUser
                    ? ContactRule.ParseOnly(caller.Value["contact"], caller.Value["until"], path)
                    : ContactRule.Parse(
                        caller.Value["contact"],
                        isPowerPages ? ContactRuleKind.Context : ContactRuleKind.Parameter,
                        path + ".contact"),
                TokenSettings.Parse(settings, caller.Value, path)));
        }

        return entries;
    }

    private static JsonValue ReadObject(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Errors.SettingsMissing();
        }

        try
        {
            var settings = JsonReader.Parse(text!);
            return settings.Kind == JsonKind.Object ? settings : throw Errors.SettingsNotJson("another kind of value");
        }
        catch (JsonSyntaxException exception)
        {
            throw Errors.SettingsNotJson(exception.Message);
        }
    }

    // A misspelt member would silently be its default.
    private static void EnsureKnown(JsonValue settings, HashSet<string> members, string path)
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
