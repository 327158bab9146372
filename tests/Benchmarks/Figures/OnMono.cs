using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;

namespace ChatAuth.Benchmarks.Figures;

/// <summary>The same dll on .NET Framework for real, where Mono is installed.</summary>
internal static class OnMono
{
    /// <summary>One sentence, or why there is none.</summary>
    public static string Measure()
    {
        try
        {
            var program = Path.Combine(
                AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar), "..", "..", "MonoBenchmarks",
                new DirectoryInfo(AppContext.BaseDirectory).Name, "MonoBenchmarks.exe");
            using var mono = Process.Start(new ProcessStartInfo("mono", [program]) { RedirectStandardOutput = true })!;
            var text = mono.StandardOutput.ReadToEnd();
            mono.WaitForExit();
            return mono.ExitCode == 0 ? text.Trim() : "On Mono the program failed.";
        }
        catch (Win32Exception)
        {
            return "Mono is not on the path, so nothing was measured on .NET Framework.";
        }
    }
}
