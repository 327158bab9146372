using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ChatAuth.Pack;

/// <summary>What the metadata of a plug-in assembly says about it.</summary>
/// <remarks>
/// The dll is read, never loaded: what is packed may come from anywhere (<c>--assembly</c>), and packing must not run it.
/// </remarks>
internal sealed class AssemblyImage
{
    private AssemblyImage(byte[] bytes, PEReader pe, MetadataReader metadata)
    {
        Bytes = bytes;
        AssemblyDefinition definition = metadata.GetAssemblyDefinition();
        byte[] publicKey = metadata.GetBlobBytes(definition.PublicKey);
        Name = metadata.GetString(definition.Name);
        FullName = Describe(Name, definition.Version, metadata.GetString(definition.Culture), TokenOf(publicKey));
        IsStrongNamed = publicKey.Length > 0
            && pe.PEHeaders.CorHeader is { } header
            && header.Flags.HasFlag(CorFlags.StrongNameSigned)
            && SignatureIsFilled(pe, header.StrongNameSignatureDirectory);
        References = [.. metadata.AssemblyReferences.Select(handle => Describe(metadata, metadata.GetAssemblyReference(handle)))];
        PluginTypes = [.. metadata.TypeDefinitions.Where(handle => IsPlugin(metadata, handle))
            .Select(handle => FullNameOf(metadata, handle)).Order(StringComparer.Ordinal)];
        NativeImports = [.. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
            .Select(method => metadata.GetString(method.Name))];
    }

    /// <summary>The dll itself, as it goes into the zip.</summary>
    public byte[] Bytes { get; }

    /// <summary>Its simple name.</summary>
    public string Name { get; }

    /// <summary>Its identity as Dataverse writes it: name, version, culture, public key token.</summary>
    public string FullName { get; }

    /// <summary>Whether it carries a public key and a signature that is filled in.</summary>
    public bool IsStrongNamed { get; }

    /// <summary>The identities of the assemblies it refers to.</summary>
    public ImmutableArray<string> References { get; }

    /// <summary>The full names of its public, concrete classes that are plug-ins, sorted.</summary>
    public ImmutableArray<string> PluginTypes { get; }

    /// <summary>The methods that come from native libraries.</summary>
    public ImmutableArray<string> NativeImports { get; }

    /// <summary>Reads the metadata of a dll.</summary>
    /// <exception cref="CommandException">The bytes are not a .NET assembly.</exception>
    public static AssemblyImage Parse(byte[] bytes)
    {
        try
        {
            using PEReader pe = new(ImmutableArray.Create(bytes));
            return new AssemblyImage(bytes, pe, pe.GetMetadataReader());
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException or ArgumentException or IOException)
        {
            throw new CommandException(Errors.NotAnAssembly());
        }
    }

    private static bool SignatureIsFilled(PEReader pe, DirectoryEntry directory) =>
        directory.Size > 0 && pe.GetSectionData(directory.RelativeVirtualAddress).GetContent(0, directory.Size).Any(value => value != 0);

    private static string Describe(MetadataReader metadata, AssemblyReference reference)
    {
        byte[] keyOrToken = metadata.GetBlobBytes(reference.PublicKeyOrToken);
        string token = reference.Flags.HasFlag(AssemblyFlags.PublicKey) ? TokenOf(keyOrToken) : Hex(keyOrToken);
        return Describe(metadata.GetString(reference.Name), reference.Version, metadata.GetString(reference.Culture), token);
    }

    private static string Describe(string name, Version version, string culture, string token) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}, Version={version}, Culture={(culture.Length == 0 ? "neutral" : culture)}, PublicKeyToken={token}");

    // ECMA-335 II.6.3: the token is the last eight bytes of the SHA-1 of the public key, in reverse.
    private static string TokenOf(byte[] publicKey)
    {
        if (publicKey.Length == 0)
        {
            return "null";
        }

        AssemblyName name = new();
        name.SetPublicKey(publicKey);
        return Hex(name.GetPublicKeyToken() ?? []);
    }

    private static string Hex(byte[] bytes) => bytes.Length == 0 ? "null" : Convert.ToHexStringLower(bytes);

    private static bool IsPlugin(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public
            && !type.Attributes.HasFlag(TypeAttributes.Abstract)
            && Implements(metadata, handle);
    }

    // The interface may come from a base class of the same assembly.
    private static bool Implements(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return type.GetInterfaceImplementations().Any(each =>
                FullNameOf(metadata, metadata.GetInterfaceImplementation(each).Interface) == "Microsoft.Xrm.Sdk.IPlugin")
            || (type.BaseType.Kind == HandleKind.TypeDefinition && Implements(metadata, (TypeDefinitionHandle)type.BaseType));
    }

    private static string FullNameOf(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                TypeDefinition definition = metadata.GetTypeDefinition((TypeDefinitionHandle)handle);
                return Join(metadata, definition.Namespace, definition.Name);
            case HandleKind.TypeReference:
                TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)handle);
                return Join(metadata, reference.Namespace, reference.Name);
            default:
                return string.Empty;
        }
    }

    private static string Join(MetadataReader metadata, StringHandle space, StringHandle name) =>
        space.IsNil ? metadata.GetString(name) : metadata.GetString(space) + "." + metadata.GetString(name);
}
