using System;

namespace ChatAuth.Plugins.Json;

/// <summary>A member's name, encoded once: every token writes the same names.</summary>
internal sealed class JsonName
{
    /// <summary>The name in quotes and a colon, UTF-8.</summary>
    internal byte[] Encoded { get; }

    internal JsonName(string name)
    {
        var writer = new JsonWriter(name.Length + 3).Name(name);
        Encoded = new byte[writer.Length];
        Array.Copy(writer.Buffer, Encoded, writer.Length);
    }
}
