using System.Text.RegularExpressions;

namespace ChatAuth.Sites;

/// <summary>A text of a site with its Liquid, and what that may write, as far as it can be told without running it.
/// </summary>
/// <remarks>
/// Which branch runs, only a page shows: so there may be several values. Filters but append, prepend and default leave
/// a text as it is here, and what is not known is empty. What is read of it is bounded, as it is somebody else's.
/// </remarks>
/// <param name="text">HTML with Liquid.</param>
/// <param name="site">Names and texts that all of a site's Liquid knows, such as site settings; null for none.</param>
internal sealed partial class LiquidText(string text, ILookup<string, string>? site = null)
{
    // As much of a text is read as a column of Dataverse holds.
    private const int Longest = 1_048_576;

    // An address is longer in no browser that the portal serves; a site chooses between two or three.
    private const int LongestValue = 2_000;
    private const int MostValues = 16;
    private const int MostNames = 100;

    private readonly Dictionary<string, IReadOnlyList<string>> known = new(StringComparer.OrdinalIgnoreCase);
    private ILookup<string, string>? assigned;

    /// <summary>The text without what Liquid comments out.</summary>
    public string Uncommented { get; } = Live(text);

    /// <summary>Whether a text has Liquid in it.</summary>
    public static bool IsIn(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);

    /// <summary>What a piece of it may become: one text where it has no Liquid.</summary>
    /// <param name="piece">A piece of its source, such as an attribute's value.</param>
    public IReadOnlyList<string> Written(string piece) =>
    [
        .. Tag().Split(piece).Where(branch => !string.IsNullOrWhiteSpace(branch)).DefaultIfEmpty(string.Empty)
            .SelectMany(Replaced).Take(MostValues),
    ];

    /// <summary>An expression of Liquid with its braces.</summary>
    [GeneratedRegex(@"\{\{[^{}]*\}\}")]
    public static partial Regex Expression();

    private static string Live(string text) =>
        Comment().Replace(text.Length > Longest ? text[..Longest] : text, string.Empty);

    // The variables that it gives a value, and what that is made of.
    private static IEnumerable<(string Name, string Value)> Assigned(string live)
    {
        Match? captured = null;
        foreach (Match tag in Assignment().Matches(live))
        {
            if (tag.Groups["name"] is { Success: true } name)
            {
                yield return (name.Value, $"{{{{{tag.Groups["value"].Value}}}}}");
            }
            else if (tag.Groups["capture"].Success)
            {
                captured = tag;
            }
            else if (captured != null)
            {
                int start = captured.Index + captured.Length;
                yield return (captured.Groups["capture"].Value, live[start..tag.Index]);
                captured = null;
            }
        }
    }

    private IReadOnlyList<string> Replaced(string piece)
    {
        string read = piece.Length > LongestValue ? piece[..LongestValue] : piece;
        IReadOnlyList<string> written = [string.Empty];
        int end = 0;
        foreach (Match expression in Expression().Matches(read))
        {
            string before = read[end..expression.Index];
            written = Joined(Joined(written, [before]), ValuesOf(expression.Value));
            end = expression.Index + expression.Length;
        }

        return Joined(written, [read[end..]]);
    }

    private IReadOnlyList<string> ValuesOf(string expression)
    {
        IReadOnlyList<string> values = [string.Empty];
        foreach (Match operand in Operand().Matches(expression))
        {
            IReadOnlyList<string> given = operand.Groups["text"] is { Success: true } quoted ? [quoted.Value]
                : operand.Groups["key"] is { Success: true } key ? Named(key.Value)
                : operand.Groups["index"] is { Success: true } index ? [.. Named(index.Value).SelectMany(Named)]
                : Named(operand.Groups["variable"].Value);
            values = operand.Groups["filter"].Value switch
            {
                "" => given,
                "append" => Joined(values, given),
                "prepend" => Joined(given, values),
                "default" => [.. values.Concat(given).Take(MostValues)],
                _ => values,
            };
        }

        return values;
    }

    private IReadOnlyList<string> Named(string name)
    {
        if (!known.TryGetValue(name, out IReadOnlyList<string>? values))
        {
            known[name] = [string.Empty]; // where it is made of itself
            IEnumerable<string> made = known.Count > MostNames ? [] : Own(name);
            known[name] = values = [.. made.SelectMany(Written).DefaultIfEmpty(string.Empty).Take(MostValues)];
        }

        return values;
    }

    private IEnumerable<string> Own(string name)
    {
        assigned ??= Assigned(Uncommented).ToLookup(
            each => each.Name, each => each.Value, StringComparer.OrdinalIgnoreCase);
        return assigned.Contains(name) ? assigned[name] : site?[name] ?? [];
    }

    private static IReadOnlyList<string> Joined(IReadOnlyList<string> starts, IReadOnlyList<string> ends) =>
    [
        .. starts.SelectMany(start => ends.Select(end => start.Length > LongestValue ? start : start + end))
            .Distinct().Take(MostValues),
    ];

    // No piece of Liquid reaches over the beginning of another, so that each letter is looked at once or twice.
    [GeneratedRegex(@"\{%-?\s*comment\s*-?%\}.*?(?:\{%-?\s*endcomment\s*-?%\}|\z)", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\{%[^{}]*\}")]
    private static partial Regex Tag();

    [GeneratedRegex("""
        \{%-?\s*
        (?: assign\s+(?<name>[\w-]+)\s*=(?<value>[^{}]*?) | capture\s+["']?(?<capture>[\w-]+)["']?\s* | endcapture\s* )
        -?%\}
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Assignment();

    // An expression's first operand, or that of a filter.
    [GeneratedRegex("""
        (?: ^\{\{-? | \|\s*(?<filter>\w+)\s*: ) \s*
        (?: '(?<text>[^']*)' | "(?<text>[^"]*)" | [\w-]+\[\s*["'](?<key>[^"'\]}]+) | [\w-]+\.(?<key>[\w.-]+)
            | [\w-]+\[(?<index>[\w-]+) | (?<variable>[\w-]+) )
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Operand();
}
