using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using ChatAuth.Pack;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>The zips as pack writes them.</summary>
[TestClass]
public sealed class The_solution_is_packed
{
    private const string DllPath =
        "PluginAssemblies/ChatAuthPlugins-F6825028-9AF9-464B-BC9E-3B0869B6F258/ChatAuthPlugins.dll";

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void IsTheSameBytesInEveryCulture(bool managed)
    {
        byte[] first = SolutionPackage.Product().Pack(managed);
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(
                string.Empty)
            { NumberFormat = { NegativeSign = "~" }, DateTimeFormat = { DateSeparator = "!" } };
            CollectionAssert.AreEqual(first, SolutionPackage.Product().Pack(managed));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [TestMethod]
    [DataRow("utf-8", false, DisplayName = "carriage returns")]
    [DataRow("utf-8", true, DisplayName = "a byte order mark")]
    [DataRow("utf-16", true, DisplayName = "UTF-16")]
    public void IsTheSameBytesHoweverTheSourceWasSaved(string encoding, bool mark)
    {
        Encoding saved = Encoding.GetEncoding(encoding);
        UnpackedSolution source = UnpackedSolution.Embedded();
        foreach ((string path, byte[] content) in source.Files)
        {
            string text = Encoding.UTF8.GetString(content).Replace("\n", "\r\n", StringComparison.Ordinal).Replace(
                "encoding=\"utf-8\"", $"encoding=\"{encoding}\"", StringComparison.Ordinal);
            source = source.With(path, [.. mark ? saved.GetPreamble() : [], .. saved.GetBytes(text)]);
        }

        CollectionAssert.AreEqual(SolutionPackage.Product().Pack(managed: true),
            new SolutionPackage(source, "ChatAuth", EmbeddedFile.Read(EmbeddedFile.PluginAssembly)).Pack(
                managed: true));
    }

    [TestMethod]
    [DataRow(true, DisplayName = "a newline at the end of each file")]
    [DataRow(false, DisplayName = "none")]
    public void IsTheSameBytesFromAFolderThatSolutionPackagerExtracted(bool hasNewline)
    {
        UnpackedSolution source = UnpackedSolution.Embedded();
        foreach ((string path, byte[] content) in source.Files)
        {
            string text = Encoding.UTF8.GetString(content).TrimEnd() + (hasNewline ? "\r\n" : string.Empty);
            source = source.With(path, Encoding.UTF8.GetBytes(text));
        }

        CollectionAssert.AreEqual(SolutionPackage.Product().Pack(managed: true),
            new SolutionPackage(source, "ChatAuth", EmbeddedFile.Read(EmbeddedFile.PluginAssembly)).Pack(
                managed: true));
    }

    [TestMethod]
    public void HoldsEveryEntryAsDeflateBlocksThatAreStored()
    {
        byte[] large = [.. Enumerable.Range(0, 65_536).Select(i => (byte)((i * 31) >> 3))];
        Dictionary<string, byte[]> entries = new()
        {
            ["empty"] = [],
            ["exact"] = large[..65_535],
            ["large"] = large,
            ["one"] = [7],
        };
        byte[] zip = ReproducibleZip.Write(entries);

        // APPNOTE 4.3.7 and RFC 1951 section 3.2.4: method 8; in each block a byte for "stored" and "last", its length
        // and the complement of it.
        int at = 0;
        foreach ((string name, byte[] content) in entries)
        {
            Assert.AreEqual(8, BitConverter.ToUInt16(zip, at + 8), name);
            Assert.AreEqual(content.Length, BitConverter.ToInt32(zip, at + 22), name);
            int packed = BitConverter.ToInt32(zip, at + 18);
            int start = at + 30 + BitConverter.ToUInt16(zip, at + 26);
            int block = start;
            int rest = content.Length;
            do
            {
                int length = Math.Min(rest, 65_535);
                rest -= length;
                Assert.AreEqual(rest == 0 ? 1 : 0, zip[block], name);
                Assert.AreEqual(
                    (length, 65_535 - length),
                    (BitConverter.ToUInt16(zip, block + 1), BitConverter.ToUInt16(zip, block + 3)), name);
                block += 5 + length;
            }
            while (rest > 0);
            Assert.AreEqual(start + packed, block, name);
            at = block;
        }

        using ZipArchive archive = new(new MemoryStream(zip));
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using MemoryStream content = new();
            entry.Open().CopyTo(content);
            CollectionAssert.AreEqual(entries[entry.FullName], content.ToArray());
        }
    }

