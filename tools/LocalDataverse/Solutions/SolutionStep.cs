using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalDataverse.Tables;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>A step on the message of a custom API, as a solution carries it.</summary>
/// <remarks>
/// Form: the real export SweetsNSavories/Explorer-KQL, KustoExplorerSolution (facts 1). Such a step names its message,
/// a step on an ordinary message has the message's id instead. That the former is imported too is not proven: README,
/// "Unknown on the platform".
/// </remarks>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="MessageName">The message it names; null when it has the message's id.</param>
/// <param name="MessageId">The message's id; null when it names the message.</param>
/// <param name="PluginTypeId">The plug-in type.</param>
/// <param name="Values">Its other columns.</param>
internal sealed record SolutionStep(
    Guid Id, string Name, string? MessageName, Guid? MessageId, Guid PluginTypeId,
    IReadOnlyDictionary<string, object> Values)
{
    /// <summary>componenttype of a step (Microsoft Learn: solutioncomponent table reference).</summary>
    public const int ComponentType = 92;

    /// <summary>The table of steps.</summary>
    public const string Table = "sdkmessageprocessingstep";

    private const int PluginTypeCode = 4602;

    private static readonly string[] Numbers =
        ["InvocationSource", "Mode", "Rank", "Stage", "SupportedDeployment"];
    private static readonly string[] Empty = ["FilteringAttributes", "SdkMessageProcessingStepImages"];
    private static readonly string[] Known =
    [
        .. Numbers, "SdkMessageName", "SdkMessageId", "PluginTypeName", "PluginTypeId", "AsyncAutoDelete",
        "Description", "FilteringAttributes", "EventHandlerTypeCode", "IsCustomizable", "IsHidden",
        "IntroducedVersion", "SdkMessageProcessingStepImages",
    ];

    /// <summary>The steps of customizations.xml.</summary>
    public static IReadOnlyList<SolutionStep> ParseAll(XElement customizations) =>
        [.. customizations.Elements("SdkMessageProcessingSteps").Elements("SdkMessageProcessingStep").Select(Parse)];

    /// <summary>A row as an export writes it.</summary>
    /// <param name="organization">Whose it is.</param>
    /// <param name="rows">The rows of the moment that counts.</param>
    /// <param name="step">The row.</param>
    /// <param name="version">Version of the solution.</param>
    public static XElement Write(OrganizationState organization, RowSnapshot rows, Row step, string version)
    {
        if (step.Text("configuration") != null)
        {
            throw Refusal.NotKnown("how the configuration of a step on a custom API is exported");
        }

        var type = rows.Get("plugintype", step.Reference("eventhandler"));
        var assembly = rows.Get("pluginassembly", type.Reference("pluginassemblyid"));
        var message = rows.Get("sdkmessage", step.Reference("sdkmessageid"));
        return new XElement(
            "SdkMessageProcessingStep",
            new XAttribute("Name", step.Text("name")!),
            new XAttribute("SdkMessageProcessingStepId", Braced(step.Id)),
            organization.Unknowns.ExportsMessageIds
                ? new XElement("SdkMessageId", Braced(message.Id))
                : new XElement("SdkMessageName", message.Text("name")),
            new XElement(
                "PluginTypeName",
                $"{type.Text("typename")}, {assembly.Text("name")}, Version={assembly.Text("version")}, "
                    + $"Culture={assembly.Text("culture")}, PublicKeyToken={assembly.Text("publickeytoken")}"),
            new XElement("PluginTypeId", type.Id.ToString("D")),
            new XElement("AsyncAutoDelete", 0),
            new XElement("Description", step.Text("description")),
            new XElement("FilteringAttributes"),
            new XElement("InvocationSource", step.Number("invocationsource")),
            new XElement("Mode", step.Number("mode")),
            new XElement("Rank", step.Number("rank")),
            new XElement("EventHandlerTypeCode", PluginTypeCode),
            new XElement("Stage", step.Number("stage")),
            new XElement("IsCustomizable", 1),
            new XElement("IsHidden", 0),
            new XElement("SupportedDeployment", step.Number("supporteddeployment")),
            new XElement("IntroducedVersion", version),
            new XElement("SdkMessageProcessingStepImages"));
    }

    /// <summary>Writes the row: disabled, as facts 1 says, unless activation was asked for.</summary>
    /// <param name="organization">Where to.</param>
    /// <param name="draft">Takes the row.</param>
    /// <param name="activates">Whether activation was asked for.</param>
    /// <returns>Whether there is a row.</returns>
    /// <exception cref="DataverseException">400 message or plug-in type is not there; 501 not known.</exception>
    public bool Import(OrganizationState organization, RowDraft draft, bool activates)
    {
        var unknown = organization.Unknowns.ImportedSteps;
        var message = MessageId is { } id ? draft.Rows.Find("sdkmessage", id)
            : draft.Rows.Named("sdkmessage", "name", MessageName!);
        if (message == null || unknown == ImportedSteps.AreRefused)
        {
            throw SolutionZip.Refuse("The solution holds a step; its message is not in this organization.");
        }

        if (draft.Rows.Find("plugintype", PluginTypeId) == null)
        {
            throw SolutionZip.Refuse($"The solution holds a step; its plug-in type {PluginTypeId:D} is missing.");
        }

        if (draft.Rows.Find(Table, Id) != null)
        {
            throw Refusal.NotKnown("what an import does to a step that is there already");
        }

        if (unknown == ImportedSteps.AreLeftOut)
        {
            return false;
        }

        var values = Values.ToImmutableDictionary(StringComparer.Ordinal).ToBuilder();
        EntityReference handler = new("plugintype", PluginTypeId);
        values["name"] = Name;
        values["sdkmessageid"] = new EntityReference("sdkmessage", message.Id);
        values["eventhandler"] = handler;
        values["plugintypeid"] = handler;
        values["ismanaged"] = false;
        values["statecode"] = new OptionSetValue(activates ? 0 : 1);
        values["statuscode"] = new OptionSetValue(activates ? 1 : 2);
        values["createdon"] = organization.UtcNow;
        values["modifiedon"] = organization.UtcNow;
        StepRule.EnsureRuns(draft.Rows, values);
        if (unknown == ImportedSteps.NameNoMessage)
        {
            values.Remove("sdkmessageid");
        }

        draft.Put(Table, Id, values.ToImmutable());
        return true;
    }

    private static SolutionStep Parse(XElement xml)
    {
        if (xml.Elements().FirstOrDefault(e => !Known.Contains(e.Name.LocalName)) is { } unknown)
        {
            throw Refusal.NotKnown($"{unknown.Name.LocalName} of a step in a solution");
        }

        if (SolutionZip.Text(xml, "EventHandlerTypeCode") != "4602"
            || Empty.Any(name => xml.Element(name) is { } part && (part.HasElements || part.Value.Length > 0))
            || SolutionZip.Text(xml, "AsyncAutoDelete") != "0")
        {
            throw Refusal.NotKnown("steps of other handlers, with filters or images, or deleted after they ran");
        }

        var name = xml.Element("SdkMessageName")?.Value;
        var id = xml.Element("SdkMessageId") is { } element ? Identifier(element.Value) : (Guid?)null;
        if (name == null == (id == null))
        {
            throw Refusal.NotKnown("a step that has both name and id of its message, or neither");
        }

        Dictionary<string, object> values = new(StringComparer.Ordinal) { ["asyncautodelete"] = false };
        foreach (var column in Numbers)
        {
            var number = int.TryParse(SolutionZip.Text(xml, column), NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : throw SolutionZip.Refuse($"{column} of a step must be a number.");
            values[column.ToLowerInvariant()] = column == "Rank" ? number : new OptionSetValue(number);
        }

        if (xml.Element("Description")?.Value is { Length: > 0 } description)
        {
            values["description"] = description;
        }

        return new SolutionStep(
            Identifier((string?)xml.Attribute("SdkMessageProcessingStepId")),
            (string?)xml.Attribute("Name") ?? throw SolutionZip.Refuse("A step has no Name."),
            name, id, Identifier(SolutionZip.Text(xml, "PluginTypeId")), values);
    }

    private static Guid Identifier(string? text) =>
        Guid.TryParse(text, out var id) ? id : throw SolutionZip.Refuse("A step has an id that is no GUID.");

    private static string Braced(Guid id) => id.ToString("B");
}
