using System;
using System.Collections.Generic;
using System.Linq;

namespace ChatAuth.Fuzz;

/// <summary>Changes a text as an attacker, a broken disk or a careless editor would.</summary>
/// <remarks>
/// A lone low surrogate U+DC80 to U+DCFF stands for that raw byte where a parser reads bytes (see
/// <see cref="RawBytes"/>).
/// </remarks>
internal static class TextMutation
{
    /// <summary>
    /// The longest input made, in characters: what the plug-in takes of a visitor. Longer files are an administrator's
    /// own.
    /// </summary>
    public const int MaximumLength = 65536;

    // What parsers stumble over: JSON's syntax and its edges, names that are special to some reader, numbers beyond
    // every type.
    private static readonly string[] Fragments =
    [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "NaN", "-", "0", "00", "1e999", "-0", "1E400",
        "0.1e-400", "/**/", "//", "'", "<", "=", "==",
        "\0", "\n", "\r\n", "\t", "\u001b[2J", "\u0085", "\u00a0", "\u200b", "\u200f", "\u2028", "\u2029", "\u202e",
        "\ufeff", "\ufffe", "\ud83d", "\ude00", "\ud83d\ude00", "\udc80", "\udcff",
        "\\u0000", "\\u2028", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\u00", "\\x41", "\\/", "__proto__",
        "constructor", "${ISSUER}", "$${", "${", "${A B}",
        "9007199254740993", "2147483648", "18446744073709551616", "-9223372036854775809", "253402300799",
        "179769313486231570000000000000000000000000e300",
        "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "-----BEGIN PUBLIC KEY-----\n",
        "Proc-Type: 4,ENCRYPTED\n", "AQAB", "AQ", "AQ==",
    ];

    // What costs a reader most for each character.
    private static readonly string[] Pieces =
    [
        "[],", "{},", "{\"a\":0},", "{\"\":{}},", "0,", "\"\",", "\"\\u0041\",", "A", " ", "\\u0041", "{\"", "[", "9",
        "é", "-----BEGIN A-----\n", "-----BEGIN A-----\n-----END A-----\n",
    ];

    private static readonly Func<Dice, string, IReadOnlyList<string>, string>[] Ways =
    [
        FlipBit, FlipBit, FlipBit, Truncate, Cut, Repeat, Insert, Insert, Insert, ReplaceNumber, Splice, Bomb, Nest,
        DuplicateMember, SpoilBase64, SwapStrings, ChangeCase, Prepend,
    ];

    /// <summary>The text with one to three changes; unchanged once in sixty-four times.</summary>
    /// <param name="dice">Decides.</param>
    /// <param name="text">A sound text.</param>
    /// <param name="others">Texts to splice with.</param>
    public static string Of(Dice dice, string text, IReadOnlyList<string> others)
    {
        for (int changes = dice.OneIn(64) ? 0 : 1 + (dice.Below(6) / 2); changes > 0; changes--)
        {
            text = dice.Pick(Ways)(dice, text, others);
        }

        return text.Length <= MaximumLength ? text : text[..MaximumLength];
    }

    private static string FlipBit(Dice dice, string text, IReadOnlyList<string> others) =>
        text.Length == 0 ? text : With(text, dice.Below(text.Length), flip: 1 << dice.Below(dice.OneIn(8) ? 16 : 7));

    private static string With(string text, int at, int flip) =>
        string.Concat(text.AsSpan(0, at), ((char)(text[at] ^ flip)).ToString(), text.AsSpan(at + 1));

    private static string Truncate(Dice dice, string text, IReadOnlyList<string> others) =>
        text[..dice.Below(text.Length + 1)];

    private static string Cut(Dice dice, string text, IReadOnlyList<string> others)
    {
        int at = dice.Below(text.Length + 1);
        return text.Remove(at, dice.Below(Math.Min(40, text.Length - at + 1)));
    }

    private static string Repeat(Dice dice, string text, IReadOnlyList<string> others)
    {
        int at = dice.Below(text.Length + 1);
        return text.Insert(at, text.Substring(at, dice.Below(Math.Min(200, text.Length - at + 1))));
    }

