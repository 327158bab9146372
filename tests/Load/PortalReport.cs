using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace ChatAuth.Load;

/// <summary>What two days of a portal came to: one that stays below its capacity, and one that goes above.</summary>
/// <param name="Users">Application users.</param>
/// <param name="WebServers">Web servers of the environment.</param>
/// <param name="Capacity">Tokens a second that service protection allows.</param>
/// <param name="Demand">For each hour, which part of the capacity was asked for.</param>
/// <param name="HourSeconds">How long an hour lasted.</param>
/// <param name="Visits">What came of each question.</param>
/// <param name="Wrong">How many tokens were not right.</param>
internal sealed record PortalRun(
    int Users, int WebServers, double Capacity, IReadOnlyList<double> Demand, double HourSeconds,
    IReadOnlyList<Visit> Visits, int Wrong);

/// <summary>The days of several portals, as Markdown and as a picture.</summary>
internal static class PortalReport
{
    /// <summary>Hours of a day.</summary>
    public const int Day = 24;

    // What share of a day's chats come in each hour, in percent; the busiest one as in Capacity.cs of the benchmarks.
    private static readonly double[] Hours =
    [
        0.5, 0.5, 0.5, 0.5, 0.5, 1, 2, 5, 9, 15, 12, 8, 6, 8, 9, 8, 5, 3, 2, 1.5, 1, 0.8, 0.7, 0.5,
    ];

    private const int Width = 760;
    private const int Left = 150;
    private const int Height = 90;

    /// <summary>A day whose busiest hour asks for a part of the capacity.</summary>
    /// <param name="peak">The part.</param>
    public static IEnumerable<double> DayOf(double peak) => Hours.Select(hour => peak * hour / Hours.Max());

    /// <summary>The table: a row for each portal and day.</summary>
    /// <param name="runs">The portals.</param>
    public static string ToMarkdown(IEnumerable<PortalRun> runs)
    {
        StringBuilder text = new(
            "| users | web servers | tokens/s allowed | busiest hour asks for | gets, tokens/s | "
                + "of a day's questions | 429 reach a visitor | wait for a token, ms: p50, p99, p99.9 | "
                + "wait for the 429, ms: p99 | other |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var run in runs)
        {
            for (var first = 0; first < run.Demand.Count; first += Day)
            {
                var day = run.Visits.Where(visit => visit.Hour >= first && visit.Hour < first + Day).ToList();
                double[] tokens = [.. day.Where(visit => visit.Status == 200).Select(visit => visit.Wait).Order()];
                double[] busy = [.. day.Where(visit => visit.Status == 429).Select(visit => visit.Wait).Order()];
                var peak = Enumerable.Range(first, Day).MaxBy(hour => run.Demand[hour]);
                var got = day.Count(visit => visit.Hour == peak && visit.Status == 200) / run.HourSeconds;
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {run.Users} | {run.WebServers} | {run.Capacity:0} | {run.Demand[peak]:0 %} | {got:0} | "
                        + $"{day.Count:N0} | {busy.Length:N0} | {At(tokens, 0.5)}, {At(tokens, 0.99)}, "
                        + $"{At(tokens, 0.999)} | {At(busy, 0.99)} | "
                        + $"{day.Count - tokens.Length - busy.Length} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The picture: for each portal what was asked for, and what visitors got.</summary>
    /// <param name="runs">The portals.</param>
    public static string ToSvg(IReadOnlyList<PortalRun> runs)
    {
        StringBuilder svg = new();
        Label(svg, 0, 20, "Two days of a portal, hour by hour: tokens a second", isBold: true);
        Label(
            svg,
            0,
            40,
            "grey: asked for · blue: got · red: told at once to try again · dashed: what Dataverse allows");
        var y = 50;
        foreach (var run in runs)
        {
            y += Height + 20;
            var top = run.Capacity * run.Demand.Max();
            Label(svg, 0, y - 40, Count(run.Users, "user"));
            Label(svg, 0, y - 22, Count(run.WebServers, "web server"));
            Line(svg, run, top, y, "#8b949e", hour => run.Demand[hour] * run.Capacity);
            Line(svg, run, top, y, "#f85149", hour => Rate(run, hour, 429));
            Line(svg, run, top, y, "#2f81f7", hour => Rate(run, hour, 200));
            var allowed = y - (Height * run.Capacity / top);
            svg.Append(
                CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - 60}\" y1=\"{allowed:0.0}\" "
                    + $"y2=\"{allowed:0.0}\" stroke=\"#8b949e\" stroke-dasharray=\"4 4\"/>");
            Label(svg, Width - 54, (int)allowed + 4, run.Capacity.ToString("0", CultureInfo.InvariantCulture) + "/s");
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {y + 20}\" "
                + $"font-family=\"system-ui, sans-serif\" font-size=\"13\">{svg}</svg>\n");
    }

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? string.Empty : "s")}");

    private static double Rate(PortalRun run, int hour, int status) =>
        run.Visits.Count(visit => visit.Hour == hour && visit.Status == status) / run.HourSeconds;

    private static string At(double[] sorted, double share) => sorted.Length == 0 ? "–"
        : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))].ToString("0", CultureInfo.InvariantCulture);

    private static void Line(
        StringBuilder svg, PortalRun run, double top, int y, string colour, Func<int, double> value)
    {
        var points = Enumerable.Range(0, run.Demand.Count).Select(hour => string.Create(
            CultureInfo.InvariantCulture,
            $"{Left + ((Width - Left - 60) * hour / (run.Demand.Count - 1))},{y - (Height * value(hour) / top):0.0}"));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{string.Join(' ', points)}\"/>");
    }

    private static void Label(StringBuilder svg, int x, int y, string text, bool isBold = false) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x}\" y=\"{y}\" fill=\"#6e7781\"{(isBold ? " font-weight=\"600\"" : string.Empty)}>{text}</text>");
}
