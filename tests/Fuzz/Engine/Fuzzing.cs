using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace ChatAuth.Fuzz;

/// <summary>Makes inputs, has them read and judges each answer.</summary>
/// <param name="seed">Equal seeds make equal inputs.</param>
internal sealed class Fuzzing(ulong seed)
{
    // So many of each thread's slowest readings are timed again.
    private const int Slowest = 50;

    /// <summary>Reads so many inputs, shared out among all parsers, on every processor.</summary>
    /// <param name="inputs">How many all parsers get together.</param>
    /// <param name="parsers">Those that get their share.</param>
    /// <returns>Figures of each parser.</returns>
    public IReadOnlyList<Figures> Run(int inputs, IEnumerable<Parser> parsers) =>
        [.. parsers.Select(parser => Run(parser, (int)((long)inputs * parser.Share / 1000)))];

    /// <summary>The input of a parser by its number.</summary>
    public string InputOf(Parser parser, int number) =>
        parser.Make(
            new Dice(
                new Dice(seed ^ (ulong)parser.Name.Aggregate(17L, (hash, letter) => (hash * 31) + letter)).Next()
                    + (ulong)number));

    /// <summary>Reads one input and judges the answer.</summary>
    public static Figures Replay(Parser parser, string input)
    {
        Figures figures = new(parser.Name);
        Judge(parser, input, "replayed", figures);
        Time(parser, input, "replayed", figures);
        return figures;
    }

    private Figures Run(Parser parser, int inputs)
    {
        long start = Stopwatch.GetTimestamp();
        int parts = Environment.ProcessorCount;
        Figures all = new(parser.Name);
        List<(int Number, double Milliseconds)> slowest = [];
        Parallel.For(0, parts, part =>
        {
            Figures figures = new(parser.Name);
            List<(int Number, double Milliseconds)> slow = [];
            for (int number = part; number < inputs; number += parts)
            {
                double milliseconds = Judge(parser, InputOf(parser, number), PlaceOf(parser, number), figures);
                if (slow.Count < Slowest || milliseconds > slow[^1].Milliseconds)
                {
                    slow = [.. slow.Append((number, milliseconds)).OrderByDescending(one => one.Item2).Take(Slowest)];
                }
            }

            lock (all)
            {
                all.Add(figures);
                slowest.AddRange(slow);
            }
        });
        foreach ((int number, _) in slowest)
        {
            Time(parser, InputOf(parser, number), PlaceOf(parser, number), all);
        }

        all.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return all;
    }

    private string PlaceOf(Parser parser, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"--seed {seed} --replay {parser.Name}#{number}");

    // How long one reading took, on a machine that did other things meanwhile.
    private static double Judge(Parser parser, string input, string place, Figures figures)
    {
        object prepared = parser.Prepare(input);
        (object? result, Exception? exception, double milliseconds, long bytes) = Measure(parser, prepared);

        // What is made once, such as a table of the framework's, is no part of an input's cost.
        for (int again = 0; again < 2 && bytes > Math.Max(10_000, figures.WorstBytes); again++)
        {
            bytes = Math.Min(bytes, Measure(parser, prepared).Bytes);
        }

        figures.WorstBytes = Math.Max(figures.WorstBytes, bytes);
        Refusal? refusal = exception == null ? null : Refusal.Of(exception);
        figures.Count(exception == null ? null : refusal?.Code ?? exception.GetType().Name);
        if (Fault(parser, input, result, exception, refusal, bytes) is { } fault)
        {
            figures.Fail(Failure(parser, fault, place, input));
        }

        return milliseconds;
    }

    // Threads wait for one another, and other programs for both: what is slow by itself is slow alone and three times.
    private static void Time(Parser parser, string input, string place, Figures figures)
    {
        object prepared = parser.Prepare(input);
        double milliseconds = Enumerable.Range(0, 3).Min(_ => Measure(parser, prepared).Milliseconds);
        figures.WorstMilliseconds = Math.Max(figures.WorstMilliseconds, milliseconds);
        if (milliseconds > parser.MaximumMilliseconds(input))
        {
            figures.Fail(
                Failure(
                    parser, string.Create(CultureInfo.InvariantCulture, $"took {milliseconds:F0} ms"), place, input));
        }
    }

    private static string Failure(Parser parser, string fault, string place, string input) =>
        $"{parser.Name}: {fault}. {place}, or --replay "
            + $"{parser.Name}:{Convert.ToBase64String(Encoding.Unicode.GetBytes(input))}";

    private static string? Fault(
        Parser parser, string input, object? result, Exception? exception, Refusal? refusal, long bytes) =>
        exception != null && refusal == null
            ? "left with " + exception.GetType().Name + ", without a code: " + exception.Message
        : bytes > parser.MaximumBytes ? string.Create(CultureInfo.InvariantCulture, $"allocated {bytes} bytes")
        : refusal != null && Repetition.Of(parser.Confidential(refusal), input) is { } piece
        ? $"repeats \"{piece}\" of its input in \"{refusal.Text}\""
        : refusal != null && parser.Marks.Any(mark => refusal.Text.Contains(mark, StringComparison.Ordinal))
        ? "repeats a value of the environment"
        : Disagreement(parser, input, result, refusal) is { } disagreement
        ? $"{disagreement}; here it was {refusal?.Text ?? "accepted"}"
        : null;

#pragma warning disable CA1031 // what a parser throws is the answer that is judged; an oracle that throws has none
    private static string? Disagreement(Parser parser, string input, object? result, Refusal? refusal)
    {
        try
        {
            return parser.Disagreement(input, result, refusal);
        }
        catch (Exception exception)
        {
            return "the oracle left with " + exception.GetType().Name + ": " + exception.Message;
        }
    }

    private static (
        object? Result, Exception? Exception, double Milliseconds, long Bytes) Measure(Parser parser, object prepared)
    {
        object? result = null;
        Exception? thrown = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        try
        {
            result = parser.Read(prepared);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return (result, thrown, Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            GC.GetAllocatedBytesForCurrentThread() - before);
    }
#pragma warning restore CA1031
}
