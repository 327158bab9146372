using System.Collections.Concurrent;
using System.Text.Encodings.Web;

namespace ChatAuth;

/// <summary>The values that a settings file took out of the environment; what is shown names their variables.</summary>
/// <remarks>
/// Errors name sites, records and addresses of the settings, and Dataverse repeats what it was sent. What the
/// environment holds may be a secret all the same: it is replaced where lines are written, so that no error has to
/// know where its arguments came from.
/// </remarks>
internal sealed class FilledValues
{
    // Shorter ones are words, and stand inside of others.
    private const int Unmistakable = 6;

    private readonly ConcurrentDictionary<string, string> variables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers the value that a placeholder was filled with.</summary>
    /// <param name="variable">Name of the environment variable.</param>
    /// <param name="value">Its value; null or empty is none.</param>
    /// <returns>The value.</returns>
    public string? Note(string variable, string? value)
    {
        foreach (string form in FormsOf(value?.Trim() ?? string.Empty).Where(form => form.Length > 0))
        {
            variables[form] = variable;
        }

        return value;
    }

    /// <summary>The text with <c>${NAME}</c> for each value.</summary>
    public string Hide(string text)
    {
        if (variables.IsEmpty)
        {
            return text;
        }

        // Of two values that overlap the longer is named whole, and of the other what sticks out.
        int?[] owners = new int?[text.Length];
        List<string> names = [];
        foreach ((string value, string variable) in variables.OrderByDescending(pair => pair.Key.Length))
        {
            foreach ((int from, int end) in Places(text, value)
                .Where(place => value.Length >= Unmistakable || IsWord(text, place.From, place.End)))
            {
                names.Add("${" + variable + "}");
                for (int at = from; at < end; at++)
                {
                    owners[at] ??= names.Count - 1;
                }
            }
        }

        return names.Count == 0 ? text : string.Concat(owners.Select((owner, at) =>
            owner is not { } name ? text[at].ToString()
            : at > 0 && owners[at - 1] == name ? string.Empty
            : names[name]));
    }

    // As it stands, as a request or JSON shows it, and as an id or an address is written.
    private static IEnumerable<string> FormsOf(string value) => new[]
    {
        value,
        Uri.EscapeDataString(value),
        Uri.EscapeDataString(value.Replace("'", "''", StringComparison.Ordinal)),
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        Guid.TryParse(value, out Guid id) ? id.ToString("D") : string.Empty,
        Uri.TryCreate(value, UriKind.Absolute, out Uri? url) ? url.AbsoluteUri : string.Empty,
    }.Distinct();

    private static IEnumerable<(int From, int End)> Places(string text, string value)
    {
        const StringComparison Comparison = StringComparison.OrdinalIgnoreCase;
        for (int at = text.IndexOf(value, Comparison); at >= 0; at = text.IndexOf(value, at + 1, Comparison))
        {
            yield return (at, at + value.Length);
        }
    }

    private static bool IsWord(string text, int from, int end) =>
        (from == 0 || !char.IsLetterOrDigit(text[from - 1]))
        && (end == text.Length || !char.IsLetterOrDigit(text[end]));
}
