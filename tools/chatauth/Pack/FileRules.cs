using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace ChatAuth.Pack;

/// <summary>Rules about the files of a solution.</summary>
internal static class FileRules
{
    private static readonly ImmutableArray<string> Required = [UnpackedSolution.ManifestPath, UnpackedSolution.CustomizationsPath];

    // Facts, section 3: the containers an unpacked Customizations.xml keeps.
    private static readonly ImmutableArray<string> Containers =
    [
        "Entities", "Roles", "Workflows", "FieldSecurityProfiles", "Templates", "EntityMaps", "EntityRelationships",
        "OrganizationSettings", "optionsets", "CustomControls", "SolutionPluginAssemblies", "SdkMessageProcessingSteps",
        "EntityDataProviders", "Languages",
    ];

    /// <summary>Every XML file is well-formed and has no document type (import stops at it).</summary>
    public static IEnumerable<CodedError> XmlIsWellFormed(PackInput input) =>
        input.Documents.Where(document => document.Value is null).Select(document => Errors.MalformedXml(document.Key));

    /// <summary>Manifest and customizations are there (SolutionPackager stops without them).</summary>
    public static IEnumerable<CodedError> RequiredFilesExist(PackInput input) =>
        Required.Where(path => !input.Source.Files.ContainsKey(path)).Select(Errors.FileMissing)
            .Concat(input.Documents.GetValueOrDefault(UnpackedSolution.ManifestPath) is not null && input.Manifest is null
                ? [Errors.ElementMissing(UnpackedSolution.ManifestPath, "SolutionManifest")]
                : []);

    /// <summary>An assembly is there.</summary>
    public static IEnumerable<CodedError> AnAssemblyExists(PackInput input) =>
        input.Source.Files.Keys.Any(IsAssembly) ? [] : [Errors.FileMissing("PluginAssemblies/*/*.dll.data.xml")];

    /// <summary>Every file is of a kind that packing knows, so that none is dropped in silence.</summary>
    public static IEnumerable<CodedError> EveryFileHasAPlace(PackInput input)
    {
        HashSet<string> known = [.. Required, .. input.Assemblies.Select(file => file.Path), .. input.ApiFiles.Select(file => file.Path), .. input.SiteRows.Select(file => file.Path), .. input.SiteFiles];
        return input.Source.Files.Keys
            .Where(path => !known.Contains(path) && (!input.Documents.TryGetValue(path, out var document) || document is not null))
            .Select(Errors.FileUnknown);
    }

    /// <summary>Every container node is there: a missing one silently drops its components (facts, section 3).</summary>
    public static IEnumerable<CodedError> ContainersExist(PackInput input) =>
        input.Customizations is not { } customizations
            ? []
            : Containers.Where(name => customizations.Elements(name).Count() != 1).Select(Errors.ContainerMissing);

    private static bool IsAssembly(string path) =>
        path.StartsWith("PluginAssemblies/", StringComparison.Ordinal) && path.EndsWith(".dll.data.xml", StringComparison.Ordinal);
}
