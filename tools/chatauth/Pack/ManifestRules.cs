using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ChatAuth.Pack;

/// <summary>Rules about Other/Solution.xml.</summary>
internal static partial class ManifestRules
{
    // Facts, section 3: component type of a plug-in assembly.
    private const string AssemblyComponent = "91";

    /// <summary>Managed is 2, "both": one source gives both zips (SolutionPackager refuses a source of the other type).</summary>
    public static IEnumerable<CodedError> ManagedIsBoth(PackInput input) =>
        input.Manifest is { } manifest && manifest.Elements("Managed").Select(element => element.Value).ToArray() is not ["2"]
            ? [Errors.ManagedNotBoth(manifest.Text("Managed") ?? "missing")]
            : [];

    /// <summary>The version is the product's, so that an import of a newer command is an upgrade.</summary>
    public static IEnumerable<CodedError> VersionIsTheProducts(PackInput input) =>
        input.Manifest is { } manifest && !Same(manifest.Text("Version"), input.Version)
            ? [Errors.VersionDiffers(manifest.Text("Version") ?? "missing", input.Version)]
            : [];

    /// <summary>The unique name is letters, digits and underscores: it is also the file name of the zips.</summary>
    public static IEnumerable<CodedError> UniqueNameIsAName(PackInput input) =>
        input.Manifest is { } manifest && !Name().IsMatch(manifest.Text("UniqueName") ?? string.Empty)
            ? [Errors.SolutionNameBad()]
            : [];

    /// <summary>The publisher has names, prefix, option value prefix and two address blocks (facts, section 3).</summary>
    public static IEnumerable<CodedError> PublisherIsComplete(PackInput input)
    {
        if (input.Manifest is not { } manifest)
        {
            yield break;
        }

        XElement? publisher = manifest.Element("Publisher");
        foreach (string name in (string[])["UniqueName", "CustomizationPrefix", "CustomizationOptionValuePrefix"])
        {
            if (string.IsNullOrWhiteSpace(publisher?.Text(name)))
            {
                yield return Errors.PublisherIncomplete(name);
            }
        }

        if (publisher?.Element("Addresses")?.Elements("Address").Count() != 2)
        {
            yield return Errors.PublisherIncomplete("two Address blocks");
        }
    }

    /// <summary>Every listed component has its files (SolutionPackager stops otherwise).</summary>
    public static IEnumerable<CodedError> ListedComponentsHaveFiles(PackInput input) =>
        Components(input)
            .Where(component => !input.Assemblies.Any(assembly => Lists(component, assembly)))
            .Select(component => Errors.ComponentWithoutFiles(
                (string?)component.Attribute("type") ?? "?", (string?)component.Attribute("id") ?? (string?)component.Attribute("schemaName") ?? "?"));

    /// <summary>Every assembly is listed, with its id and full name (SolutionPackager leaves it out with a warning).</summary>
    public static IEnumerable<CodedError> FilesAreListed(PackInput input) =>
        input.Manifest is null
            ? []
            : input.Assemblies.Where(assembly => !Components(input).Any(component => Lists(component, assembly)))
                .Select(assembly => Errors.ComponentNotListed(assembly.Path));

    private static IEnumerable<XElement> Components(PackInput input) =>
        input.Manifest?.Element("RootComponents")?.Elements("RootComponent") ?? [];

    // By id and by full name: the importer looks by either.
    private static bool Lists(XElement component, ComponentFile assembly) =>
        Same((string?)component.Attribute("type"), AssemblyComponent)
        && Same((string?)component.Attribute("id"), "{" + (string?)assembly.Root.Attribute("PluginAssemblyId") + "}")
        && Same((string?)component.Attribute("schemaName"), (string?)assembly.Root.Attribute("FullName"));

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
