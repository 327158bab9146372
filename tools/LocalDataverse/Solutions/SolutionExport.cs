using System.IO.Compression;
using System.Xml.Linq;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>The zip of an unmanaged solution that holds steps and nothing else.</summary>
/// <remarks>
/// Facts 1 and 3: a step names its message by id; managed and unmanaged differ in one element. What an export adds for
/// people is left out.
/// </remarks>
internal static class SolutionExport
{
    /// <summary>componenttype of a step (Microsoft Learn: solutioncomponent table reference).</summary>
    public const int StepType = 92;

    /// <summary>The bytes of the zip.</summary>
    public static byte[] Zip(OrganizationState organization, Row solution)
    {
        var rows = organization.Rows.Now;
        var components = rows.All("solutioncomponent").Where(c => c.Reference("solutionid") == solution.Id).ToList();
        if (components.Exists(c => c.Number("componenttype") != StepType))
        {
            throw Refusal.NotKnown("how to export other components than steps");
        }

        var steps = components.Select(c => rows.Get("sdkmessageprocessingstep", c.Reference("objectid"))).ToList();
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            Add(archive, "solution.xml", new XElement(
                "SolutionManifest",
                new XElement("UniqueName", solution.Text("uniquename")),
                new XElement("Version", solution.Text("version")),
                new XElement("Managed", 0),
                new XElement("RootComponents", steps.Select(Root))));
            Add(archive, "customizations.xml", new XElement(
                "SdkMessageProcessingSteps", steps.Select(s => Step(organization, rows, s))));
        }

        return memory.ToArray();
    }

    private static XElement Root(Row step) => new(
        "RootComponent", new XAttribute("type", StepType), new XAttribute("id", Braced(step.Id)));

    private static XElement Step(OrganizationState organization, RowSnapshot rows, Row step) => new(
        "SdkMessageProcessingStep",
        new XAttribute("Name", step.Text("name")!),
        new XAttribute("SdkMessageProcessingStepId", Braced(step.Id)),
        new XElement(
            "SdkMessageId",
            Braced(organization.Unknowns.ExportsAnotherMessageId ? Guid.NewGuid() : step.Reference("sdkmessageid"))),
        new XElement("PluginTypeName", rows.Get("plugintype", step.Reference("eventhandler")).Text("typename")),
        new XElement("Mode", step.Number("mode")),
        new XElement("Rank", step.Number("rank")),
        new XElement("Stage", step.Number("stage")));

    private static string Braced(Guid id) => id.ToString("B");

    private static void Add(ZipArchive archive, string name, XElement content)
    {
        using var stream = archive.CreateEntry(name).Open();
        new XElement("ImportExportXml", content).Save(stream);
    }
}
