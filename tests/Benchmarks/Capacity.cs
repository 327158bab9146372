using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace ChatAuth.Benchmarks;

/// <summary>
/// A seeded simulation of a busy hour: how many tokens are asked for, and how many application users that takes.
/// </summary>
/// <remarks>
/// Limits: Microsoft Learn, "Service protection API limits": for each user and web server, in a sliding window of 300
/// seconds, 6,000 requests and 1,200 seconds of execution time; 52 requests at once. One web server is assumed, the
/// worst case. Entitlement: Learn, "Requests limits and allocations": what plug-ins read counts too, so that a token is
/// two requests of a day's. Assumptions, all in this file: a busy hour holds 15 % of a day's chats; a chat lasts 12
/// minutes on average (exponential); the visitor opens another page every 3 minutes; without reuse a page asks for a
/// token three times (start, reconnect, a further call), with reuse once in 14 minutes; one call takes 50 ms in
/// Dataverse.
/// </remarks>
internal static class Capacity
{
    private const double BusyHourShare = 0.15;
    private const double ChatSeconds = 720;
    private const double PageSeconds = 180;
    private const double ReuseSeconds = 840;
    private const int AsksPerPage = 3;
    private const double CallSeconds = 0.05;
    private const int WindowSeconds = 300;
    private const int RequestsPerWindow = 6000;
    private const double ExecutionSecondsPerWindow = 1200;
    private const int AtOnce = 52;

    private const int RequestsPerToken = 2;

    // A day of ten million chats is simulated as a tenth of it, ten times over: the shape is the same.
    private const int MostChats = 150_000;

    /// <summary>The table, Markdown.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder(
            "| chats a day | tokens/s, busiest minute, no reuse | with reuse | busiest 5 minutes, with reuse | "
                + "application users | bound by | requests of a day |\n|---|---|---|---|---|---|---|\n");
        foreach (var chats in new[] { 1_000, 10_000, 100_000, 1_000_000, 10_000_000 })
        {
            var (none, _, _) = Peak(chats, reuse: false);
            var (reused, window, all) = Peak(chats, reuse: true);
            (string Bound, double Users)[] needs =
            [
                ("requests", window / RequestsPerWindow), ("execution time",
                    window * CallSeconds / ExecutionSecondsPerWindow), ("concurrency", reused * CallSeconds / AtOnce),
            ];
            var most = needs.MaxBy(need => need.Users);
            text.Append(
                CultureInfo.InvariantCulture, $"| {chats:N0} | {none:0.0} | {reused:0.0} | {window:N0} | "
                    + $"{Math.Max(1, Math.Ceiling(most.Users)):0} | {most.Bound} | {all * RequestsPerToken:N0} |\n");
        }

        return text.ToString();
    }

    /// <summary>Tokens a second in the busiest minute, tokens in the busiest five, and in the day.</summary>
    private static (double PerSecond, double PerWindow, double PerDay) Peak(int chatsPerDay, bool reuse)
    {
        var random = new Random(20181119);
        var hour = chatsPerDay * BusyHourShare;
        var scale = Math.Max(1, hour / MostChats);
        var seconds = new int[3600 + 7200];
        for (var chat = 0; chat < hour / scale; chat++)
        {
            var start = random.NextDouble() * 3600;
            var end = Math.Min(start + Exponential(random, ChatSeconds), seconds.Length - 1);
            for (var page = start; page < end; page += Exponential(random, PageSeconds))
            {
                var asks = reuse
                    ? Every(page, Math.Min(end, page + PageSeconds), ReuseSeconds)
                    : Enumerable.Repeat(page, AsksPerPage);
                foreach (var ask in asks)
                {
                    seconds[(int)ask]++;
                }
            }
        }

        return (Busiest(seconds, 60) * scale / 60, Busiest(seconds, WindowSeconds) * scale,
            seconds.Sum() * scale / BusyHourShare);
    }

    private static IEnumerable<double> Every(double from, double to, double step)
    {
        for (var at = from; at < to; at += step)
        {
            yield return at;
        }
    }

    private static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    private static int Busiest(int[] seconds, int width)
    {
        var sum = seconds.Take(width).Sum();
        var most = sum;
        for (var i = width; i < seconds.Length; i++)
        {
            sum += seconds[i] - seconds[i - width];
            most = Math.Max(most, sum);
        }

        return most;
    }
}
