using System.IO.Compression;
using System.Xml.Linq;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>The zip of an unmanaged solution that holds steps and nothing else.</summary>
/// <remarks>
/// Facts 3: managed and unmanaged differ in one element. What an export adds for people is left out.
/// </remarks>
internal static class SolutionExport
{
    /// <summary>The bytes of the zip.</summary>
    public static byte[] Zip(OrganizationState organization, Row solution)
    {
        var rows = organization.Rows.Now;
        var components = rows.All("solutioncomponent").Where(c => c.Reference("solutionid") == solution.Id).ToList();
        if (components.Exists(c => c.Number("componenttype") != SolutionStep.ComponentType))
        {
            throw Refusal.NotKnown("how to export other components than steps");
        }

        var steps = components.Select(c => rows.Get(SolutionStep.Table, c.Reference("objectid"))).ToList();
        var version = solution.Text("version")!;
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            Add(archive, "[Content_Types].xml", new XElement(
                XName.Get("Types", "http://schemas.openxmlformats.org/package/2006/content-types"),
                new XElement(
                    XName.Get("Default", "http://schemas.openxmlformats.org/package/2006/content-types"),
                    new XAttribute("Extension", "xml"), new XAttribute("ContentType", "application/octet-stream"))));
            Add(archive, "solution.xml", new XElement("ImportExportXml", new XElement(
                "SolutionManifest",
                new XElement("UniqueName", solution.Text("uniquename")),
                Names(solution),
                new XElement("Version", version),
                new XElement("Managed", 0),
                Publisher(rows.Get("publisher", solution.Reference("publisherid"))),
                new XElement("RootComponents", steps.Select(Root)))));
            Add(archive, "customizations.xml", new XElement("ImportExportXml", new XElement(
                "SdkMessageProcessingSteps",
                steps.Select(step => SolutionStep.Write(organization, rows, step, version)))));
        }

        return memory.ToArray();
    }

    private static XElement Publisher(Row publisher) => new(
        "Publisher",
        new XElement("UniqueName", publisher.Text("uniquename")),
        Names(publisher),
        new XElement("CustomizationPrefix", publisher.Text("customizationprefix")),
        new XElement("CustomizationOptionValuePrefix", publisher.Number("customizationoptionvalueprefix")),
        new XElement("Addresses", new XElement("Address"), new XElement("Address")));

    private static XElement Names(Row row) => new("LocalizedNames", new XElement(
        "LocalizedName", new XAttribute("description", row.Text("friendlyname")!),
        new XAttribute("languagecode", 1033)));

    private static XElement Root(Row step) => new(
        "RootComponent", new XAttribute("type", SolutionStep.ComponentType),
        new XAttribute("id", step.Id.ToString("B")), new XAttribute("behavior", 0));

    private static void Add(ZipArchive archive, string name, XElement content)
    {
        using var stream = archive.CreateEntry(name).Open();
        content.Save(stream);
    }
}
