using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>The files of a solution zip, and how their XML is read.</summary>
internal static class SolutionZip
{
    /// <summary>The files by their paths; refused when it is no zip.</summary>
    /// <remarks>ECMA-376 part 2: the names of parts may be percent-encoded, and those of entries then are.</remarks>
    /// <param name="zip">The bytes.</param>
    public static IReadOnlyDictionary<string, byte[]> Read(byte[] zip)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip, writable: false));
            return archive.Entries.Where(e => e.Name.Length > 0)
                .ToDictionary(e => Uri.UnescapeDataString(e.FullName), Bytes, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw Refuse("The solution file is invalid: it is not a zip archive, or it holds a file twice.");
        }
    }

    /// <summary>A refusal of the file (ImportCustomizationsBadZipFileError).</summary>
    public static DataverseException Refuse(string message) => new(0x80048060, 400, message);

    /// <summary>The root element of a part, refused when it is missing or not well-formed.</summary>
    public static XElement Xml(IReadOnlyDictionary<string, byte[]> files, string name)
    {
        if (!files.TryGetValue(name, out var bytes))
        {
            throw Refuse($"The file {name} is missing.");
        }

        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes, writable: false),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader);
        }
        catch (XmlException e)
        {
            throw Refuse($"The file {name} is not well-formed XML (line {e.LineNumber}).");
        }
    }

    /// <summary>A child element, refused when it is missing.</summary>
    public static XElement Child(XElement parent, string name) =>
        parent.Element(name) ?? throw Refuse($"{parent.Name} has no {name}.");

    /// <summary>A child element's text, refused when it is missing or empty.</summary>
    public static string Text(XElement parent, string name) =>
        Child(parent, name).Value is { Length: > 0 } text ? text : throw Refuse($"{parent.Name} has an empty {name}.");

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
