using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using ChatAuth.Dataverse;
using ChatAuth.Probing;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>
/// What an environment of an earlier version holds on to: names of the zips' entries, ids, the custom APIs' contract.
/// </summary>
/// <remarks>tests/golden/package.txt was made of the zips of 0.1.0. A line of it is never changed.</remarks>
[TestClass]
public sealed class A_package_keeps_names_ids_and_contract
{
    private static readonly string[] Zips =
        ["ChatAuth_managed.zip", "ChatAuth.zip", "ChatAuthPortal_managed.zip", "ChatAuthPortal.zip"];

    [TestMethod]
    public async Task It_is_what_0_1_0_madeAsync()
    {
        using TemporaryFolder folder = new();
        CommandRun packed = await CommandRun.OfAsync(
            [
                "pack", "--site-id", "20f5d326-50b3-492b-aa2f-b29c913c932a",
                "--portal-url", "https://contosohelp.com",
                "--home-page", "72039cc9-7b49-4773-91e6-9820290aecce",
                "--publishing-state", "3de66291-24a2-45a8-8ed9-3714e0e9d453",
                "--web-role", "dc2b1fc1-27fd-4af6-b084-0dee12022fcc",
                "--language", "f81f1fb6-ea27-423b-85a9-56d1c6f61823",
                "--with-authentication-settings",
                "--out", folder.Path,
            ]);
        Assert.AreEqual(0, packed.ExitCode, packed.Error);
        string golden = await File.ReadAllTextAsync(RepositoryRoot.File("tests/golden/package.txt"));

        Assert.AreEqual(golden, string.Concat(
            Zips.SelectMany(zip => Entries(folder.File(zip)))
                .Concat(Components(folder.File(Zips[0]))).Concat(Rows()).Select(line => line + "\n")));
    }

    private static IEnumerable<string> Entries(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        return [.. zip.Entries.Select(entry => $"entry {Path.GetFileName(path)} {entry.FullName}")];
    }

    private static IEnumerable<string> Components(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        XElement assembly = Xml(zip.GetEntry("customizations.xml")!).Descendants("PluginAssembly").Single();
        yield return $"id {Value(assembly, "PluginAssemblyId")} {Value(assembly, "FullName")}";
        foreach (XElement type in assembly.Descendants("PluginType"))
        {
            yield return $"id {Value(type, "PluginTypeId")} {Value(type, "Name")}";
        }

        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (entry.FullName.StartsWith("customapis/", StringComparison.Ordinal))
            {
                XElement root = Xml(entry);
                yield return $"api {entry.FullName} {Value(root, "uniquename")} " + string.Join(' ', root.Elements()
                    .Where(element => !element.HasElements).Select(element => $"{element.Name}={element.Value}"));
            }
        }
    }

    private static IEnumerable<string> Rows() =>
    [
        $"row {KeyRow.Id} keys",
        $"row {ChatAuthStep.IssueToken.Id} step {ChatAuthStep.IssueToken.Message}",
        $"row {ChatAuthStep.PublishKeys.Id} step {ChatAuthStep.PublishKeys.Message}",
        $"row {AuthenticationRow.OwnId} authentication settings",
        $"row {ProbeRows.IssueToken.Id} probing step {ProbeRows.IssueToken.Message}",
        $"row {ProbeRows.PublishKeys.Id} probing step {ProbeRows.PublishKeys.Message}",
        $"row {ProbeRows.SecurePath} probing keys",
    ];

    private static XElement Xml(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        return XDocument.Load(stream).Root!;
    }

    private static string Value(XElement element, string attribute) => element.Attribute(attribute)!.Value;
}
