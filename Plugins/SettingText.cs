using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ChatAuth.Plugins;

/// <summary>The two rules of every text in the settings: what machines compare, and what people write.</summary>
/// <remarks>
/// A blank behind an issuer, or a placeholder that a pipeline left as it was, is deployed like any other text and is
/// seen nowhere: chat services compare exactly, and refuse every visitor. <c>chatauth</c> holds its own members to
/// these rules too.
/// </remarks>
internal static class SettingText
{
    private const string Unseen = "which nobody sees";

    private static readonly string[] Encoded = { "%24%7B", "%24%28", "%23%7B", "%7B%7B" };

    // Octopus, Helm and Ansible and Jinja, Azure Pipelines' templates, Logic Apps, ERB, Terraform, MSBuild, CircleCI,
    // Concourse: nothing that machines compare holds how one of theirs begins.
    private static readonly string[][] Openings =
        Split("#{…}# {{…}} $[…] @{…} <%…%> {%…%} {#…#} %{…} @(…) %(…) <<…>> ((…))");

    // Of batch files and token replacers, around a name.
    private static readonly string[][] Marks = Split("%…% __…__ @…@ <…> {…} [[…]] $…$ !…! #…#");

    /// <summary>
    /// Ensures a text that machines compare: issuer, audience, address, path, column, function, id or name of a claim
    /// or variable.
    /// </summary>
    /// <param name="text">The text, with every placeholder filled.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ChatAuthException">
    /// 2012 a control or format character, half a character, an outer blank or quotation mark, or a blank other than
    /// U+0020 between others; 2013 a placeholder.
    /// </exception>
    internal static string Compared(string text, string path) => Ensure(text, path, true, false);

    /// <summary>Ensures a name that people write: of a site, a widget, a record.</summary>
    /// <param name="text">The text, with every placeholder filled.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ChatAuthException">2012 a control character or an outer blank, 2013 a placeholder.</exception>
    internal static string Written(string text, string path) => Ensure(text, path, false, false);

    /// <summary>Ensures a constant that people write, in which tabs and line ends may stand.</summary>
    /// <param name="text">The text, with every placeholder filled.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ChatAuthException">2012 a control character or an outer blank, 2013 a placeholder.</exception>
    internal static string Constant(string text, string path) => Ensure(text, path, false, true);

    /// <summary>How a code point is told, for example <c>U+00AD</c>.</summary>
    internal static string CodePoint(int point) =>
        string.Format(CultureInfo.InvariantCulture, "U+{0:X4}", point);

