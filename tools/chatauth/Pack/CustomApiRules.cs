using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace ChatAuth.Pack;

/// <summary>Rules about the custom API files, at which SolutionPackager does not look.</summary>
internal static class CustomApiRules
{
    // Facts, section 1: limits of unique name and description.
    private const int MaximumName = 128;
    private const int MaximumDescription = 300;

    // Facts, section 3: the children of each file, in exported order. plugintypeid is left out: it would make the plug-in
    // the main operation, which gets no configuration (facts, section 1).
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Elements = new Dictionary<string, ImmutableArray<string>>
    {
        ["customapi"] =
        [
            "allowedcustomprocessingsteptype", "bindingtype", "description", "displayname", "executeprivilegename",
            "iscustomizable", "isfunction", "isprivate", "name", "workflowsdkstepenabled",
        ],
        ["customapirequestparameter"] = ["description", "displayname", "iscustomizable", "isoptional", "name", "type"],
        ["customapiresponseproperty"] = ["description", "displayname", "iscustomizable", "name", "type"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    // Design, "Custom APIs": global actions, steps sync and async, callable from plug-ins, not customizable, not for workflows.
    private static readonly ImmutableArray<(string Name, string Value)> Fixed =
    [
        ("allowedcustomprocessingsteptype", "2"), ("bindingtype", "0"), ("iscustomizable", "0"), ("isfunction", "0"),
        ("isprivate", "0"), ("isoptional", "1"), ("workflowsdkstepenabled", "0"),
    ];

    // Design, "Custom APIs": the first fence. Nobody outside Microsoft can create a privilege (facts, section 1).
    private static readonly ImmutableDictionary<string, string> Privileges =
        ImmutableDictionary.Create<string, string>(StringComparer.Ordinal).Add("chatauth_IssueChatToken", "prvReadContact");

    /// <summary>The root element is the one its file name says.</summary>
    public static IEnumerable<CodedError> RootsAreKnown(PackInput input) =>
        input.ApiFiles.Where(file => !file.IsNamed(file.Root.Name.LocalName + ".xml"))
            .Select(file => Errors.ElementUnknown(file.Path, file.Root.Name.LocalName));

    /// <summary>Every child is known and there once, every child is there: the importer's parser is strict and its errors are not.</summary>
    public static IEnumerable<CodedError> ElementsAreKnown(PackInput input)
    {
        foreach (ComponentFile file in Known(input))
        {
            ImmutableArray<string> expected = Elements[file.Root.Name.LocalName];
            string[] actual = [.. file.Root.Elements().Select(element => element.Name.ToString())];
            foreach (string name in actual.Where((name, place) => !Optional(name) && (!expected.Contains(name) || Array.IndexOf(actual, name) != place)))
            {
                yield return Errors.ElementUnknown(file.Path, name);
            }

            foreach (string name in expected.Where(name => !Optional(name) && !actual.Contains(name)))
            {
                yield return Errors.ElementMissing(file.Path, name);
            }
        }
    }

    /// <summary>Values that the design fixes; several cannot be changed after the first import (facts, section 1).</summary>
    public static IEnumerable<CodedError> ValuesAreFixed(PackInput input) =>
        from file in Known(input)
        from rule in Fixed
        from element in file.Root.Elements(rule.Name)
        where !string.Equals(element.Value, rule.Value, StringComparison.Ordinal)
        select Errors.ValueDiffers(file.Path, rule.Name, rule.Value);

    /// <summary>The execute privilege is the design's: prvReadContact for issuing, none for public keys.</summary>
    public static IEnumerable<CodedError> ExecutePrivilegeIsTheDesigns(PackInput input) =>
        from api in input.Apis
        let expected = Privileges.GetValueOrDefault(api.UniqueName)
        where !api.Root.Elements("executeprivilegename").Select(element => element.Value).SequenceEqual(expected is null ? [] : [expected])
        select Errors.ExecutePrivilegeDiffers(api.Path, expected);

    /// <summary>isoptional is in every parameter and in no response property, where it breaks import (facts, section 1).</summary>
    public static IEnumerable<CodedError> OptionalIsForParametersOnly(PackInput input) =>
        input.Parameters.Where(file => file.Root.Elements("isoptional").Count() != 1).Select(file => Errors.OptionalMissing(file.Path))
            .Concat(input.Properties.Where(file => file.Root.Elements("isoptional").Any()).Select(file => Errors.OptionalInProperty(file.Path)));

    /// <summary>The type is a code that Dataverse knows, 0 to 12 (facts, section 1).</summary>
    public static IEnumerable<CodedError> TypesAreKnown(PackInput input) =>
        from file in input.Parameters.Concat(input.Properties)
        from type in file.Root.Elements("type")
        where ApiType.Of(type.Value) is null
        select Errors.TypeUnknown(file.Path, type.Value);

    /// <summary>The folder is called like the unique name in the file; the importer takes either.</summary>
    public static IEnumerable<CodedError> FoldersAreUniqueNames(PackInput input) =>
        input.ApiFiles.Where(file => !string.Equals(file.FolderName, file.UniqueName, StringComparison.Ordinal))
            .Select(file => Errors.FolderDiffers(file.Path, file.UniqueName));

    /// <summary>A custom API's unique name starts with the publisher's prefix (facts, section 1).</summary>
    public static IEnumerable<CodedError> NamesHaveThePrefix(PackInput input) =>
        input.Manifest?.Element("Publisher")?.Text("CustomizationPrefix") is not { } prefix
            ? []
            : input.Apis.Where(api => !api.UniqueName.StartsWith(prefix + "_", StringComparison.Ordinal))
                .Select(api => Errors.PrefixMissing(api.Path, prefix + "_"));

    /// <summary>Unique names have 1 to 128 characters (facts, section 1).</summary>
    public static IEnumerable<CodedError> NamesAreShort(PackInput input) =>
        input.ApiFiles.Where(file => file.UniqueName.Length is 0 or > MaximumName).Select(file => Errors.NameLength(file.Path, MaximumName));

    /// <summary>Descriptions have at most 300 characters (facts, section 1) and say the same in the label.</summary>
    public static IEnumerable<CodedError> DescriptionsAreShort(PackInput input) =>
        from file in Known(input)
        from text in file.Root.Elements("description")
        let value = (string?)text.Attribute("default") ?? string.Empty
        where value.Length is 0 or > MaximumDescription || !string.Equals(value, (string?)text.Element("label")?.Attribute("description"), StringComparison.Ordinal)
        select Errors.DescriptionBad(file.Path, MaximumDescription);

    private static IEnumerable<ComponentFile> Known(PackInput input) =>
        input.ApiFiles.Where(file => file.IsNamed(file.Root.Name.LocalName + ".xml"));

    // These two have a rule of their own.
    private static bool Optional(string name) => name is "executeprivilegename" or "isoptional";
}
