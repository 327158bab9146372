using ChatAuth.Plugins;
using ChatAuth.Plugins.Platform;
using ChatAuth.Settings;

namespace ChatAuth.Checks;

/// <summary>What the tokens of one caller are made of.</summary>
/// <param name="ApplicationId">Who calls; null for a site that connects without application id.</param>
/// <param name="Columns">Tables and columns that its query names, the lookups on the way included.</param>
internal sealed record CallerNeeds(Guid? ApplicationId, IReadOnlyList<(string Table, string Column)> Columns)
{
    private const string Contact = "contact";

    /// <summary>The tables that the caller must read.</summary>
    public IEnumerable<string> Tables => Columns.Select(column => column.Table).Distinct();

    /// <summary>The needs of every caller of a settings file.</summary>
    public static IReadOnlyList<CallerNeeds> Of(SettingsFile settings) =>
    [
        .. IssueSettings.Parse(settings.StepConfiguration).Select(caller => new CallerNeeds(
            caller.Key == Guid.Empty ? null : caller.Key, [.. ColumnsOf(caller.Value).Distinct()])),
    ];

    private static IEnumerable<(string Table, string Column)> ColumnsOf(CallerSettings caller) =>
    [
        (Contact, "contactid"),
        .. caller.Token.Columns.SelectMany(Hops),
        .. caller.Rule.Kind == ContactRuleKind.Column ? [(Contact, caller.Rule.Name)] : Array.Empty<(string, string)>(),
        .. caller.Rule.Kind == ContactRuleKind.ExternalIdentity ? [("adx_externalidentity", "adx_username")]
            : Array.Empty<(string, string)>(),
    ];

    // "column", or "lookup:table.column", which the plug-in joins by the table's name and "id".
    private static IEnumerable<(string Table, string Column)> Hops(string path) => path.Split(':', '.') switch
    {
        [var lookup, var table, var column] => [(Contact, lookup), (table, table + "id"), (table, column)],
        _ => [(Contact, path)],
    };
}
