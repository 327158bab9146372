using System.Globalization;
using System.Linq;
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
            : text.EnumerateRunes().Aggregate(new StringBuilder(), (safe, rune) => IsPlain(rune) ? safe.Append(rune) : Escape(safe, rune)).ToString();

    private static StringBuilder Escape(StringBuilder safe, Rune rune) => safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
