using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using ChatAuth.LocalDataverse.Refusals;
using ChatAuth.LocalDataverse.Solutions;
using ChatAuth.Pack;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using SolutionZip = ChatAuth.Dataverse.SolutionZip;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>Zips of a few KB whose content is none: by their ratio, by depth, by many entries, by entries that lie over
/// one another.</summary>
[TestClass]
public sealed class A_zip_is_made_to_fill_the_memory
{
    private const string Head = "<ImportExportXml><SolutionManifest><UniqueName>ChatAuth</UniqueName>"
        + "<Version>9.0.0.0</Version><Managed>1</Managed>";

    private const string Tail = "</SolutionManifest></ImportExportXml>";

    private static Dictionary<string, Func<byte[]>> Zips { get; } = new()
    {
        ["a manifest of blanks"] = () => Zip("solution.xml", Head + new string(' ', 200_000_000) + Tail),
        ["a deep manifest"] = () => Zip(
            "solution.xml", Head + Repeated("<a>", 1_000_000) + Repeated("</a>", 1_000_000) + Tail),
        ["a manifest of attributes"] = () => Zip("solution.xml", Head.Replace(
            "<SolutionManifest", "<SolutionManifest" + string.Concat(
                Enumerable.Range(0, 500_000).Select(number => $" a{number}=''"))) + Tail),
        ["a manifest over itself"] = () => Overlapping(Zip("solution.xml", new string(' ', 20_000_000)), 3000),
        ["nothing"] = () => [],
        ["half of a zip"] = () => SolutionPackage.Product().Pack(managed: true)[..50_000],
    };

    public static IEnumerable<object[]> Names => Zips.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_command_reads_no_more_than_it_needs(string name)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("solution.zip"), Zips[name]());
        IsQuick(() => Assert.AreEqual("CHATAUTH5010", Assert.ThrowsExactly<CommandException>(
            () => SolutionZip.Read(folder.File("solution.zip"))).Errors[0].Code));
    }

    [TestMethod]
    public void Nor_of_an_assembly()
    {
        SolutionZip zip = new(Zip("ChatAuth.Plugins.dll", new string(' ', 200_000_000)), new Version(1, 0));
        IsQuick(() => Assert.AreEqual(
            "CHATAUTH5010", Assert.ThrowsExactly<CommandException>(zip.Assembly).Errors[0].Code));
    }

    [TestMethod]
    [DataRow("a manifest of blanks", 501)]
    [DataRow("a deep manifest", 501)]
    [DataRow("a manifest of attributes", 501)]
    [DataRow("a manifest over itself", 501)]
    [DataRow("nothing", 400)]
    [DataRow("half of a zip", 400)]
    public void Nor_does_LocalDataverse(string name, int status)
    {
        byte[] zip = Zips[name]();
        using MemoryStream memory = new();
        memory.Write(zip);
        if (name is "a deep manifest" or "a manifest of attributes")
        {
            using ZipArchive archive = new(memory, ZipArchiveMode.Update, leaveOpen: true);
            foreach (string other in (string[])["customizations.xml", "[Content_Types].xml"])
            {
                using StreamWriter file = new(archive.CreateEntry(other).Open());
                file.Write("<Types><Default Extension='xml'/></Types>");
            }
        }

        byte[] whole = memory.ToArray();
        IsQuick(() => Assert.AreEqual(
            status, Assert.ThrowsExactly<DataverseException>(() => SolutionFile.Parse(whole)).Status));
    }

    private static void IsQuick(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        action();
        Assert.IsLessThan(160, (GC.GetAllocatedBytesForCurrentThread() - bytes) >> 20, "MB");
        Assert.IsLessThan(5, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static byte[] Zip(string name, string content)
    {
        using MemoryStream memory = new();
        using (ZipArchive archive = new(memory, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream file = archive.CreateEntry(name).Open())
        {
            file.Write(Encoding.ASCII.GetBytes(content));
        }

        return memory.ToArray();
    }

    // The directory names the one entry many times (APPNOTE.TXT 4.3.12 and 4.3.16).
    private static byte[] Overlapping(byte[] zip, int times)
    {
        int end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        int start = BinaryPrimitives.ReadInt32LittleEndian(zip.AsSpan(end + 16));
        byte[] directory = [.. Enumerable.Repeat(zip[start..end], times).SelectMany(entry => entry)];
        byte[] last = zip[end..];
        BinaryPrimitives.WriteInt16LittleEndian(last.AsSpan(8), (short)times);
        BinaryPrimitives.WriteInt16LittleEndian(last.AsSpan(10), (short)times);
        BinaryPrimitives.WriteInt32LittleEndian(last.AsSpan(12), directory.Length);
        return [.. zip[..start], .. directory, .. last];
    }

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
