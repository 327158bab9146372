using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Benchmarks.Figures;

/// <summary>
/// The first Execute of a fresh process, after a key import and one bare signature: what a cold worker makes a visitor
/// wait.
/// </summary>
internal static class ColdStart
{
    private const string Ours = "chatauth";
    private const string Theirs = "identitymodel";

    /// <summary>
    /// Ours over the same plug-in on Microsoft.IdentityModel, median milliseconds of both, and the sizes of what each
    /// must ship.
    /// </summary>
    public static (
        double Ratio, double Ours, double Theirs, long OurBytes, long TheirBytes, int TheirFiles) Measure(int rounds)
    {
        var times = Enumerable.Range(0, rounds).Select(_ => (Ours: Child(Ours), Theirs: Child(Theirs))).ToList();
        var closure = new DirectoryInfo(ClosureFolder()).GetFiles("*.dll");
        return (
            Pairing.Median(times.Select(time => time.Ours / time.Theirs)),
            Pairing.Median(times.Select(time => time.Ours)),
            Pairing.Median(times.Select(time => time.Theirs)),
            new FileInfo(typeof(Plugins.IssueChatToken).Assembly.Location).Length,
            closure.Sum(file => file.Length),
            closure.Length);
    }

    /// <summary>The child: prints milliseconds.</summary>
    public static void Run(string plugin)
    {
        var key = Workload.NewKey();
        using var rsa = RSA.Create(key);
        _ = rsa.SignHash(new byte[32], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var (folder, file, type) = plugin == Ours
            ? (AppContext.BaseDirectory, "ChatAuth.Plugins.dll", "ChatAuth.Plugins.IssueChatToken")
            : (ClosureFolder(), "IdentityModelPlugin.dll",
                "ChatAuth.Benchmarks.IdentityModelPlugin.IssueWithIdentityModel");
        var (unsecure, secure) =
            plugin == Ours ? (Workload.Settings(), Workload.Keys(key)) : (Workload.Issuer, Lines(key));
        var platform = new FreePlatform();

        // The platform has loaded the assembly and made the instance by then; what is timed is the call.
        var assembly = new Closure(folder).LoadFromAssemblyPath(Path.Combine(folder, file));
        var instance =
            (IPlugin)Activator.CreateInstance(assembly.GetType(type, throwOnError: true)!, unsecure, secure)!;
        var started = Stopwatch.GetTimestamp();
        instance.Execute(platform);
        Console.WriteLine(
            Stopwatch.GetElapsedTime(started).TotalMilliseconds.ToString("R", CultureInfo.InvariantCulture));
        if (platform.Token.Split('.').Length != 3)
        {
            throw new InvalidOperationException("No token was issued.");
        }
    }

    private static double Child(string plugin)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, [.. Self(), "--cold", plugin])
        { RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var child = Process.Start(start)!;
        var text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return double.Parse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // Under the dotnet host the assembly is an argument, under its own executable it is not.
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ColdStart).Assembly.Location]
            : [];

    private static string ClosureFolder() => Path.Combine(
        AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar), "..", "..", "IdentityModelPlugin",
        new DirectoryInfo(AppContext.BaseDirectory).Name);

    private static string Lines(RSAParameters key) => string.Join('\n',
        new[] { key.Modulus, key.Exponent, key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ }.Select(
            number => Base64UrlEncoder.Encode(number)).Prepend(Workload.KeyId));

    // The net462 closure as a sandbox would load it: nothing of it is precompiled. The SDK is the host's, as on the
    // platform.
    private sealed class Closure(string folder) : AssemblyLoadContext("plug-in")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var file = Path.Combine(folder, assemblyName.Name + ".dll");
            return folder == ClosureFolder() && assemblyName.Name != "Microsoft.Xrm.Sdk" && File.Exists(file)
                ? LoadFromAssemblyPath(file)
                : null;
        }
    }
}
