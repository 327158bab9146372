using System.Reflection;

namespace ChatAuth.Pack;

/// <summary>Files that travel inside the command.</summary>
internal static class EmbeddedFile
{
    /// <summary>The resource name of the plug-in assembly.</summary>
    public const string PluginAssembly = "ChatAuth.Plugins.dll";

    /// <summary>The bytes of an embedded file, its path with <c>/</c> wherever the command was built.</summary>
    /// <exception cref="FileNotFoundException">The command was built without it.</exception>
    public static byte[] Read(string name)
    {
        Assembly assembly = typeof(EmbeddedFile).Assembly;
        string? resource = assembly.GetManifestResourceNames().FirstOrDefault(each => each.Replace('\\', '/') == name);
        using Stream stream = (resource == null ? null : assembly.GetManifestResourceStream(resource))
            ?? throw new FileNotFoundException(null, name);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
