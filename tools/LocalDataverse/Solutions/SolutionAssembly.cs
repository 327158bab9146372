using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using ChatAuth.LocalDataverse.Pipeline;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>A plug-in assembly of a solution.</summary>
/// <param name="Id">Plug-in assembly id.</param>
/// <param name="FullNameParts">Name, version, culture and public key token.</param>
/// <param name="FileName">Path in the zip.</param>
/// <param name="Bytes">The dll.</param>
/// <param name="Types">Ids and type names of its plug-in types.</param>
internal sealed record SolutionAssembly(Guid Id, AssemblyName FullNameParts, string FileName, byte[] Bytes,
    IReadOnlyList<(Guid Id, string Name, string FriendlyName)> Types)
{
    // Facts 2: 16 MB at most.
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Name, version, culture and public key token in one text.</summary>
    public string FullName => FullNameParts.FullName;

    /// <summary>
    /// The assemblies customizations.xml describes; but for steps everything else in it must be empty.
    /// </summary>
    public static IReadOnlyList<SolutionAssembly> ParseAll(
        XElement customizations, IReadOnlyDictionary<string, byte[]> files)
    {
        string[] read = ["SolutionPluginAssemblies", "SdkMessageProcessingSteps", "Languages"];
        if (customizations.Elements()
                .FirstOrDefault(e => e.HasElements && !read.Contains(e.Name.LocalName)) is { } other)
        {
            throw Refusal.NotKnown($"{other.Name.LocalName} in customizations.xml");
        }

        var assemblies = customizations.Elements("SolutionPluginAssemblies").Elements("PluginAssembly");
        return [.. assemblies.Select(e => Parse(e, files))];
    }

    private static SolutionAssembly Parse(XElement element, IReadOnlyDictionary<string, byte[]> files)
    {
        // Ensure the element says what a sandboxed assembly stored in the database says (facts 3)
        var fullName = Attribute(element, "FullName");
        foreach (var (name, expected) in new[] { ("IsolationMode", "2"), ("SourceType", "0") })
        {
            if (SolutionZip.Text(element, name) != expected)
            {
                throw SolutionZip.Refuse($"{name} of the assembly {fullName} must be {expected}.");
            }
        }

        if (Attribute(element, "CustomizationLevel") != "1")
        {
            throw SolutionZip.Refuse($"CustomizationLevel of the assembly {fullName} must be 1.");
        }

        // Ensure the dll is there and small enough
        var file = SolutionZip.Text(element, "FileName").TrimStart('/');
        if (!files.TryGetValue(file, out var bytes))
        {
            throw SolutionZip.Refuse($"The file {file} is missing.");
        }

        if (bytes.Length > MaxBytes)
        {
            throw SolutionZip.Refuse($"The assembly {fullName} has more than 16 MB.");
        }

        var assembly = StrongNamed(fullName, bytes);
        var types =
            element.Elements("PluginTypes").Elements("PluginType").Select(t => PluginType(t, assembly)).ToList();
        return new SolutionAssembly(Identifier(element, "PluginAssemblyId"), assembly.GetName(), file, bytes, types);
    }

    private static Assembly StrongNamed(string fullName, byte[] bytes)
    {
        try
        {
            using var reader = new PEReader(new MemoryStream(bytes, writable: false));
            var signed = reader.PEHeaders.CorHeader?.Flags.HasFlag(CorFlags.StrongNameSigned) == true;
            var assembly = PluginLoader.Load(Convert.ToBase64String(bytes));

            // Microsoft Learn: build and package plug-in code: an assembly must be signed.
            if (!signed || assembly.GetName().GetPublicKeyToken() is not { Length: 8 })
            {
                throw SolutionZip.Refuse("Public assembly must have public key token.");
            }

            return assembly.FullName == fullName
                ? assembly
                : throw SolutionZip.Refuse(
                    $"The assembly's full name {fullName} differs from that of the dll, {assembly.FullName}.");
        }
        catch (BadImageFormatException)
        {
            throw SolutionZip.Refuse($"The file of {fullName} is not an assembly.");
        }
    }

    private static (Guid Id, string Name, string FriendlyName) PluginType(XElement element, Assembly assembly)
    {
        var name = Attribute(element, "Name");
        var type = assembly.GetType(name);
        if (type is not { IsPublic: true, IsAbstract: false } || !typeof(IPlugin).IsAssignableFrom(type))
        {
            throw SolutionZip.Refuse(
                $"The plug-in type {name} is not a public class of the assembly that implements IPlugin.");
        }

        return Attribute(element, "AssemblyQualifiedName") == type.AssemblyQualifiedName
            ? (Identifier(element, "PluginTypeId"), name, SolutionZip.Text(element, "FriendlyName"))
            : throw SolutionZip.Refuse(
                $"The assembly-qualified name of the plug-in type {name} is not that of the dll.");
    }

    private static Guid Identifier(XElement element, string name) =>
        Guid.TryParse(Attribute(element, name), out var id) ? id : throw SolutionZip.Refuse($"{name} is not a GUID.");

    private static string Attribute(XElement element, string name) =>
        (string?)element.Attribute(name) ?? throw SolutionZip.Refuse($"{element.Name} has no {name}.");
}
