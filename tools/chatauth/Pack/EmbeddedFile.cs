using System.IO;

namespace ChatAuth.Pack;

/// <summary>Files that travel inside the command.</summary>
internal static class EmbeddedFile
{
    /// <summary>The resource name of the plug-in assembly.</summary>
    public const string PluginAssembly = "ChatAuth.Plugins.dll";

    /// <summary>The bytes of an embedded file.</summary>
    /// <exception cref="FileNotFoundException">The command was built without it.</exception>
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(null, name);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
