using System;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using ChatAuth.Pack;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>The real dll with some bytes changed, and other dlls in its place.</summary>
[TestClass]
public sealed class ADllThatIsNotFitToPack
{
    private static readonly byte[] Dll = EmbeddedFile.Read(EmbeddedFile.PluginAssembly);

    [TestMethod]
    public void IsRefusedWithoutASignature() => Assert.AreEqual("4127", Codes(Changed((dll, pe, _) =>
    {
        DirectoryEntry signature = pe.PEHeaders.CorHeader!.StrongNameSignatureDirectory;
        Assert.IsTrue(pe.PEHeaders.TryGetDirectoryOffset(signature, out int offset));
        dll.AsSpan(offset, signature.Size).Clear();
    })));

    [TestMethod]
    [DataRow(65536, "")]
    [DataRow(65537, "4128")]
    public void IsRefusedAbove64Kilobytes(int length, string codes) =>
        Assert.AreEqual(codes, Codes([.. Dll, .. new byte[length - Dll.Length]]));

    [TestMethod]
    public void IsRefusedWithAForeignReference() => Assert.AreEqual("4129", Codes(Changed((dll, _, _) =>
        dll[dll.AsSpan().IndexOf("mscorlib\0"u8)] = (byte)'n')));

    [TestMethod]
    public void IsRefusedWithANativeMethod() => Assert.AreEqual("4130", Codes(Changed((dll, pe, metadata) =>
        dll[Row(pe, metadata, TableIndex.MethodDef, 1) + 7] |= 0x20))); // ECMA-335 II.22.26: Flags at 6, PinvokeImpl 0x2000

    [TestMethod]
    public void IsRefusedWhenAListedPluginIsInternal() => Assert.AreEqual("4124", Codes(Changed((dll, pe, metadata) =>
        dll[Row(pe, metadata, TableIndex.TypeDef, IssueChatToken(metadata))] &= 0xF8)));

    [TestMethod]
    public void IsRefusedWhenAListedPluginIsAbstract() => Assert.AreEqual("4124", Codes(Changed((dll, pe, metadata) =>
        dll[Row(pe, metadata, TableIndex.TypeDef, IssueChatToken(metadata))] |= 0x80)));

    [TestMethod]
    public void IsRefusedWithAnotherVersion() => Assert.AreEqual("4121 4126 4126", Codes(Changed((dll, pe, metadata) =>
        dll[Row(pe, metadata, TableIndex.Assembly, 1) + 4]++))); // ECMA-335 II.22.2: MajorVersion at 4

    [TestMethod]
    [DataRow("")]
    [DataRow("MZ")]
    [DataRow("{\"not\": \"a dll\"}")]
    public void IsRefusedWhenItIsNoAssembly(string content) => Assert.AreEqual("4120", Codes(Encoding.UTF8.GetBytes(content)));

    [TestMethod]
    public void IsRefusedWhenItIsAnotherProgram()
    {
        string codes = Codes(File.ReadAllBytes(typeof(Program).Assembly.Location));

        foreach (string code in (string[])["4121", "4124", "4129"])
        {
            StringAssert.Contains(codes, code);
        }
    }

    [TestMethod]
    public void NamesPackagesThatOnlyLookLikeTheFramework()
    {
        PackInput input = new(UnpackedSolution.Embedded(), AssemblyImage.Parse(File.ReadAllBytes(typeof(Program).Assembly.Location)), [], "0");

        string findings = string.Join('\n', DllRules.RefersToTheFrameworkOnly(input));

        StringAssert.Contains(findings, "System.CommandLine");
        StringAssert.Contains(findings, "System.Memory, Version=10.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51");
    }

    private static int IssueChatToken(MetadataReader metadata) => MetadataTokens.GetRowNumber(
        metadata.TypeDefinitions.Single(handle => metadata.GetString(metadata.GetTypeDefinition(handle).Name) == "IssueChatToken"));

    private static int Row(PEReader pe, MetadataReader metadata, TableIndex table, int row) =>
        pe.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(table) + ((row - 1) * metadata.GetTableRowSize(table));

    private static byte[] Changed(Action<byte[], PEReader, MetadataReader> change)
    {
        byte[] copy = [.. Dll];
        using PEReader pe = new([.. Dll]);
        change(copy, pe, pe.GetMetadataReader());
        return copy;
    }

    private static string Codes(byte[] dll)
    {
        try
        {
            SolutionPackage.Check(assembly: dll);
            return string.Empty;
        }
        catch (CommandException exception)
        {
            return string.Join(' ', exception.Errors.Select(error => error.Code["CHATAUTH".Length..]));
        }
    }
}
