using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>pack.ps1 in PowerShell and, on Windows, in Windows PowerShell, from another folder.</summary>
[TestClass]
[DoNotParallelize] // starts other programs
public sealed class A_Windows_pipeline_packs : IDisposable
{
    private static readonly string Script = RepositoryRoot.File("pack.ps1");

    public static IEnumerable<object[]> Shells =>
        OperatingSystem.IsWindows() ? [["pwsh"], ["powershell"]] : [["pwsh"]];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(Shells))]
    public async Task Into_the_folder_that_it_names(string program)
    {
        (int exitCode, string said) = await RunAsync(program, "-File", Script, "--out", "a drop");
        Assert.AreEqual(0, exitCode, said);
        CollectionAssert.AreEquivalent(
            new[] { "ChatAuth.zip", "ChatAuth_managed.zip" },
            Directory.GetFiles(folder.File("a drop")).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Shells))]
    public async Task Or_fails_with_the_exit_code_of_the_command(string program)
    {
        await File.WriteAllTextAsync(folder.File("file"), string.Empty);
        foreach ((string[] arguments, int expected, string why) in new[]
        {
            (new[] { "--out", "file" }, 1, "CHATAUTH4002"),
            (["--bogus"], 2, "--bogus"),
        })
        {
            (int exitCode, string said) = await RunAsync(program, ["-File", Script, .. arguments]);
            Assert.AreEqual(expected, exitCode, said);
            StringAssert.Contains(said, why);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shells))]
    public async Task Or_fails_where_dotnet_is_not_there(string program)
    {
        (int exitCode, string said) = await RunAsync(
            program, "-Command", $"$env:PATH = ''; & '{Script}' --out drop; exit $LASTEXITCODE");
        Assert.AreEqual(1, exitCode, said);
        StringAssert.Contains(said, "dotnet is not there.");
        Assert.IsFalse(Directory.Exists(folder.File("drop")));
    }

    private async Task<(int ExitCode, string Said)> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, ["-NoProfile", "-NonInteractive", .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + error);
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive(program + " is not on the path of this machine.");
            throw;
        }
    }
}
