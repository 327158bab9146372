using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Pack;

/// <summary>A solution that passed every rule, ready to be written as a zip.</summary>
/// <remarks>The packed layout is that of SolutionPackager (facts, section 3): assemblies move into customizations.xml.</remarks>
internal sealed class SolutionPackage
{
    private static readonly XNamespace ContentTypes = "http://schemas.openxmlformats.org/package/2006/content-types";

    private readonly PackInput input;

    private readonly string name;

    private SolutionPackage(PackInput input, string? name)
    {
        this.input = input;
        this.name = name ?? input.Manifest!.Text("UniqueName")!;
    }

    /// <summary>Checks a solution against every rule.</summary>
    /// <param name="source">The unpacked solution; the embedded one when null.</param>
    /// <param name="assembly">The plug-in dll; the embedded one when null.</param>
    /// <exception cref="CommandException">At least one rule is broken; it holds all findings.</exception>
    public static SolutionPackage Check(UnpackedSolution? source = null, byte[]? assembly = null)
    {
        PackInput input = new(
            source ?? UnpackedSolution.Embedded(),
            AssemblyImage.Parse(assembly ?? EmbeddedFile.Read(EmbeddedFile.PluginAssembly)),
            [CustomApi.IssueChatToken, CustomApi.GetPublicKeys],
            ProductVersion.OfSolution);
        return Checked(input, null);
    }

    /// <summary>Checks the solution of a site against the rules for it.</summary>
    /// <param name="source">The unpacked solution.</param>
    /// <param name="name">How the zips are named: the unique name is the site's.</param>
    /// <exception cref="CommandException">At least one rule is broken; it holds all findings.</exception>
    public static SolutionPackage CheckSite(UnpackedSolution source, string name) => Checked(new PackInput(source, null, [], ProductVersion.OfSolution), name);

    /// <summary>The zip's name, as exports from Dataverse are named.</summary>
    public string FileName(bool managed) => name + (managed ? "_managed.zip" : ".zip");

    /// <summary>The bytes of the zip; equal input gives equal bytes on every machine.</summary>
    /// <remarks>Managed and unmanaged differ in one element of solution.xml only (facts, section 3).</remarks>
    public byte[] Pack(bool managed)
    {
        Dictionary<string, byte[]> entries = new(StringComparer.Ordinal)
        {
            ["solution.xml"] = Manifest(managed),
            ["customizations.xml"] = Customizations(),
        };
        foreach (ComponentFile assembly in input.Assemblies)
        {
            entries[assembly.Root.Text("FileName")!.TrimStart('/')] = input.Assembly.Bytes;
        }

        foreach (string path in input.SiteFiles)
        {
            entries[path] = input.Source.Files[path];
        }

        foreach (ComponentFile file in input.ApiFiles.Concat(input.SiteRows))
        {
            entries[file.Path] = SolutionXml.Write(input.Documents[file.Path]!);
        }

        entries["[Content_Types].xml"] = ContentTypesOf(entries.Keys);
        return ReproducibleZip.Write(entries);
    }

    private static SolutionPackage Checked(PackInput input, string? name)
    {
        IReadOnlyList<CodedError> findings = PackRules.Findings(input);
        return findings.Count == 0 ? new SolutionPackage(input, name) : throw new CommandException(findings);
    }

    private byte[] Manifest(bool managed)
    {
        XDocument manifest = new(input.Documents[UnpackedSolution.ManifestPath]!);
        manifest.Descendants("Managed").Single().Value = managed ? "1" : "0";
        return SolutionXml.Write(manifest);
    }

    private byte[] Customizations()
    {
        XDocument customizations = new(input.Documents[UnpackedSolution.CustomizationsPath]!);
        customizations.Root!.Element("SolutionPluginAssemblies")!.Add(input.Assemblies.Select(assembly => assembly.Root));
        return SolutionXml.Write(customizations);
    }

    /// <summary>The part that gives each extension its type, one element for each, as SolutionPackager writes it.</summary>
    /// <remarks>A part without a known type is refused by readers of the format.</remarks>
    /// <param name="paths">Paths of all other parts.</param>
    public static byte[] ContentTypesOf(IEnumerable<string> paths) => SolutionXml.Write(new XDocument(
        new XDeclaration("1.0", "utf-8", null),
        new XElement(
            ContentTypes + "Types",
            paths.Select(path => path[(path.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(extension => new XElement(
                    ContentTypes + "Default",
                    new XAttribute("Extension", extension),
                    new XAttribute("ContentType", "application/octet-stream"))))));
}
