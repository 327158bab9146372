using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using ChatAuth.Plugins;

namespace ChatAuth.Benchmarks;

/// <summary>
/// What of the benchmarks means something on .NET Framework for real: the first call, and Execute over a signature that
/// takes 35 ms.
/// </summary>
internal static class Program
{
    private const int Rounds = 15;

    private static void Main()
    {
        var rsa = new RSACryptoServiceProvider(2048);
        var hash = new byte[32];
        void Bare() => rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Bare();
        var plugin = new IssueChatToken(Workload.Settings, Workload.Keys(rsa.ExportParameters(true)));
        var platform = new FreePlatform();
        void Execute() => plugin.Execute(platform);
        var first = Milliseconds(Execute);
        var signature = Milliseconds(Bare);
        var ratios = Enumerable.Range(
            0, Rounds).Select(_ => Milliseconds(Execute) / Milliseconds(Bare)).OrderBy(ratio => ratio).ToArray();
        Console.WriteLine(string.Format(
            CultureInfo.InvariantCulture,
            "On Mono, .NET Framework 4.6.2 for real: Execute ÷ bare signature {0:0.000} (a signature takes {1:0} ms "
                + "there), first Execute {2:0.0} ms.",
            ratios[Rounds / 2],
            signature,
            first));
    }

    private static double Milliseconds(Action operation)
    {
        var started = Stopwatch.GetTimestamp();
        operation();
        return (Stopwatch.GetTimestamp() - started) * 1000d / Stopwatch.Frequency;
    }
}
