using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;

namespace ChatAuth.Pack;

/// <summary>Rules that hold the assembly's description (<c>.dll.data.xml</c>) against the dll.</summary>
internal static class AssemblyRules
{
    /// <summary>FullName is that of the dll: name, version, culture and token (SolutionPackager compares all four).</summary>
    public static IEnumerable<CodedError> FullNameIsTheDlls(PackInput input) =>
        input.Assemblies.Where(assembly => !Same(FullName(assembly), input.Assembly.FullName))
            .Select(assembly => Errors.FullNameDiffers(assembly.Path, FullName(assembly), input.Assembly.FullName));

    /// <summary>Folder, file and FileName are made of the name without dots and the id in upper case (facts, section 3).</summary>
    public static IEnumerable<CodedError> FileNameFollowsTheName(PackInput input)
    {
        foreach (ComponentFile assembly in input.Assemblies)
        {
            string name = FullName(assembly).Split(',')[0].Replace(".", string.Empty, StringComparison.Ordinal);
            string id = ((string?)assembly.Root.Attribute("PluginAssemblyId"))?.ToUpperInvariant() ?? string.Empty;
            string dll = string.Create(CultureInfo.InvariantCulture, $"PluginAssemblies/{name}-{id}/{name}.dll");
            if (!Same(assembly.Path, dll + ".data.xml") || !Same(assembly.Root.Text("FileName"), "/" + dll))
            {
                yield return Errors.AssemblyPathDiffers(assembly.Path, "/" + dll);
            }
        }
    }

    /// <summary>Isolation mode 2 (sandbox), source type 0 (database): all that Dataverse online runs.</summary>
    public static IEnumerable<CodedError> RunsInTheSandbox(PackInput input) =>
        from assembly in input.Assemblies
        from rule in ((string Name, string? Actual, string Value)[])
        [
            ("IsolationMode", assembly.Root.Text("IsolationMode"), "2"),
            ("SourceType", assembly.Root.Text("SourceType"), "0"),
            ("CustomizationLevel", (string?)assembly.Root.Attribute("CustomizationLevel"), "1"),
        ]
        where !Same(rule.Actual, rule.Value)
        select Errors.ValueDiffers(assembly.Path, rule.Name, rule.Value);

    /// <summary>Every listed plug-in type is a public plug-in class of the dll: import stops at any other.</summary>
    public static IEnumerable<CodedError> ListedTypesArePlugins(PackInput input) =>
        from assembly in input.Assemblies
        from type in Types(assembly)
        where !input.Assembly.PluginTypes.Contains(TypeName(type))
        select Errors.PluginTypeUnknown(assembly.Path, TypeName(type));

    /// <summary>Every public plug-in class of the dll is listed once: an unlisted one cannot be given a step.</summary>
    public static IEnumerable<CodedError> PluginsAreListed(PackInput input) =>
        from assembly in input.Assemblies
        from name in input.Assembly.PluginTypes
        where Types(assembly).Count(type => Same(TypeName(type), name)) != 1
        select Errors.PluginTypeNotListed(assembly.Path, name);

    /// <summary>AssemblyQualifiedName is the type's name and the dll's full name.</summary>
    public static IEnumerable<CodedError> TypeNamesAreQualified(PackInput input) =>
        from assembly in input.Assemblies
        from type in Types(assembly)
        where !Same((string?)type.Attribute("AssemblyQualifiedName"), TypeName(type) + ", " + input.Assembly.FullName)
        select Errors.QualifiedNameDiffers(assembly.Path, TypeName(type));

    private static string FullName(ComponentFile assembly) => (string?)assembly.Root.Attribute("FullName") ?? "missing";

    private static IEnumerable<XElement> Types(ComponentFile assembly) => assembly.Root.Elements("PluginTypes").Elements("PluginType");

    private static string TypeName(XElement type) => (string?)type.Attribute("Name") ?? "missing";

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);
}
