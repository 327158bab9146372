using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace ChatAuth.Benchmarks;

/// <summary>
/// Interleaved measurement: each round runs every candidate for the same number of operations, one after the other.
/// </summary>
/// <remarks>
/// These machines are noisy. A ratio within one round cancels what lasts longer than a round; the median of the ratios
/// drops the rest.
/// </remarks>
internal static class Pairing
{
    /// <summary>Times candidates against the first of them.</summary>
    /// <param name="seconds">How long it may take altogether.</param>
    /// <param name="operations">Operations a batch.</param>
    /// <param name="candidates">The first is what the others are divided by.</param>
    /// <returns>For each candidate the median ratio, and the median microseconds of an operation.</returns>
    public static IReadOnlyList<(double Ratio, double Microseconds)> Measure(
        double seconds, int operations, params Action[] candidates)
    {
        foreach (var candidate in candidates)
        {
            Batch(candidate, operations);
        }

        var rounds = new List<double[]>();
        var started = Stopwatch.GetTimestamp();
        while (rounds.Count < 5 || Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            // Every other round runs backwards: whoever comes first pays for what the last one left behind.
            var times = new double[candidates.Length];
            for (var i = 0; i < candidates.Length; i++)
            {
                var place = rounds.Count % 2 == 0 ? i : candidates.Length - 1 - i;
                times[place] = Batch(candidates[place], operations);
            }

            rounds.Add(times);
        }

        return [
            .. candidates.Select(
                (_, i) =>
                    (Median(rounds.Select(times => times[i] / times[0])), Median(rounds.Select(times => times[i])))),
        ];
    }

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Batch(Action operation, int operations)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < operations; i++)
        {
            operation();
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / operations;
    }
}
