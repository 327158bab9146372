using System.Collections.Concurrent;

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
    public string Hide(string text) => variables.IsEmpty ? text
        : variables.OrderByDescending(pair => pair.Key.Length).Aggregate(
            text, (hidden, pair) => Replace(hidden, pair.Key, "${" + pair.Value + "}"));

    // As it stands, as a request shows it, and as an id or an address is written.
    private static IEnumerable<string> FormsOf(string value) => new[]
    {
        value,
        Uri.EscapeDataString(value),
        Uri.EscapeDataString(value.Replace("'", "''", StringComparison.Ordinal)),
        Guid.TryParse(value, out Guid id) ? id.ToString("D") : string.Empty,
        Uri.TryCreate(value, UriKind.Absolute, out Uri? url) ? url.AbsoluteUri : string.Empty,
    }.Distinct();

    private static string Replace(string text, string value, string name)
    {
        for (int at = text.IndexOf(value, StringComparison.OrdinalIgnoreCase); at >= 0;
            at = text.IndexOf(value, at, StringComparison.OrdinalIgnoreCase))
        {
            int end = at + value.Length;
            bool isWord = (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (isWord || value.Length >= Unmistakable)
            {
                text = string.Concat(text.AsSpan(0, at), name, text.AsSpan(end));
                at += name.Length;
            }
            else
            {
                at = end;
            }
        }

        return text;
    }
}
