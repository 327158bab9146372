using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using ChatAuth.LocalDataverse.State;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalPortal.PowerPages;

/// <summary>A component of a Power Pages site, whatever data model holds it: columns without prefix, by name.</summary>
/// <remarks>
/// Enhanced: a powerpagecomponent row, its columns as JSON in content (facts 3 and 5). Standard: a row of an adx_ table
/// (Learn, dynamics-365-customer-engagement ce/field-service/entities). Only active rows of the site count.
/// </remarks>
internal sealed record SiteComponent(Guid Id, string Name, IReadOnlyDictionary<string, string> Columns)
{
    // Learn, powerpagecomponent: powerpagecomponenttype.
    private static readonly Dictionary<string, int> Types = new()
    {
        ["publishingstate"] = 1,
        ["webpage"] = 2,
        ["webfile"] = 3,
        ["pagetemplate"] = 6,
        ["contentsnippet"] = 7,
        ["webtemplate"] = 8,
        ["sitesetting"] = 9,
        ["webrole"] = 11,
        ["serverlogic"] = 35,
    };

    /// <summary>A column's text; null when it is empty.</summary>
    public string? this[string column] => Columns.GetValueOrDefault(column);

    /// <summary>The id in a column that refers to another component; null when it is empty.</summary>
    public Guid? Reference(string column) => Guid.TryParse(this[column], out Guid id) ? id : null;

    /// <summary>A yes or no; null when it is empty.</summary>
    public bool? Flag(string column) => bool.TryParse(this[column], out bool flag) ? flag : null;

    /// <summary>The components of one kind.</summary>
    /// <param name="rows">The organization's rows.</param>
    /// <param name="site">Id of the powerpagesite or adx_website row.</param>
    /// <param name="kind">webpage, webtemplate and so on.</param>
    public static IReadOnlyList<SiteComponent> Read(RowSnapshot rows, Guid site, string kind) =>
        rows.Find("powerpagesite", site) != null
            ? [
                .. rows.All("powerpagecomponent")
                    .Where(r => r.Reference("powerpagesiteid") == site && r.Number("statecode") == 0
                        && r.Number("powerpagecomponenttype") == Types[kind])
                    .Select(r => new SiteComponent(r.Id, r.Text("name")!, Json(r.Text("content") ?? "{}"))),
            ]
            : [
                .. rows.All("adx_" + kind)
                    .Where(r => r.Reference("adx_websiteid") == site && r.Number("statecode") == 0)
                    .Select(r => new SiteComponent(
                        r.Id,
                        r.Text("adx_name")!,
                        r.Values.Where(v => v.Key.StartsWith("adx_", StringComparison.Ordinal))
                            .ToDictionary(v => v.Key["adx_".Length..], v => Text(v.Value)))),
            ];

    /// <summary>The bytes of a web file; null when it has none.</summary>
    /// <remarks>
    /// Learn: the file column filecontent in the enhanced data model, the newest attachment of a note in the standard
    /// one.
    /// </remarks>
    public byte[]? FileIn(RowSnapshot rows)
    {
        string? base64 = rows.Find("powerpagecomponent", Id) is { } component ? component.Text("filecontent")
            : rows.Find("adx_serverlogic", Id) is { } logic ? logic.Text("adx_filecontent")
            : rows.All("annotation")
                .Where(a => a.Reference("objectid") == Id)
                .MaxBy(a => a.Version)?.Text("documentbody");
        return base64 == null ? null : Convert.FromBase64String(base64);
    }

    /// <summary>The web roles of a server logic.</summary>
    /// <remarks>Enhanced: an array in content, as exports show it. Standard: a relationship many to many.</remarks>
    public IReadOnlyList<Guid> WebRoles(RowSnapshot rows) => this["adx_serverlogic_adx_webrole"] is { } list
        ? JsonSerializer.Deserialize<Guid[]>(list)!
        : [
            .. rows.All("adx_serverlogic_adx_webrole")
                .Where(r => r.Reference("adx_serverlogicid") == Id)
                .Select(r => r.Reference("adx_webroleid")),
        ];

    private static Dictionary<string, string> Json(string content)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        return document.RootElement.EnumerateObject()
            .Where(p => p.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(p => p.Name, p => p.Value.ToString());
    }

    private static string Text(object value) => value switch
    {
        EntityReference reference => reference.Id.ToString("D"),
        OptionSetValue choice => choice.Value.ToString(CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
