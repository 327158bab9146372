using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace ChatAuth.Benchmarks;

/// <summary>The ratios and the growth as one SVG that reads on light and dark pages.</summary>
internal static class Plot
{
    private const int Width = 760;
    private const int Left = 330;
    private const int Row = 26;

    // Bars end here: what is slower says its number and is cut.
    private const double LongestRatio = 1.6;

    /// <summary>Draws a report.</summary>
    public static string Draw(Report report)
    {
        var svg = new StringBuilder();
        var y = 40;
        Label(svg, 0, 20, "Time of a token ÷ time of its bare RSA-2048 signature", bold: true);
        foreach (var (name, ratio, _) in report.Peers)
        {
            var length = (Width - Left - 60) * Math.Min(ratio, LongestRatio) / LongestRatio;
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{Left}\" y=\"{y}\" width=\"{length:0.0}\" height=\"16\" rx=\"2\" "
                    + $"fill=\"{(name.StartsWith("ChatAuth", StringComparison.Ordinal) ? "#2f81f7" : "#8b949e")}\"/>");
            Label(svg, 0, y + 13, name);
            Label(svg, (int)(Left + length + 6), y + 13,
                ratio.ToString(ratio > LongestRatio ? "0.0 »" : "0.000", CultureInfo.InvariantCulture));
            y += Row;
        }

        y += 30;
        Label(svg, 0, y, "Execute without the signature, µs, as something grows", bold: true);
        var top = report.Growth.Max(point => point.Microseconds);
        foreach (var group in report.Growth.GroupBy(point => point.What))
        {
            y += 90;
            var most = group.Max(point => point.Count);
            var points = group.Select(point => string.Create(
                CultureInfo.InvariantCulture,
                $"{Left + ((Width - Left - 60) * point.Count / most)},{y - (70 * point.Microseconds / top):0.0}"));
            svg.Append(
                CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"#2f81f7\" stroke-width=\"2\" "
                    + $"points=\"{string.Join(' ', points)}\"/>");
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{Left}\" x2=\"{Width - 60}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#8b949e\"/>");
            Label(
                svg, 0, y - 20, string.Create(
                    CultureInfo.InvariantCulture, $"{group.Key}, {group.Min(point => point.Count)} to {most}"));
            Label(svg, Width - 54, y - (int)(70 * group.Last().Microseconds / top) + 4,
                group.Last().Microseconds.ToString("0.0", CultureInfo.InvariantCulture));
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {y + 20}\" "
                + $"font-family=\"system-ui, sans-serif\" font-size=\"13\">{svg}</svg>\n");
    }

    private static void Label(StringBuilder svg, int x, int y, string text, bool bold = false) =>
        svg.Append(
            CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" "
                + $"fill=\"#6e7781\"{(bold ? " font-weight=\"600\"" : string.Empty)}>"
                + $"{WebUtility.HtmlEncode(text)}</text>");
}
