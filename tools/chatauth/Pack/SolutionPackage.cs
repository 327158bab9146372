using System.Xml.Linq;

namespace ChatAuth.Pack;

/// <summary>A solution, ready to be written as a zip.</summary>
/// <remarks>
/// The packed layout is that of SolutionPackager (facts, section 3): assemblies move into customizations.xml. Nothing
/// is checked here: the sources travel inside this command, and tests hold them against SolutionPackager's rules before
/// it is built.
/// </remarks>
internal sealed class SolutionPackage(UnpackedSolution source, string name, byte[]? assembly)
{
    private static readonly XNamespace ContentTypes = "http://schemas.openxmlformats.org/package/2006/content-types";

    /// <summary>ChatAuth's own solution.</summary>
    public static SolutionPackage Product() =>
        new(UnpackedSolution.Embedded(), "ChatAuth", EmbeddedFile.Read(EmbeddedFile.PluginAssembly));

    /// <summary>The zip's name, as exports from Dataverse are named.</summary>
    public string FileName(bool managed) => name + (managed ? "_managed.zip" : ".zip");

    /// <summary>The bytes of the zip; equal input gives equal bytes on every machine.</summary>
    /// <remarks>Managed and unmanaged differ in one element of solution.xml only (facts, section 3).</remarks>
    public byte[] Pack(bool managed)
    {
        XDocument manifest = Xml(UnpackedSolution.ManifestPath);
        manifest.Descendants("Managed").Single().Value = managed ? "1" : "0";
        XDocument customizations = Xml(UnpackedSolution.CustomizationsPath);
        Dictionary<string, byte[]> entries = new(StringComparer.Ordinal);
        foreach ((string path, byte[] content) in source.Files
            .Where(file => !file.Key.StartsWith("Other/", StringComparison.Ordinal)))
        {
            if (path.EndsWith(".dll.data.xml", StringComparison.Ordinal))
            {
                XElement description = Xml(path).Root!;
                customizations.Root!.Element("SolutionPluginAssemblies")!.Add(description);
                entries[description.Text("FileName")!.TrimStart('/')] = assembly!;
            }
            else
            {
                entries[path] =
                    path.EndsWith(".xml", StringComparison.Ordinal) ? SolutionXml.Write(Xml(path)) : content;
            }
        }

        entries["solution.xml"] = SolutionXml.Write(manifest);
        entries["customizations.xml"] = SolutionXml.Write(customizations);
        entries["[Content_Types].xml"] = ContentTypesOf(entries.Keys);
        return ReproducibleZip.Write(entries);
    }

    /// <summary>
    /// The part that gives each extension its type, one element for each, as SolutionPackager writes it.
    /// </summary>
    /// <remarks>A part without a known type is refused by readers of the format.</remarks>
    /// <param name="paths">Paths of all other parts.</param>
    public static byte[] ContentTypesOf(IEnumerable<string> paths) => SolutionXml.Write(new XDocument(
        new XDeclaration("1.0", "utf-8", null),
        new XElement(
            ContentTypes + "Types",
            paths.Select(path => path[(path.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal).Order(
                StringComparer.Ordinal)
                .Select(extension => new XElement(
                    ContentTypes + "Default",
                    new XAttribute("Extension", extension),
                    new XAttribute("ContentType", "application/octet-stream"))))));

    private XDocument Xml(string path) => SolutionXml.TryParse(source.Files[path])!;
}
