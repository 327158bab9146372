using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

[TestClass]
public sealed class A_file_is_written
{
    [TestMethod]
    public async Task A_full_disk_is_no_file_that_exists_and_leaves_no_half_one()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("ulimit is of Unix shells.");
        }

        using TemporaryFolder folder = new();
        ProcessStartInfo shell = new("/bin/sh") { RedirectStandardError = true };
        string[] arguments =
        [
            "-c", "trap '' XFSZ; ulimit -f 0; DOTNET_EnableDiagnostics=0 DOTNET_EnableWriteXorExecute=0 "
                + "exec dotnet \"$0\" key new --out \"$1\"",
            typeof(CommandHost).Assembly.Location, folder.File("key.json"),
        ];
        Array.ForEach(arguments, shell.ArgumentList.Add);
        using Process process = Process.Start(shell)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        StringAssert.Contains(error, "CHATAUTH4002");
        Assert.IsFalse(File.Exists(folder.File("key.json")));
    }

    [TestMethod]
    public void A_link_stays_one_and_what_it_leads_to_is_written_and_deleted()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Making a link needs a privilege there.");
        }

        using TemporaryFolder folder = new();
        string link = folder.File("link");
        Directory.CreateDirectory(folder.File("web"));
        File.CreateSymbolicLink(link, Path.Combine("web", "keys"));
        DiskFile.Write(link, [1]);
        DiskFile.Write(link, [2]);
        Assert.IsNotNull(new FileInfo(link).LinkTarget);
        CollectionAssert.AreEqual(new byte[] { 2 }, File.ReadAllBytes(folder.File("web/keys")));
        DiskFile.Delete(link);
        Assert.IsFalse(File.Exists(folder.File("web/keys")));
    }

    // Never tried on a device: as an administrator a fault would put a file in its place.
    [TestMethod]
    public void What_lies_where_devices_are_is_written_to_and_stays()
    {
        if (!Directory.Exists("/dev/shm"))
        {
            Assert.Inconclusive("There is no folder for files beside the devices.");
        }

        string path = Path.Combine("/dev/shm", Path.GetRandomFileName());
        File.WriteAllBytes(path, [1, 2, 3]);
        try
        {
            using FileStream same = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            DiskFile.Write(path, [4, 5]);
            Assert.AreEqual(2, same.Length);
            Assert.AreEqual(4, same.ReadByte());
            Assert.ThrowsExactly<CommandException>(() => DiskFile.Delete(path));
            Assert.IsTrue(File.Exists(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    [DataRow("link", "web/keys", true)]
    [DataRow("folder/keys", "web/keys", true)]
    [DataRow("folder/other", "web/keys", false)]
    [DataRow("link", "link.json", false)]
    public void Two_paths_that_lead_to_one_file_are_known(string one, string other, bool areOne)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Making a link needs a privilege there.");
        }

        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("web"));
        File.CreateSymbolicLink(folder.File("link"), Path.Combine("web", "keys"));
        Directory.CreateSymbolicLink(folder.File("folder"), "web");
        Assert.AreEqual(areOne, DiskFile.AreOne(folder.File(one), folder.File(other)));
        Assert.AreEqual(!OperatingSystem.IsLinux(), DiskFile.AreOne(folder.File("web/keys"), folder.File("web/Keys")));
    }

    [TestMethod]
    public void A_link_that_leads_to_itself_is_told()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Making a link needs a privilege there.");
        }

        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("link"), "link");
        Assert.AreEqual("CHATAUTH4002", Assert.ThrowsExactly<CommandException>(
            () => DiskFile.Write(folder.File("link"), [1])).Errors[0].Code);
        Assert.AreEqual("CHATAUTH4001", Assert.ThrowsExactly<CommandException>(
            () => DiskFile.AreOne(folder.File("link"), folder.File("other"))).Errors[0].Code);
    }
}