    [TestMethod]
    public void HoldsTheCustomApisAsTheyAreInTheSource()
    {
        using ZipArchive zip = Open(managed: true);

        foreach ((string path, byte[] content) in UnpackedSolution.Embedded().Files
            .Where(file => file.Key.StartsWith("customapis/", StringComparison.Ordinal)))
        {
            Assert.AreEqual(Encoding.UTF8.GetString(content), Read(zip, path));
        }
    }

    [TestMethod]
    public void HoldsWhatDataverseImportsSortedAndWithoutTime()
    {
        using ZipArchive zip = Open(managed: true);

        string[] names = [.. zip.Entries.Select(entry => entry.FullName)];
        CollectionAssert.AreEqual(names.Order(StringComparer.Ordinal).ToArray(), names);
        CollectionAssert.IsSubsetOf(
            (string[])[DllPath, "[Content_Types].xml", "customizations.xml", "solution.xml"], names);
        Assert.AreEqual(
            names.Length - 4, names.Count(name => name.StartsWith("customapis/chatauth_", StringComparison.Ordinal)));
        Assert.IsTrue(
            zip.Entries.All(
                entry => entry.LastWriteTime.DateTime == new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)));
    }

    [TestMethod]
    public void HoldsTheDllWhereFileNameSays()
    {
        using ZipArchive zip = Open(managed: true);

        StringAssert.Contains(Read(zip, "customizations.xml"), "<FileName>/" + DllPath + "</FileName>");
        using MemoryStream dll = new();
        zip.GetEntry(DllPath)!.Open().CopyTo(dll);
        CollectionAssert.AreEqual(EmbeddedFile.Read(EmbeddedFile.PluginAssembly), dll.ToArray());
    }

    [TestMethod]
    public void KeepsEveryContainer()
    {
        using ZipArchive zip = Open(managed: false);
        string customizations = Read(zip, "customizations.xml");

        string[] containers =
            ["Entities", "Roles", "Workflows", "optionsets", "SdkMessageProcessingSteps", "EntityDataProviders"];
        foreach (string container in containers)
        {
            StringAssert.Contains(customizations, $"<{container} />");
        }
    }

    [TestMethod]
    public void NamesAContentTypeForEveryExtension()
    {
        using ZipArchive zip = Open(managed: true);

        StringAssert.Contains(
            Read(zip, "[Content_Types].xml"), "<Default Extension=\"dll\" ContentType=\"application/octet-stream\" "
                + "/>\n  <Default Extension=\"xml\" ContentType=\"application/octet-stream\" />");
    }

    [TestMethod]
    public void DiffersInOneElementBetweenManagedAndUnmanaged()
    {
        using ZipArchive managed = Open(managed: true);
        using ZipArchive unmanaged = Open(managed: false);

        CollectionAssert.AreEqual((string[])["solution.xml"],
            managed.Entries.Select(entry => entry.FullName).Where(name => Read(managed, name) != Read(unmanaged, name))
                .ToArray());
        Assert.AreEqual(
            Read(managed, "solution.xml").Replace("<Managed>1<", "<Managed>0<", StringComparison.Ordinal),
            Read(unmanaged, "solution.xml"));
    }

    [TestMethod]
    public async Task IsWrittenWithItsHashAsync()
    {
        using TemporaryFolder folder = new();

        CommandRun run = await CommandRun.OfAsync(["pack", "--out", folder.File("drop")]);

        Assert.AreEqual(0, run.ExitCode);
        string[] expected =
            [.. ((string[])["ChatAuth_managed.zip", "ChatAuth.zip"]).Select(name => folder.File("drop/" + name))
            .Select(path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) + "  " + path)];
        Assert.AreEqual(string.Join('\n', expected) + "\n", run.Out);
    }

    [TestMethod]
    public async Task IsNotMadeByAnUnknownOptionAsync() =>
        Assert.AreEqual(2, (await CommandRun.OfAsync(["pack", "--fast"])).ExitCode);

    private static ZipArchive Open(bool managed) => new(new MemoryStream(SolutionPackage.Product().Pack(managed)));

    private static string Read(ZipArchive zip, string name)
    {
        using StreamReader reader = new(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
