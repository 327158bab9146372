using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using ChatAuth.Benchmarks.Peers;
using ChatAuth.Plugins;

namespace ChatAuth.Benchmarks.Figures;

/// <summary>Everything that one process can measure by itself.</summary>
internal static class InOneProcess
{
    /// <summary>Execute over the bare signature.</summary>
    public static double ExecuteOverSignature(double seconds, RSAParameters key) =>
        Pairing.Measure(seconds, 10, TokenMakers.Bare(key),
            TokenMakers.Execute(new IssueChatToken(Workload.Settings(), Workload.Keys(key))))[1].Ratio;

    /// <summary>The peers over the bare signature.</summary>
    public static IReadOnlyList<(string Name, double Ratio, long Bytes)> Peers(double seconds, RSAParameters key)
    {
        (string Name, Action Operation)[] peers =
        [
            ("bare RSA.SignHash, key kept", TokenMakers.Bare(key)),
            ("ChatAuth, whole Execute",
                TokenMakers.Execute(new IssueChatToken(Workload.Settings(), Workload.Keys(key)))),
            ("Microsoft.IdentityModel 8.16, key kept", TokenMakers.IdentityModel(RSA.Create(key))),
            ("jwt-dotnet 7.3.1, key kept", TokenMakers.JwtDotNet(key)),
            ("naive plug-in, PEM at each call", TokenMakers.Naive(key)),
        ];
        var measured = Pairing.Measure(seconds, 5, [.. peers.Select(peer => peer.Operation)]);
        return [.. peers.Select((peer, i) => (peer.Name, measured[i].Ratio, Bytes(peer.Operation)))];
    }

    /// <summary>
    /// Execute without its signature over that of the plug-in on Microsoft.IdentityModel, and over
    /// Microsoft.IdentityModel without a plug-in around it.
    /// </summary>
    public static (double OverPlugin, double OverLibrary) BuildOverIdentityModel(double seconds, RSAParameters key)
    {
        var ours = TokenMakers.Execute(WithoutSignature(Workload.Settings(), key));
        var ratios = Pairing.Measure(seconds, 500, ours, TokenMakers.IdentityModelExecute(new NullRsa()),
            TokenMakers.IdentityModel(new NullRsa()));
        return (1 / ratios[1].Ratio, 1 / ratios[2].Ratio);
    }

    /// <summary>GetPublicKeys over IssueChatToken.</summary>
    public static double PublicKeysOverIssue(double seconds, RSAParameters key)
    {
        var publish = new GetPublicKeys(string.Empty, Workload.Keys(key));
        var platform = new FreePlatform("chatauth_GetPublicKeys");
        return Pairing.Measure(
            seconds, 10, TokenMakers.Execute(new IssueChatToken(Workload.Settings(), Workload.Keys(key))), () =>
                publish.Execute(platform))[1].Ratio;
    }

    /// <summary>Bytes that one operation allocates.</summary>
    public static long Bytes(Action operation)
    {
        const int Operations = 200;
        operation();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Operations; i++)
        {
            operation();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Operations;
    }

    /// <summary>Requests to Dataverse of the first token and of a later one.</summary>
    public static (int First, int Steady) Requests(RSAParameters key)
    {
        var plugin = new IssueChatToken(Workload.Settings(), Workload.Keys(key));
        var platform = new FreePlatform();
        plugin.Execute(platform);
        var first = platform.Requests;
        for (var i = 0; i < 10; i++)
        {
            plugin.Execute(platform);
        }

        return (first, (platform.Requests - first) / 10);
    }

    /// <summary>How often an instance imports its key for a thousand tokens of one thread.</summary>
    public static int KeyImports(RSAParameters key)
    {
        var imports = 0;
        var plugin = TokenMakers.Plugin(Workload.Settings(), Workload.Keys(key), (parts, _) =>
        {
            imports++;
            return RSA.Create(parts);
        });
        var execute = TokenMakers.Execute(plugin);
        for (var i = 0; i < 1000; i++)
        {
            execute();
        }

        return imports;
    }

    /// <summary>
    /// What a second thread brings to one plug-in instance, over what it brings to bare signatures on keys of their
    /// own.
    /// </summary>
    public static double Scaling2(double seconds, RSAParameters key)
    {
        var plugin = new IssueChatToken(Workload.Settings(), Workload.Keys(key));
        Action[] executes = [TokenMakers.Execute(plugin), TokenMakers.Execute(plugin)];
        Action[] signatures = [TokenMakers.Bare(key), TokenMakers.Bare(key)];
        Action[][] windows = [executes[..1], executes, signatures[..1], signatures];
        foreach (var window in windows)
        {
            Throughput(window, 0.1);
        }

        var rounds = Math.Max(5, (int)(seconds / (windows.Length * 0.15)));
        return Pairing.Median(Enumerable.Range(0, rounds).Select(_ =>
        {
            double[] throughput = [.. windows.Select(window => Throughput(window, 0.15))];
            return throughput[1] / throughput[0] / (throughput[3] / throughput[2]);
        }));
    }

    /// <summary>Operations a second of so many threads together.</summary>
    public static double Throughput(Action[] operations, double seconds)
    {
        var done = 0;
        var started = Stopwatch.GetTimestamp();
        var threads = operations.Select(operation => new Thread(() =>
        {
            var mine = 0;
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                operation();
                mine++;
            }

            Interlocked.Add(ref done, mine);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Execute without its signature, in microseconds, as settings and key sets grow.</summary>
    public static IReadOnlyList<(string What, int Count, double Microseconds)> Growth(double seconds, RSAParameters key)
    {
        var points = new List<(string What, int Count, string Settings, int Keys)>();
        points.AddRange(
            new[] { 3, 25, 50, 75, 100 }.Select(n => ("context variables", n, Workload.Settings(variables: n - 3), 1)));
        points.AddRange(new[] { 1, 5, 10, 15, 20 }.Select(n => ("keys in the set", n, Workload.Settings(), n)));
        points.AddRange(
            new[] { 1, 25, 50, 75, 100 }.Select(n => ("listed callers", n, Workload.Settings(callers: n), 1)));
        var measured = Pairing.Measure(
            seconds, 200, [
                .. points.Select(
                    point =>
                        TokenMakers.Execute(WithoutSignature(point.Settings, [.. Enumerable.Repeat(key, point.Keys)]))),
            ]);
        return [.. points.Select((point, i) => (point.What, point.Count, measured[i].Microseconds))];
    }

    private static IssueChatToken WithoutSignature(string settings, params RSAParameters[] keys) =>
        TokenMakers.Plugin(settings, Workload.Keys(keys), (_, _) => new NullRsa());
}
