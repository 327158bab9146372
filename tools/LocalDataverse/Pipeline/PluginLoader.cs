using System.Collections.Concurrent;
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
    // Loaded code stays loaded, so the same bytes are loaded once, also for another organization of this process.
    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Loaded = new(StringComparer.Ordinal);

    /// <summary>The assembly of those bytes; BadImageFormatException when they are none.</summary>
    /// <param name="content">The dll, base64.</param>
    public static Assembly Load(string content) =>
        Loaded.GetOrAdd(content, _ => new Lazy<Assembly>(() =>
        {
            using var stream = new MemoryStream(Convert.FromBase64String(content), writable: false);
            return new PluginLoader().LoadFromStream(stream);
        })).Value;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name switch
    {
        "Microsoft.Xrm.Sdk" => typeof(IPlugin).Assembly,
        "mscorlib" or "System" => null,
        { } name when name.StartsWith("System.", StringComparison.Ordinal) => null,
        _ => throw new FileNotFoundException($"The sandbox has no assembly {assemblyName.Name}."),
    };
}
