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
}
