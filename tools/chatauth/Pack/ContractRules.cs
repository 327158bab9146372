using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Pack;

/// <summary>Rules that hold the custom API files against what the plug-in reads and writes.</summary>
/// <remarks>
/// A parameter that only one side knows fails at the first call, not at import; a property of another type fails in the
/// platform's serializer. Types and optionality cannot be changed once imported (facts, section 1).
/// </remarks>
internal static class ContractRules
{
    /// <summary>Every custom API is one that the plug-in serves, and the other way round.</summary>
    public static IEnumerable<CodedError> ApisAreThePlugins(PackInput input) =>
        input.Apis.Where(api => ContractOf(input, api.UniqueName) is null).Select(api => Errors.ApiUnknown(api.Path))
            .Concat(input.Contracts.Where(contract => !input.Apis.Any(api => Same(api.UniqueName, contract.UniqueName)))
                .Select(contract => Errors.ApiMissing(contract.UniqueName)));

    /// <summary>Every request parameter is one that the plug-in reads with that type, and the other way round.</summary>
    public static IEnumerable<CodedError> ParametersAreThePlugins(PackInput input) =>
        Compare(input, input.Parameters, contract => contract.RequestParameters);

    /// <summary>Every response property is one that the plug-in writes with that type, and the other way round.</summary>
    public static IEnumerable<CodedError> PropertiesAreThePlugins(PackInput input) =>
        Compare(input, input.Properties, contract => contract.ResponseProperties);

    private static IEnumerable<CodedError> Compare(
        PackInput input, IReadOnlyCollection<ComponentFile> files, Func<CustomApi, IReadOnlyDictionary<string, Type>> members)
    {
        foreach (ComponentFile file in files)
        {
            Type? type = null;
            if (ContractOf(input, file.Folders[1]) is not { } contract || !members(contract).TryGetValue(file.UniqueName, out type))
            {
                yield return Errors.MemberUnknown(file.Path);
            }
            else if (ApiType.Of(file.Root.Text("type") ?? string.Empty) is { } name && !Same(name, type.Name))
            {
                yield return Errors.MemberTypeDiffers(file.Path, type.Name, ApiType.CodeOf(type));
            }
        }

        foreach (CustomApi contract in input.Contracts.Where(contract => input.Apis.Any(api => Same(api.UniqueName, contract.UniqueName))))
        {
            foreach (string name in members(contract).Keys)
            {
                if (!files.Any(file => Same(file.Folders[1], contract.UniqueName) && Same(file.UniqueName, name)))
                {
                    yield return Errors.MemberMissing(contract.UniqueName, name);
                }
            }
        }
    }

    private static CustomApi? ContractOf(PackInput input, string uniqueName) =>
        input.Contracts.FirstOrDefault(contract => Same(contract.UniqueName, uniqueName));

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);
}
