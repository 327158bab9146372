using System.Globalization;
using System.Text;

namespace ChatAuth;

/// <summary>Text from elsewhere, made fit for a screen.</summary>
internal static class SafeText
{
    /// <summary>The text on one line; control, format and half characters become <c>\u{hex}</c>.</summary>
    /// <remarks>
    /// A token's claims and a file's name are an attacker's to choose: escape sequences can rewrite the screen or the
    /// clipboard, bidirectional marks can reorder what a person reads (Trojan Source, CVE-2021-42574).
    /// </remarks>
    public static string Of(string text) =>
        text.EnumerateRunes().All(IsPlain) && !text.Contains('\uFFFD')
            ? text
            : text.EnumerateRunes().Aggregate(
                new StringBuilder(), (safe, rune) => IsPlain(rune) ? safe.Append(rune) : Escape(safe, rune)).ToString();

    /// <summary>Whether a text holds a piece of a secret: sixteen of its characters in a row.</summary>
    /// <param name="text">Text that is to be shown.</param>
    /// <param name="secret">Shorter ones have no piece.</param>
    public static bool SharesPiece(string text, string secret)
    {
        const int Piece = 16;
        return Enumerable.Range(0, int.Max(0, text.Length - Piece + 1))
            .Any(start => secret.Contains(text.Substring(start, Piece), StringComparison.Ordinal));
    }

    private static StringBuilder Escape(StringBuilder safe, Rune rune) =>
        safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
