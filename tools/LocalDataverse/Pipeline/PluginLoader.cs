using System.Reflection;
using System.Runtime.Loader;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>A plug-in assembly, loaded from the bytes of the solution into a context of its own.</summary>
/// <remarks>
/// It shares the framework and the one SDK stand-in with this program, and nothing else: what is not in the zip is not
/// there, as in the sandbox.
/// </remarks>
internal sealed class PluginLoader : AssemblyLoadContext
{
    private PluginLoader(bool isCollectible)
        : base(isCollectible)
    {
    }

    /// <summary>The assembly of those bytes; BadImageFormatException when they are none.</summary>
    /// <remarks>
    /// Collectible to look at it during an import; not to run it, since collectible code runs slower.
    /// </remarks>
    public static Assembly Load(byte[] bytes, bool isCollectible)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return new PluginLoader(isCollectible).LoadFromStream(stream);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name switch
    {
        "Microsoft.Xrm.Sdk" => typeof(IPlugin).Assembly,
        "mscorlib" or "System" => null,
        { } name when name.StartsWith("System.", StringComparison.Ordinal) => null,
        _ => throw new FileNotFoundException($"The sandbox has no assembly {assemblyName.Name}."),
    };
}
