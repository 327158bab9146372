using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace ChatAuth.Dataverse;

/// <summary>
/// The workstream of a chat widget: the context variables it knows, and by which of them it finds records.
/// </summary>
/// <remarks>
/// Tables, lookups and the rule's XML: facts section 7. Whether a token's names are compared with the name or the
/// display name of a variable is not known: both count.
/// </remarks>
/// <param name="Variables">Names and display names of its context variables; upper and lower case differ.</param>
/// <param name="Matched">Names of the context variables that its identification rule matches records on.</param>
internal sealed partial record Workstream(IReadOnlySet<string> Variables, IReadOnlySet<string> Matched)
{
    private const string Lookup = "_msdyn_liveworkstreamid_value";
    private const string Name = "msdyn_name";
    private const string DisplayName = "msdyn_displayname";
    private const string Rule = "msdyn_recordidentificationrule";

    /// <summary>The workstream of a widget; null when the widget has none.</summary>
    /// <param name="dataverse">The environment.</param>
    /// <param name="widget">Name or id of the widget.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5012, 5013 of the widget; 5001 the tables are not there or may not be read;
    /// 5002.</exception>
    /// <exception cref="XmlException">The rule is no XML.</exception>
    public static async Task<Workstream?> ReadAsync(WebApi dataverse, string widget, CancellationToken cancellation)
    {
        ChatWidget row = await ChatWidget.ReadAsync(dataverse, widget, cancellation);
        JsonObject link = await dataverse.GetAsync(
            $"msdyn_livechatconfigs({row.Id:D})?$select={Lookup}", cancellation);
        if (link.Column<Guid?>(Lookup) is not { } id)
        {
            return null;
        }

        IReadOnlyList<JsonObject> variables = await dataverse.ListAsync(
            $"msdyn_ocliveworkstreamcontextvariables?$select={Name},{DisplayName}&$filter={Lookup} eq {id:D}",
            cancellation);
        JsonObject stream = await dataverse.GetAsync($"msdyn_liveworkstreams({id:D})?$select={Rule}", cancellation);
        string?[] names =
        [
            .. variables.SelectMany(variable =>
                new[] { variable.Column<string>(Name), variable.Column<string>(DisplayName) }),
        ];
        return new Workstream(
            names.OfType<string>().ToHashSet(StringComparer.Ordinal),
            MatchedBy(stream.Column<string>(Rule)).ToHashSet(StringComparer.Ordinal));
    }

    // The fetch is an element or the text of one; with a source a condition's value is of something else.
    private static IEnumerable<string> MatchedBy(string? rule) => string.IsNullOrWhiteSpace(rule) ? []
        : Parse(rule) is var root && root.DescendantsAndSelf()
            .Where(element => !element.HasElements && element.Value.TrimStart().StartsWith('<')) is var texts
        ? [.. root.DescendantsAndSelf().Concat(texts.SelectMany(text => Parse(text.Value).DescendantsAndSelf()))
            .Where(element => element.Name.LocalName == "condition" && element.Attribute("source") == null)
            .SelectMany(condition => condition.Elements().Where(value => value.Attribute("source") == null)
                .Select(value => value.Value).Append(condition.Attribute("value")?.Value ?? string.Empty))
            .SelectMany(value => ContextVariable().Matches(value)).Select(match => match.Groups[1].Value.Trim())]
        : [];

    private static XElement Parse(string xml)
    {
        using StringReader text = new(xml);
        using XmlReader reader =
            XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XElement.Load(reader);
    }

    // It may stand between others, as in a condition by like.
    [GeneratedRegex(@"\$\{([^{}]*)\}")]
    private static partial Regex ContextVariable();
}