    private static string Ensure(string text, string path, bool isCompared, bool isConstant)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > ' ' && text[i] < '\u007F' && text[i] != '"' && text[i] != '\'')
            {
                continue;
            }

            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            var point = isPair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];
            var category = CharUnicodeInfo.GetUnicodeCategory(text, i);
            var isOuter = i == 0 || i + (isPair ? 2 : 1) == text.Length;
            var fault = isOuter && IsBlank(point) ? "an outer blank"
                : isOuter && isCompared && (point == '"' || point == '\'') ? "an outer quotation mark"
                : isConstant && IsLineEndOrTab(point) ? null
                : IsControl(category) ? "a control character"
                : IsNone(point, category) ? "which is no character"
                : isCompared && (category == UnicodeCategory.Format || IsIgnorable(point)) ? Unseen
                : isCompared && point != ' ' && IsBlank(point) ? "a blank that is not U+0020"
                : null;
            if (fault != null)
            {
                throw Errors.SettingUnclean(path, CodePoint(point), fault);
            }

            i += isPair ? 1 : 0;
        }

        return PlaceholderIn(text, isCompared) is { } placeholder
            ? throw Errors.SettingUnfilled(path, placeholder) : text;
    }

    // Of pipelines (Azure Pipelines, Octopus, GitHub, the usual token replacers), of chatauth.json itself, and
    // references to Key Vault that nothing followed. A person may write of $(5), a machine compares none of them.
    private static string? PlaceholderIn(string text, bool isCompared) =>
        IsIn(text, "${", '}', isCompared, false) ? "${…}"
            : IsIn(text, "$(", ')', isCompared, true) ? "$(…)"
            : text.StartsWith("@Microsoft.", StringComparison.Ordinal) ? "@Microsoft.…(…)"
            : !isCompared ? null
            : Shown(Openings.FirstOrDefault(mark => text.Contains(mark[0])))
                ?? (IsEncoded(text) ? "an encoded ${…}" : Unfilled(text));

    private static string[][] Split(string marks) => marks.Split(' ').Select(mark => mark.Split('…')).ToArray();

    private static string? Shown(string[]? mark) => mark == null ? null : mark[0] + "…" + mark[1];

    // As part of an address that was encoded before it was filled: ${, $(, #{ and {{.
    private static bool IsEncoded(string text) => Encoded.Any(
        mark => text.IndexOf(mark, StringComparison.OrdinalIgnoreCase) >= 0);

    // What shells, batch files and token replacers leave where nothing is filled in: the whole text, or an address's
    // host or a part of it.
    private static string? Unfilled(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = start < 3 ? -1 : text.IndexOf('/', start);
        var place = start < 3 ? text : text.Substring(start, (end < 0 ? text.Length : end) - start);

        // An expression of Azure's templates stands between brackets as a whole.
        return Shown(Marks.FirstOrDefault(mark => IsMarked(place, mark[0], mark[1])))
            ?? (HasShellVariable(text) ? "$…"
                : text.Length > 0 && text[0] == '[' && text[text.Length - 1] == ']' ? "[…]"
                : null);
    }

    // Whether the text, or what stands in it between dots, is a name between two marks. From its end, so that a long
    // text is gone through once: whether a mark closes behind a place, with nothing but a name between.
    private static bool IsMarked(string text, string open, string close)
    {
        var isClosed = false;
        for (var at = text.Length; at > open.Length; at--)
        {
            var end = at + close.Length;
            isClosed = (IsAt(text, close, at) && (end == text.Length || text[end] == '.'))
                || (isClosed && (char.IsLetterOrDigit(text[at]) || "_-.: ".IndexOf(text[at]) >= 0));
            var start = at - 1 - open.Length;
            if (isClosed && (text[at - 1] == '_' || char.IsLetter(text[at - 1]))
                && IsAt(text, open, start) && (start == 0 || text[start - 1] == '.'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAt(string text, string mark, int at) =>
        string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0;

    // In other letters it may be a function's name.
    private static bool HasShellVariable(string text)
    {
        for (var at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', at + 1))
        {
            var end = at + 1;
            while (end < text.Length && (text[end] == '_' || (text[end] >= 'A' && text[end] <= 'Z')
                || (text[end] >= '0' && text[end] <= '9')))
            {
                end++;
            }

            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (
                (end > at + 2 && (end == text.Length || !char.IsLetter(text[end])))
                || string.Compare(text, at, "$env:", 0, 5, StringComparison.OrdinalIgnoreCase) == 0))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(string text, string open, char close, bool isCompared, bool isNamed)
    {
        var end = 0;
        for (var at = text.IndexOf(open, StringComparison.Ordinal); at >= 0 && end >= 0;
            at = text.IndexOf(open, at + 1, StringComparison.Ordinal))
        {
            end = end > at ? end : text.IndexOf(close, at);
            if (isCompared || (end > at + 2 && (!isNamed || text[at + 2] == '_' || char.IsLetter(text[at + 2]))))
            {
                return true;
            }
        }

        return false;
    }

    // A half of a pair and what Unicode calls a noncharacter are no characters at all; U+FFFD stands for bytes that
    // were none.
    private static bool IsNone(int point, UnicodeCategory category) =>
        category == UnicodeCategory.Surrogate || (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF)
        || point == 0xFFFD;

    private static bool IsControl(UnicodeCategory category) =>
        category == UnicodeCategory.Control || category == UnicodeCategory.LineSeparator
        || category == UnicodeCategory.ParagraphSeparator;

    private static bool IsLineEndOrTab(int point) =>
        point == '\t' || point == '\n' || point == '\r' || point == 0x2028 || point == 0x2029;

    // White space, and what looks like it: zero width, braille's and Hangul's fillers.
    private static bool IsBlank(int point) =>
        (point <= char.MaxValue && char.IsWhiteSpace((char)point)) || point == 0x200B || point == 0x2060
        || point == 0xFEFF || point == 0x2800 || point == 0x115F || point == 0x1160 || point == 0x3164
        || point == 0xFFA0;

    // Unicode's Default_Ignorable_Code_Point beyond the category of format characters.
    private static bool IsIgnorable(int point) =>
        point == 0x034F || (point >= 0x17B4 && point <= 0x17B5) || (point >= 0x180B && point <= 0x180F)
        || (point >= 0xFE00 && point <= 0xFE0F) || point == 0x2065 || (point >= 0xFFF0 && point <= 0xFFF8)
        || (point >= 0xE0000 && point <= 0xE0FFF);
}
