using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ChatAuth.Pack;

/// <summary>Reads and writes the XML of a solution, the same on every machine.</summary>
internal static class SolutionXml
{
    /// <summary>Reads a document; null when it is not well-formed XML without a document type.</summary>
    /// <remarks>A document type could name outside files; no solution file has one.</remarks>
    public static XDocument? TryParse(byte[] content)
    {
        try
        {
            using MemoryStream stream = new(content);
            using XmlReader reader = XmlReader.Create(
                stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace | LoadOptions.SetLineInfo);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>
    /// The bytes of a document: UTF-8 without byte order mark, LF, indented by two spaces, declared if it was, one
    /// newline at its end.
    /// </summary>
    /// <remarks>
    /// A checkout on Windows may hold CRLF, an editor may have added a byte order mark, SolutionPackager ends its files
    /// without a newline: none of it reaches the zip.
    /// </remarks>
    public static byte[] Write(XDocument document)
    {
        using MemoryStream stream = new();
        XmlWriterSettings settings = new()
        {
            Encoding = new UTF8Encoding(false),
            Indent = true,
            IndentChars = "  ",
            NewLineChars = "\n",
            OmitXmlDeclaration = document.Declaration is null,
        };
        using (XmlWriter writer = XmlWriter.Create(stream, settings))
        {
            WithoutIndentation(document).Save(writer);
        }

        stream.WriteByte((byte)'\n');

        return stream.ToArray();
    }

    /// <summary>The text of a child element; null when there is no such child.</summary>
    public static string? Text(this XElement element, string child) => element.Element(child)?.Value;

    private static XDocument WithoutIndentation(XDocument document)
    {
        XDocument copy = new(document);
        copy.Nodes().OfType<XText>().Remove();
        copy.DescendantNodes().OfType<XText>()
            .Where(text => string.IsNullOrWhiteSpace(text.Value) && text.Parent is { HasElements: true })
            .ToList().ForEach(text => text.Remove());
        copy.Descendants().Attributes().Where(
            attribute => attribute.IsNamespaceDeclaration && attribute.Parent != copy.Root)
            .Remove();
        return copy;
    }
}
