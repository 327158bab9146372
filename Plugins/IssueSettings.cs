using System;
using System.Collections.Generic;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Plugins;

/// <summary>The settings of the step of <c>chatauth_IssueChatToken</c>.</summary>
/// <remarks>Names no type of Dataverse's SDK: <c>chatauth</c>, which has none, reads settings with this too.</remarks>
internal static class IssueSettings
{
    /// <summary>Reads them.</summary>
    /// <param name="configuration">The unsecure configuration, JSON.</param>
    /// <param name="entry">Makes a caller's entry of how it names visitors and of what its tokens say.</param>
    /// <exception cref="ChatAuthException">2001 to 2008.</exception>
    internal static Callers<TEntry> Parse<TEntry>(string? configuration, Func<ContactRule, TokenSettings, TEntry> entry)
    {
        var settings = Settings.Parse(configuration, new HashSet<string>(TokenSettings.Members) { "callers" });
        return Callers<TEntry>.Parse(settings["callers"], TokenSettings.Members, (rule, overrides) =>
        {
            var token = TokenSettings.Parse(settings, overrides);

            // Ensure a column that a query can name
            return rule.Kind != ContactRuleKind.Column || ColumnName.IsLogicalName(rule.Name)
                ? entry(rule, token)
                : throw Errors.SettingMalformed("contact", "{\"column\": \"logical name\"}");
        });
    }

    /// <summary>Refuses settings that the step would refuse: deploy asks before it sends any.</summary>
    /// <exception cref="ChatAuthException">2001 to 2008.</exception>
    internal static void Ensure(string configuration) => Parse(configuration, (_, settings) => settings);
}
