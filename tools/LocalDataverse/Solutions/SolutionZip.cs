using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>The files of a solution zip, and how their XML is read.</summary>
internal static class SolutionZip
{
    // A zip of a few KB may unpack to what fills the memory, by its ratio or by many entries of one text.
    private const int MaximumUnpacked = 32 * 1024 * 1024;
    private const int EntryCost = 256;

    // Ours has 5 KB and eight levels; to read what is nested deeply, or has many attributes, takes a time that grows by
    // the square.
    private const int MaximumXml = 1024 * 1024;
    private const int MaximumDepth = 100;

    /// <summary>The files by their paths; refused when it is no zip.</summary>
    /// <remarks>ECMA-376 part 2: the names of parts may be percent-encoded, and those of entries then are.</remarks>
    /// <param name="zip">The bytes.</param>
    public static IReadOnlyDictionary<string, byte[]> Read(byte[] zip)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(zip, writable: false));
            Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
            var left = MaximumUnpacked;
            foreach (var entry in archive.Entries.Where(e => e.Name.Length > 0))
            {
                byte[] bytes = Bytes(entry, left);
                files.Add(Uri.UnescapeDataString(entry.FullName), bytes);
                left -= bytes.Length + EntryCost;
            }

            return files;
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

        if (bytes.Length > MaximumXml)
        {
            throw Refusal.NotKnown("XML of more than 1 MB");
        }

        try
        {
            XmlReader Reader() => XmlReader.Create(
                new MemoryStream(bytes, writable: false),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            using (var depth = Reader())
            {
                while (depth.Read())
                {
                    if (depth.Depth > MaximumDepth)
                    {
                        throw Refusal.NotKnown("XML that is nested so deeply");
                    }
                }
            }

            using var reader = Reader();
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

    private static byte[] Bytes(ZipArchiveEntry entry, int maximum)
    {
        if (maximum < 0)
        {
            throw Refusal.NotKnown("a solution that unpacks to more than 32 MB");
        }

        using var stream = entry.Open();
        using var memory = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (var count = stream.Read(piece); count > 0; count = stream.Read(piece))
        {
            memory.Write(piece, 0, memory.Length + count <= maximum ? count
                : throw Refusal.NotKnown("a solution that unpacks to more than 32 MB"));
        }

        return memory.ToArray();
    }
}
