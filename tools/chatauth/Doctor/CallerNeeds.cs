using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Json;
using ChatAuth.Plugins.Platform;
using ChatAuth.Settings;

namespace ChatAuth.Doctor;

/// <summary>What the tokens of one caller are made of.</summary>
/// <param name="ApplicationId">Who calls; null for a site that connects without application id.</param>
/// <param name="Columns">Tables and columns that its query names, the lookups on the way included.</param>
internal sealed record CallerNeeds(Guid? ApplicationId, IReadOnlyList<(string Table, string Column)> Columns)
{
    private const string Contact = "contact";

    /// <summary>The tables that the caller must read.</summary>
    public IEnumerable<string> Tables => Columns.Select(column => column.Table).Distinct();

    /// <summary>The needs of every caller of a settings file.</summary>
    public static IReadOnlyList<CallerNeeds> Of(SettingsFile settings)
    {
        JsonValue configuration = JsonReader.Parse(settings.StepConfiguration);
        return [.. configuration["callers"]!.Members.Select(caller => Of(configuration, caller.Key, caller.Value))];
    }

    private static CallerNeeds Of(JsonValue configuration, string name, JsonValue entry)
    {
        Guid? application = Guid.TryParseExact(name, "D", out Guid id) ? id : null;
        ContactRule rule = ContactRule.Parse(entry["contact"], application == null ? ContactRuleKind.Context : ContactRuleKind.Parameter, name);
        (string, string)[] columns =
        [
            (Contact, "contactid"),
            .. TokenSettings.Parse(configuration, entry).Columns.SelectMany(Hops),
            .. rule.Kind == ContactRuleKind.Column ? [(Contact, rule.Name)] : Array.Empty<(string, string)>(),
            .. rule.Kind == ContactRuleKind.ExternalIdentity ? [("adx_externalidentity", "adx_username")] : Array.Empty<(string, string)>(),
        ];
        return new CallerNeeds(application, [.. columns.Distinct()]);
    }

    // "column", or "lookup:table.column", which the plug-in joins by the table's name and "id".
    private static IEnumerable<(string Table, string Column)> Hops(string path) => path.Split(':', '.') switch
    {
        [var lookup, var table, var column] => [(Contact, lookup), (table, table + "id"), (table, column)],
        _ => [(Contact, path)],
    };
}
