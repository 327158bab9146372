using System;
using System.Diagnostics;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;

namespace ChatAuth.Load;

/// <summary>What a second thread brings to the pipeline, over what it brings to bare signatures.</summary>
internal static class Scaling
{
    private const int Rounds = 15;
    private const double Window = 0.2;

    /// <summary>The median of interleaved rounds: the machine's own noise is in both.</summary>
    /// <param name="route">Asks.</param>
    /// <param name="first">What one thread asks.</param>
    /// <param name="second">What the other one asks.</param>
    public static double OfTwoThreads(Func<Ask, Issued> route, Ask first, Ask second)
    {
        using var one = RSA.Create(2048);
        using var other = RSA.Create(2048);
        Action[] asks = [() => route(first), () => route(second)];
        Action[] signatures = [() => Sign(one), () => Sign(other)];
        double[] ratios = [
            .. Enumerable.Range(0, Rounds).Select(
                _ => Throughput(asks) / Throughput(asks[..1]) / (Throughput(signatures) / Throughput(signatures[..1]))),
        ];
        return ratios.Order().ElementAt(Rounds / 2);
    }

    private static void Sign(RSA key) => key.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static double Throughput(Action[] operations)
    {
        var done = 0;
        var started = Stopwatch.GetTimestamp();
        var threads = operations.Select(operation => new Thread(() =>
        {
            for (; Stopwatch.GetElapsedTime(started).TotalSeconds < Window; Interlocked.Increment(ref done))
            {
                operation();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
