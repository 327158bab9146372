using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace ChatAuth.Load;

/// <summary>
/// Callers, a thread each, ask in rounds; between two rounds, when all are quiet, the memory in use is read.
/// </summary>
/// <param name="route">Asks.</param>
/// <param name="check">Judges each answer.</param>
/// <param name="portals">A portal for each caller.</param>
/// <param name="capacity">The most tokens the run may take: their ids are kept in one array, so that the run itself
/// does not grow.</param>
internal sealed class LoadRun(Func<Ask, Issued> route, TokenCheck check, IReadOnlyList<Portal> portals, int capacity)
{
    private readonly Guid[] ids = new Guid[capacity];
    private readonly List<(int Tokens, long Bytes)> samples = [];
    private int asked;
    private int wrong;
    private int mixedUp;
    private int refused;
    private string? firstRefusal;

    /// <summary>Runs rounds while more are wanted.</summary>
    /// <param name="tokensInARound">How many tokens all callers ask for together.</param>
    /// <param name="more">Asked before each round, with the number of rounds so far.</param>
    public LoadResult Run(int tokensInARound, Func<int, bool> more)
    {
        var contentions = 0L;
        var seconds = 0.0;
        while (asked + tokensInARound <= capacity && more(samples.Count))
        {
            var before = Monitor.LockContentionCount;
            var started = Stopwatch.GetTimestamp();
            Round(asked + tokensInARound);
            seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            contentions += Monitor.LockContentionCount - before;
            GC.Collect();
            samples.Add((asked, GC.GetTotalMemory(forceFullCollection: false)));
        }

        var issued = ids.Take(asked).Where(id => id != Guid.Empty).ToList();
        return new LoadResult
        {
            Tokens = asked,
            Wrong = wrong,
            MixedUp = mixedUp,
            Refused = refused,
            FirstRefusal = firstRefusal,
            IdsTwice = issued.Count - issued.Distinct().Count(),
            BytesPerToken = Slope([.. samples.Skip(samples.Count / 4)]),
            WorkingSet = Environment.WorkingSet,
            ContentionsPerToken = (double)contentions / asked,
            TokensPerSecond = asked / seconds,
        };
    }

    private void Round(int end)
    {
        var next = asked;
        var callers = portals.Select(portal => new Thread(() =>
        {
            for (int number; (number = Interlocked.Increment(ref next) - 1) < end;)
            {
                One(new Ask(portal, portal.Contacts[number % portal.Contacts.Count], number));
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
        asked = end;
    }

    private void One(Ask ask)
    {
        try
        {
            var (verdict, id) = check.Judge(ask, route(ask));
            ids[ask.Number] = id;
            _ = verdict switch
            {
                Verdict.Wrong => Interlocked.Increment(ref wrong),
                Verdict.MixedUp => Interlocked.Increment(ref mixedUp),
                _ => 0,
            };
        }
#pragma warning disable CA1031 // whatever goes wrong is one refused token of many, and counted; the first is told
        catch (Exception exception)
#pragma warning restore CA1031 // whatever goes wrong is one refused token of many
        {
            Interlocked.Increment(ref refused);
            Interlocked.CompareExchange(ref firstRefusal, exception.Message, null);
        }
    }

    // Least squares: bytes over tokens.
    private static double Slope(IReadOnlyList<(int Tokens, long Bytes)> points)
    {
        var (x, y) = (points.Average(point => point.Tokens), points.Average(point => (double)point.Bytes));
        return points.Sum(point => (point.Tokens - x) * (point.Bytes - y)) / points
            .Sum(point => (point.Tokens - x) * (point.Tokens - x));
    }
}
