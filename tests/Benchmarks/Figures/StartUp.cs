using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace ChatAuth.Benchmarks.Figures;

/// <summary>
/// <c>chatauth --version</c>, from start to end, over a .NET program that says hello and nothing else: what every
/// command makes its user wait before it does anything.
/// </summary>
internal static class StartUp
{
    private const string Hello = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
        </Project>
        """;

    /// <summary>The median of paired ratios of so many rounds.</summary>
    /// <param name="rounds">How often each program is started.</param>
    /// <returns>As the program that a dotnet tool's command starts; as a single file that brings the runtime along,
    /// precompiled; and milliseconds of the bare program.</returns>
    public static (double Tool, double SingleFile, double HelloMilliseconds) Measure(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("chatauth-startup-").FullName;
        var repository = Repository();
        File.WriteAllText(Path.Combine(folder, "hello.csproj"), Hello);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(\"Hello.\");\n");
        Dotnet(folder, "build", folder, "-c", "Release", "-v", "q", "-o", Path.Combine(folder, "hello"));
        var chatauth = Path.Combine(repository, "tools", "chatauth");
        Dotnet(repository, "build", chatauth, "-c", "Release", "-v", "q");
        Dotnet(
            repository, "publish", chatauth, "-c", "Release", "-v", "q", "-r", RuntimeInformation.RuntimeIdentifier,
            "--self-contained", "-p:PublishSingleFile=true", "-p:PublishReadyToRun=true", "-p:PackAsTool=false",
            "-p:DebugType=none", "-p:GenerateDocumentationFile=false", "-o", Path.Combine(folder, "single"));
        string[] programs =
        [
            Path.Combine(folder, "hello", "hello"),
            Path.Combine(repository, "artifacts", "build", "bin", "chatauth", "release", "chatauth"),
            Path.Combine(folder, "single", "chatauth"),
        ];
        foreach (var program in programs)
        {
            Run(program);
        }

        var times = Enumerable.Range(0, rounds).Select(round =>
        {
            var taken = new double[programs.Length];
            foreach (var i in Enumerable.Range(0, programs.Length).OrderBy(i => round % 2 == 0 ? i : -i))
            {
                taken[i] = Run(programs[i]);
            }

            return taken;
        }).ToList();
        Directory.Delete(folder, recursive: true);
        return (
            Pairing.Median(times.Select(time => time[1] / time[0])),
            Pairing.Median(times.Select(time => time[2] / time[0])),
            Pairing.Median(times.Select(time => time[0])));
    }

    private static double Run(string program)
    {
        var started = Stopwatch.GetTimestamp();
        var output = Output(new ProcessStartInfo(program, ["--version"]));
        return output.Length > 0 ? Stopwatch.GetElapsedTime(started).TotalMilliseconds
            : throw new InvalidOperationException(program + " said nothing.");
    }

    private static void Dotnet(string folder, params string[] arguments) => Output(
        new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
        });

    private static string Output(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {text}");
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChatAuth.Plugins.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This is no clone of the repository.");
        }

        return folder.FullName;
    }
}
