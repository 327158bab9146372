using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace ChatAuth.Pack;

/// <summary>Rules about the ids in a solution.</summary>
/// <remarks>An id is for ever: Dataverse finds the component of an earlier version by it.</remarks>
internal static class GuidRules
{
    /// <summary>Every id is a GUID in lower case with hyphens, in braces in the manifest only, as exports have it.</summary>
    public static IEnumerable<CodedError> GuidsAreWellFormed(PackInput input) =>
        Ids(input).Where(id => !IsGuid(id.Value)).Select(id => Errors.GuidBad(id.Path, id.Value))
            .Concat(Components(input).Where(id => id is not ['{', .. { } inner, '}'] || !IsGuid(inner))
                .Select(id => Errors.GuidBad(UnpackedSolution.ManifestPath, id)));

    /// <summary>No two components share an id: the second would overwrite the first at import.</summary>
    public static IEnumerable<CodedError> GuidsAreUnique(PackInput input) =>
        Ids(input).GroupBy(id => id.Value, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1)
            .Select(group => Errors.GuidTwice(group.Last().Path, group.Key));

    private static IEnumerable<(string Path, string Value)> Ids(PackInput input) =>
        from assembly in input.Assemblies
        from id in assembly.Root.DescendantsAndSelf().Attributes()
        where id.Name.LocalName is "PluginAssemblyId" or "PluginTypeId"
        select (assembly.Path, id.Value);

    private static IEnumerable<string> Components(PackInput input) =>
        input.Manifest?.Descendants("RootComponent").Attributes("id").Select(id => id.Value) ?? [];

    private static bool IsGuid(string value) =>
        Guid.TryParseExact(value, "D", out Guid guid)
        && guid != Guid.Empty
        && string.Equals(guid.ToString("D"), value, StringComparison.Ordinal);
}
