using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests;

/// <summary>A package source with stand-ins under the names of the field, and a packages folder of its own.</summary>
/// <remarks>What else a build needs comes from this machine's packages folder; the stand-ins never get there.</remarks>
internal sealed class PackageFeed : IDisposable
{
    /// <summary>The packages that not every source has.</summary>
    public static readonly string[] OfTheField =
    [
        "FakeXrmEasy.9", "ILRepack", "Microsoft.CrmSdk.CoreAssemblies", "Microsoft.CrmSdk.XrmTooling.CoreAssembly",
    ];

    // As much of FakeXrmEasy as tests/Plugins uses.
    private const string FakeXrmEasy = """
        namespace FakeXrmEasy
        {
            public class XrmFakedContext
            {
                public virtual void Initialize(
                    System.Collections.Generic.IEnumerable<Microsoft.Xrm.Sdk.Entity> entities) { }

                public virtual Microsoft.Xrm.Sdk.IOrganizationService GetOrganizationService() { return null; }
            }
        }
        """;

    // Records its command line, and writes what could be the merged assembly.
    private const string ILRepack = """
        printf '%s\n' "$@" > "$(dirname "$0")/called"
        for argument; do case $argument in /out:*) echo merged > "${argument#/out:}" ;; esac; done
        """;

    private readonly TemporaryFolder folder = new();

    /// <summary>Makes one.</summary>
    public PackageFeed()
    {
        string sdk = typeof(Entity).Assembly.Location;
        Pack("Microsoft.CrmSdk.CoreAssemblies", "9.0.2.56", "lib/net462/Microsoft.Xrm.Sdk.dll", File.ReadAllBytes(sdk));
        Pack("FakeXrmEasy.9", "1.58.1", "lib/net462/FakeXrmEasy.dll", Compiled("FakeXrmEasy", FakeXrmEasy, sdk));
        Pack(
            "ILRepack",
            "2.0.46",
            "tools/ILRepack.exe",
            System.Text.Encoding.UTF8.GetBytes(ILRepack.ReplaceLineEndings("\n")));
        Directory.CreateDirectory(folder.File("fallback"));
        foreach (string package in Directory.GetDirectories(MachinePackages))
        {
            string name = Path.GetFileName(package);
            if (!OfTheField.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                Directory.CreateSymbolicLink(folder.File("fallback/" + name), package);
            }
        }
    }

    /// <summary>The command line of ILRepack's last run, an argument a line; empty when it did not run.</summary>
    public string[] Merged => Directory.GetFiles(folder.Path, "called", SearchOption.AllDirectories) is [var file]
        ? File.ReadAllLines(file)
        : [];

    /// <summary>The machine's packages folder.</summary>
    public static string MachinePackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>A file of what was built, or to build with.</summary>
    public string PathOf(string name) => folder.File(name);

    /// <summary>Builds a project on these packages, its output below <c>artifacts/bin</c>.</summary>
    public Task BuildAsync(string project, params string[] options) => DotnetAsync(
    [
        "build", RepositoryRoot.File(project), "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false",
        "-p:RunAnalyzers=false", "-p:DataverseSdk=nuget", "-p:RestoreAdditionalProjectSources=" + folder.Path,
        "-p:RestorePackagesPath=" + folder.File("packages"), "-p:RestoreFallbackFolders=" + folder.File("fallback"),
        "-p:ArtifactsPath=" + folder.File("artifacts"), .. options,
    ]);

    /// <summary>Runs dotnet; what it writes to stdout. The test fails when it fails.</summary>
    public static async Task<string> DotnetAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys
            .Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name); // of the build that runs this test
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(0, process.ExitCode, string.Join(' ', arguments) + "\n" + output + await error);
        return output;
    }

    /// <summary>Compiles an assembly for .NET Framework, signed as what the tests are built with must be.</summary>
    public static byte[] Compiled(string name, string source, params string[] references)
    {
        string assemblies = Path.Combine(
            MachinePackages, "microsoft.netframework.referenceassemblies.net462", "1.0.2", "build", ".NETFramework");
        string framework = Directory.GetDirectories(assemblies)[0];
        IEnumerable<string> all =
            [Path.Combine(framework, "mscorlib.dll"), Path.Combine(framework, "System.Runtime.Serialization.dll")];
        using MemoryStream bytes = new();
        var result = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source)],
            all.Concat(references).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                cryptoKeyFile: RepositoryRoot.File("Plugins/ChatAuth.snk"),
                publicSign: true)).Emit(bytes);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        return bytes.ToArray();
    }

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    private void Pack(string id, string version, string name, byte[] content)
    {
        using ZipArchive package = ZipFile.Open(folder.File($"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (StreamWriter manifest = new(package.CreateEntry(id + ".nuspec").Open()))
        {
            manifest.Write($"""
                <?xml version="1.0"?>
                <package>
                  <metadata>
                    <id>{id}</id><version>{version}</version>
                    <authors>tests</authors><description>Stand-in.</description>
                  </metadata>
                </package>
                """);
        }

        using Stream stream = package.CreateEntry(name).Open();
        stream.Write(content);
    }
}
