using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Xml.Linq;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Pack;

/// <summary>Everything the rules of packing look at.</summary>
internal sealed class PackInput
{
    private readonly AssemblyImage? assembly;

    /// <summary>Puts a solution, an assembly and what they are held against together.</summary>
    /// <param name="source">The unpacked solution.</param>
    /// <param name="assembly">The assembly that is packed into it; null for the solution of a site.</param>
    /// <param name="contracts">What the plug-in reads and writes, one for each custom API.</param>
    /// <param name="version">The version the solution must have.</param>
    public PackInput(UnpackedSolution source, AssemblyImage? assembly, IReadOnlyList<CustomApi> contracts, string version)
    {
        Source = source;
        this.assembly = assembly;
        Contracts = contracts;
        Version = version;
        Documents = source.Files
            .Where(file => file.Key.EndsWith(".xml", StringComparison.Ordinal))
            .ToImmutableSortedDictionary(file => file.Key, file => SolutionXml.TryParse(file.Value), StringComparer.Ordinal);
        ImmutableArray<ComponentFile> components = [.. Documents
            .Where(document => document.Value?.Root is not null)
            .Select(document => new ComponentFile(document.Key, document.Value!.Root!))];
        Assemblies = [.. components.Where(file => file.Folders is ["PluginAssemblies", _, _] && file.Path.EndsWith(".dll.data.xml", StringComparison.Ordinal))];
        Apis = [.. components.Where(file => file.Folders is ["customapis", _, "customapi.xml"])];
        Parameters = [.. components.Where(file => file.Folders is ["customapis", _, "customapirequestparameters", _, "customapirequestparameter.xml"])];
        SiteRows = [.. components.Where(file => file.Folders is ["powerpagecomponents", _, "powerpagecomponent.xml"] or ["msdyn_authenticationsettingses", _, "msdyn_authenticationsettings.xml"])];
        SiteFiles = [.. source.Files.Keys.Where(path => path.Split('/') is ["powerpagecomponents", _, "filecontent", _])];
        Properties = [.. components.Where(file => file.Folders is ["customapis", _, "customapiresponseproperties", _, "customapiresponseproperty.xml"])];
    }

    /// <summary>The unpacked solution.</summary>
    public UnpackedSolution Source { get; }

    /// <summary>The assembly that is packed into it.</summary>
    /// <exception cref="InvalidOperationException">It is the solution of a site.</exception>
    public AssemblyImage Assembly => assembly ?? throw new InvalidOperationException("The solution of a site has no assembly.");

    /// <summary>Whether it is the solution of a site.</summary>
    public bool IsOfSite => assembly == null;

    /// <summary>What the plug-in reads and writes.</summary>
    public IReadOnlyList<CustomApi> Contracts { get; }

    /// <summary>The version the solution must have.</summary>
    public string Version { get; }

    /// <summary>Every XML file by path; null for one that is not well-formed.</summary>
    public ImmutableSortedDictionary<string, XDocument?> Documents { get; }

    /// <summary>The <c>SolutionManifest</c> element; null when the file is missing or malformed.</summary>
    public XElement? Manifest => Documents.GetValueOrDefault(UnpackedSolution.ManifestPath)?.Root?.Element("SolutionManifest");

    /// <summary>The root of the customizations; null when the file is missing or malformed.</summary>
    public XElement? Customizations => Documents.GetValueOrDefault(UnpackedSolution.CustomizationsPath)?.Root;

    /// <summary>The assembly descriptions (<c>.dll.data.xml</c>).</summary>
    public ImmutableArray<ComponentFile> Assemblies { get; }

    /// <summary>The custom APIs.</summary>
    public ImmutableArray<ComponentFile> Apis { get; }

    /// <summary>The request parameters of all custom APIs.</summary>
    public ImmutableArray<ComponentFile> Parameters { get; }

    /// <summary>The response properties of all custom APIs.</summary>
    public ImmutableArray<ComponentFile> Properties { get; }

    /// <summary>The components of a site and the chat authentication settings.</summary>
    public ImmutableArray<ComponentFile> SiteRows { get; }

    /// <summary>Paths of the files that components of a site hold.</summary>
    public ImmutableArray<string> SiteFiles { get; }

    /// <summary>Custom APIs, request parameters and response properties.</summary>
    public IEnumerable<ComponentFile> ApiFiles => Apis.Concat(Parameters).Concat(Properties);
}
