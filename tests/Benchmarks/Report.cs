using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace ChatAuth.Benchmarks;

/// <summary>What one run found: as Markdown for people, as JSON for programs.</summary>
internal sealed class Report
{
    private readonly List<(string Key, string What, double Value, string Target, bool IsReached)> figures = [];

    /// <summary>Ratio of each way of making a token to the bare signature.</summary>
    public List<(string Name, double Ratio, long? Bytes)> Peers { get; } = [];

    /// <summary>Microseconds without the signature as something grows.</summary>
    public List<(string What, int Count, double Microseconds)> Growth { get; } = [];

    /// <summary>Whatever a table does not hold.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>A figure that must not be larger than its target.</summary>
    public void AtMost(string key, string what, double value, double target) =>
        figures.Add((key, what, value, "≤ " + Text(target), value <= target));

    /// <summary>A figure that must not be smaller than its target.</summary>
    public void AtLeast(string key, string what, double value, double target) =>
        figures.Add((key, what, value, "≥ " + Text(target), value >= target));

    /// <summary>Names of figures to values.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Key, figure => figure.Value));

    /// <summary>Tables.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| figure | value | target | |\n|---|---|---|---|\n");
        foreach (var (_, what, value, target, isReached) in figures)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {what} | {Text(value)} | {target} | {(isReached ? "reached" : "**missed**")} |\n");
        }

        text.Append("\n| way to make the token | ÷ bare signature | bytes |\n|---|---|---|\n");
        foreach (var (name, ratio, bytes) in Peers)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {ratio:0.000} | {bytes?.ToString("N0", CultureInfo.InvariantCulture) ?? "–"} |\n");
        }

        text.Append("\n| without the signature, µs | |\n|---|---|\n");
        foreach (var group in Growth.GroupBy(point => point.What))
        {
            var points = group.Select(point =>
                string.Create(CultureInfo.InvariantCulture, $"{point.Count}: {point.Microseconds:0.0}"));
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key} | {string.Join(", ", points)} |\n");
        }

        Notes.ForEach(note => text.Append('\n').Append(note).Append('\n'));
        return text.ToString();
    }

    private static string Text(double value) =>
        value.ToString(value >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture);
}