    private static string Insert(Dice dice, string text, IReadOnlyList<string> others) =>
        text.Insert(dice.Below(text.Length + 1), dice.Pick(Fragments));

    private static string Prepend(Dice dice, string text, IReadOnlyList<string> others) =>
        (dice.OneIn(2) ? "\ufeff" : dice.Pick(Fragments)) + text;

    private static string ReplaceNumber(Dice dice, string text, IReadOnlyList<string> others)
    {
        int start = dice.Below(text.Length);
        int at = text.AsSpan(start).IndexOfAnyInRange('0', '9') is var found and >= 0 ? start + found : text.Length;
        int end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return string.Concat(
            text.AsSpan(0, at),
            dice.OneIn(2) ? dice.Pick(Fragments) : new string('9', 1 + dice.Below(400)),
            text.AsSpan(end));
    }

    private static string Splice(Dice dice, string text, IReadOnlyList<string> others)
    {
        string other = dice.Pick(others);
        return string.Concat(text.AsSpan(0, dice.Below(text.Length + 1)), other.AsSpan(dice.Below(other.Length + 1)));
    }

    // A piece of the text, again and again, up to the longest input.
    private static string Bomb(Dice dice, string text, IReadOnlyList<string> others)
    {
        if (!dice.OneIn(8) || text.Length >= MaximumLength)
        {
            return Insert(dice, text, others);
        }

        int at = dice.Below(text.Length + 1);
        string piece =
            dice.OneIn(2) ? text.Substring(at, dice.Below(Math.Min(60, text.Length - at + 1))) : dice.Pick(Pieces);
        int times = piece.Length == 0 ? 0 : Math.Max(0, MaximumLength - text.Length - 8) / piece.Length;
        string bomb = string.Concat(Enumerable.Repeat(piece, dice.OneIn(2) ? times : dice.Below(times)));

        // Where a value may stand, as an array that the reader follows to its end.
        int colon = text.IndexOf(':', at);
        return dice.OneIn(2) && colon > 0 ? text.Insert(colon + 1, "[" + bomb + "0],") : text.Insert(at, bomb);
    }

    private static string Nest(Dice dice, string text, IReadOnlyList<string> others)
    {
        int levels = dice.OneIn(16) ? 20_000 : 1 + dice.Below(40);
        int at = dice.OneIn(2) ? text.IndexOf(':', StringComparison.Ordinal) + 1 : dice.Below(text.Length + 1);
        return dice.OneIn(2)
            ? text.Insert(at, new string('[', levels) + (dice.OneIn(4) ? string.Empty : new string(']', levels)))
            : text.Insert(at, string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels));
    }

    private static string DuplicateMember(Dice dice, string text, IReadOnlyList<string> others)
    {
        int at = text.IndexOf("\":", dice.Below(text.Length), StringComparison.Ordinal);
        int start = at <= 0 ? -1 : text.LastIndexOf('"', at - 1);
        return start < 0 ? Insert(dice, text, others)
            : text.Insert(start, text[start..at] + (dice.OneIn(4) ? "\":null," : "\":\"x\","));
    }

    // Stray low bits, padding and the other alphabet.
    private static string SpoilBase64(Dice dice, string text, IReadOnlyList<string> others)
    {
        int at = text.IndexOf('"', dice.Below(text.Length)) is var found and > 0 ? found : text.Length;
        return at == 0 ? text : dice.Below(4) switch
        {
            0 => text.Insert(at, dice.Pick(["=", "==", "A", "AA", "\n"])),
            1 => With(text, at - 1, flip: 1),
            2 => text.Replace('-', '+'),
            _ => text.Replace('_', '/'),
        };
    }

    private static string SwapStrings(Dice dice, string text, IReadOnlyList<string> others)
    {
        string[] pieces = text.Split('"');
        int one = dice.Below(pieces.Length);
        int other = dice.Below(pieces.Length);
        (pieces[one], pieces[other]) = (pieces[other], pieces[one]);
        return string.Join('"', pieces);
    }

    private static string ChangeCase(Dice dice, string text, IReadOnlyList<string> others)
    {
        int at = dice.Below(text.Length);
        return at < text.Length && char.IsAsciiLetter(text[at]) ? With(text, at, flip: 0x20) : text;
    }
}
