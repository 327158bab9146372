using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace ChatAuth.Pack;

/// <summary>The rules a solution must keep to be packed.</summary>
/// <remarks>
/// What SolutionPackager stops or warns at is an error here, and what it does not look at (custom API files, source
/// against dll) is checked as well, because Dataverse would find it only at import or, worse, at the first call.
/// Every rule is one function that looks at one thing and does not mind what the other rules are about.
/// </remarks>
internal static class PackRules
{
    private static readonly ImmutableArray<Func<PackInput, IEnumerable<CodedError>>> Every =
    [
        FileRules.XmlIsWellFormed,
        FileRules.RequiredFilesExist,
        FileRules.EveryFileHasAPlace,
        FileRules.ContainersExist,
        ManifestRules.ManagedIsBoth,
        ManifestRules.VersionIsTheProducts,
        ManifestRules.UniqueNameIsAName,
        ManifestRules.PublisherIsComplete,
        ManifestRules.ListedComponentsHaveFiles,
        ManifestRules.FilesAreListed,
    ];

    private static readonly ImmutableArray<Func<PackInput, IEnumerable<CodedError>>> OfSite =
    [
        .. Every,
        SiteRules.RowsAreTheirFolders,
        SiteRules.ComponentsAreOfOneSite,
        SiteRules.ContentIsJson,
        SiteRules.NoKeysInside,
        SiteRules.FilesAreNamed,
    ];

    private static readonly ImmutableArray<Func<PackInput, IEnumerable<CodedError>>> OfPlugins =
    [
        FileRules.AnAssemblyExists,
        .. Every,
        GuidRules.GuidsAreWellFormed,
        GuidRules.GuidsAreUnique,
        AssemblyRules.FullNameIsTheDlls,
        AssemblyRules.FileNameFollowsTheName,
        AssemblyRules.RunsInTheSandbox,
        AssemblyRules.ListedTypesArePlugins,
        AssemblyRules.PluginsAreListed,
        AssemblyRules.TypeNamesAreQualified,
        DllRules.IsStrongNamed,
        DllRules.IsSmall,
        DllRules.RefersToTheFrameworkOnly,
        DllRules.CallsNoNativeCode,
        CustomApiRules.RootsAreKnown,
        CustomApiRules.ElementsAreKnown,
        CustomApiRules.ValuesAreFixed,
        CustomApiRules.ExecutePrivilegeIsTheDesigns,
        CustomApiRules.OptionalIsForParametersOnly,
        CustomApiRules.TypesAreKnown,
        CustomApiRules.FoldersAreUniqueNames,
        CustomApiRules.NamesHaveThePrefix,
        CustomApiRules.NamesAreShort,
        CustomApiRules.DescriptionsAreShort,
        ContractRules.ApisAreThePlugins,
        ContractRules.ParametersAreThePlugins,
        ContractRules.PropertiesAreThePlugins,
    ];

    /// <summary>Everything that is wrong with a solution, in the order of the rules; empty when it may be packed.</summary>
    public static IReadOnlyList<CodedError> Findings(PackInput input) => [.. (input.IsOfSite ? OfSite : OfPlugins).SelectMany(rule => rule(input))];
}
