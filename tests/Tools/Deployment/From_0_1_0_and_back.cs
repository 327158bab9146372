using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Pack;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>This version over an environment of 0.1.0, and 0.1.0's zip over one of this version.</summary>
/// <remarks>
/// 0.1.0's managed zip differs from this version's in the version in solution.xml, in its entries, which are stored,
/// and in the plug-in assembly (names, ids and contract: tests/golden/package.txt). No binary is kept in the
/// repository, so the assembly here is this version's under the same identity: what 0.1.0's own code makes of newer
/// settings is said in the documentation, not shown here.
/// </remarks>
[TestClass]
public sealed class From_0_1_0_and_back : EnvironmentUnderTest
{
    private const string OldVersion = "0.1.0.0";

    [TestMethod]
    public async Task The_new_zip_goes_over_what_0_1_0_deployed()
    {
        string kid = await DeployOldAsync();
        IReadOnlyList<string> before = Rows();

        Settings.Remove("solution");
        CommandRun run = await DoAsync("deploy");
        StringAssert.Contains(run.Error, $"done: import the solution {ProductVersion.OfSolution}");
        CollectionAssert.AreEqual(new[] { "POST ImportSolutionAsync" }, Network.Writes.ToArray());
        Assert.AreEqual(ProductVersion.OfSolution.ToString(), Installed());
        CollectionAssert.AreEqual(before.ToArray(), Rows().ToArray());
        Assert.AreEqual(kid, await IssueVerifiedAsync());

        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task The_old_zip_goes_over_what_this_version_deployed()
    {
        await DoAsync("deploy");
        string kid = await IssueVerifiedAsync();
        IReadOnlyList<string> before = Rows();
        byte[] old = OldZip();
        using (WebApi dataverse = new(Url, Deployer.Token, Clock))
        {
            await SolutionImport.RunAsync(
                dataverse, old, Clock, new Waiting(_ => { }, text => text, Clock, null), TimeSpan.Zero,
                CancellationToken.None);
        }

        Assert.AreEqual(OldVersion, Installed());
        CollectionAssert.AreEqual(before.ToArray(), Rows().ToArray());
        Assert.AreEqual(kid, await IssueVerifiedAsync());

        // A command that carries the old zip has nothing to do; one of this version brings its own again.
        await File.WriteAllBytesAsync(Folder.File("old.zip"), old);
        Settings["solution"] = "old.zip";
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        Settings.Remove("solution");
        await DoAsync("deploy");
        Assert.AreEqual(ProductVersion.OfSolution.ToString(), Installed());
        Assert.AreEqual(kid, await IssueVerifiedAsync());
    }

    [TestMethod]
    public async Task A_deploy_of_0_1_0_leaves_the_newer_solution_where_it_is()
    {
        await DoAsync("deploy");
        await File.WriteAllBytesAsync(Folder.File("old.zip"), OldZip());
        Settings["solution"] = "old.zip";
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        Assert.AreEqual(ProductVersion.OfSolution.ToString(), Installed());
    }

    private async Task<string> DeployOldAsync()
    {
        await File.WriteAllBytesAsync(Folder.File("old.zip"), OldZip());
        Settings["solution"] = "old.zip";
        await DoAsync("deploy");
        Assert.AreEqual(OldVersion, Installed());
        return await IssueVerifiedAsync();
    }

    private string Installed() =>
        Organization.Rows.Now.Named("solution", "uniquename", SolutionZip.UniqueName)!.Text("version")!;

    // What deploy made, byte for byte.
    private IReadOnlyList<string> Rows() =>
    [
        .. new[] { "sdkmessageprocessingstep", "sdkmessageprocessingstepsecureconfig" }
            .SelectMany(table => Organization.Rows.Now.All(table))
            .Select(row => row.Id + " " + row.Version + " " + row.Text("configuration") + row.Text("secureconfig")),
    ];

    private static byte[] OldZip()
    {
        using ZipArchive source = new(new MemoryStream(SolutionPackage.Product().Pack(managed: true)));
        string[] recorded =
        [
            .. File.ReadLines(RepositoryRoot.File("tests/golden/package.txt"))
                .Where(line => line.StartsWith("entry ChatAuth_managed.zip ", StringComparison.Ordinal))
                .Select(line => line.Split(' ', 3)[2]),
        ];
        CollectionAssert.AreEqual(recorded, source.Entries.Select(entry => entry.FullName).ToArray());
        using MemoryStream zip = new();
        using (ZipArchive target = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in recorded)
            {
                using MemoryStream content = new();
                source.GetEntry(name)!.Open().CopyTo(content);
                byte[] bytes = name != "solution.xml" ? content.ToArray() : Encoding.UTF8.GetBytes(
                    Encoding.UTF8.GetString(content.ToArray()).Replace(
                        $"<Version>{ProductVersion.OfSolution}</Version>", $"<Version>{OldVersion}</Version>",
                        StringComparison.Ordinal));
                using Stream entry = target.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return zip.ToArray();
    }
}
