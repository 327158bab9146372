using System.Globalization;
using System.Text;

namespace ChatAuth.Plugins.Claims;

/// <summary>Letters that Unicode's compatibility normalization (UAX 15, NFKC) makes ASCII.</summary>
/// <remarks>
/// A reader that normalizes takes \uFF4E\uFF41\uFF4D\uFF45 for name. The framework's own normalization leaves every text
/// as it is where a program has no culture data, as chatauth itself: then nothing would be found, silently.
/// </remarks>
internal static class CompatibleLetters
{
    // Each letter that is not of a run below, with what it becomes: Unicode 15.0, UnicodeData.txt.
    private const string Single =
        "\u00AAa\u00BAo\u017Fs\u02B0h\u02B2j\u02B3r\u02B7w\u02B8y\u02E1l\u02E2s\u02E3x\u1D2Ca\u1D2Eb"
            + "\u1D30d\u1D31e\u1D33g\u1D34h\u1D35i\u1D36j\u1D37k\u1D38l\u1D39m\u1D3An\u1D3Co\u1D3Ep\u1D3Fr"
            + "\u1D40t\u1D41u\u1D42w\u1D43a\u1D47b\u1D48d\u1D49e\u1D4Dg\u1D4Fk\u1D50m\u1D52o\u1D56p\u1D57t"
            + "\u1D58u\u1D5Bv\u1D62i\u1D63r\u1D64u\u1D65v\u1D9Cc\u1DA0f\u1DBBz\u2071i\u207Fn\u2090a\u2091e"
            + "\u2092o\u2093x\u2095h\u2096k\u2097l\u2098m\u2099n\u209Ap\u209Bs\u209Ct\u2102c\u210Ag\u210Bh"
            + "\u210Ch\u210Dh\u210Eh\u2110i\u2111i\u2112l\u2113l\u2115n\u2119p\u211Aq\u211Br\u211Cr\u211Dr"
            + "\u2124z\u2128z\u212Ak\u212Cb\u212Dc\u212Fe\u2130e\u2131f\u2133m\u2134o\u2139i\u2145d\u2146d"
            + "\u2147e\u2148i\u2149j\u2160i\u2164v\u2169x\u216Cl\u216Dc\u216Ed\u216Fm\u2170i\u2174v\u2179x"
            + "\u217Cl\u217Dc\u217Ed\u217Fm\u2C7Cj\u2C7Dv\uA7F2c\uA7F3f\uA7F4q";

    // Two letters in one character, as far as a reserved name holds them.
    private const string Double = "\u3381na\u3383ma\u3386mb\u33D4mb\u33D7ph";

    /// <summary>The text in lower case with ASCII letters wherever NFKC puts them; others stay.</summary>
    /// <param name="text">A text without half a character in it.</param>
    internal static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsSurrogatePair(text, i);
            var point = isPair ? char.ConvertToUtf32(text, i) : text[i];
            if (LetterOf(point) is { } letter)
            {
                folded.Append(letter);
            }
            else
            {
                folded.Append(text, i, isPair ? 2 : 1);
            }

            i += isPair ? 1 : 0;
        }

        return folded.ToString().ToLowerInvariant();
    }

    private static string? LetterOf(int point)
    {
        // Circled, full width, mathematical and squared letters, in runs of the alphabet.
        var start = point >= 0x24B6 && point <= 0x24E9 ? 0x24B6
            : point >= 0xFF21 && point <= 0xFF3A ? 0xFF21
            : point >= 0xFF41 && point <= 0xFF5A ? 0xFF41
            : point >= 0x1D400 && point <= 0x1D6A3 ? 0x1D400
            : point >= 0x1F130 && point <= 0x1F149 ? 0x1F130
            : 0;
        if (start > 0)
        {
            return ((char)('a' + ((point - start) % 26))).ToString(CultureInfo.InvariantCulture);
        }

        if (point < 0x80 || point > char.MaxValue)
        {
            return null;
        }

        var at = Single.IndexOf((char)point);
        var both = Double.IndexOf((char)point);
        return at >= 0 ? Single.Substring(at + 1, 1) : both >= 0 ? Double.Substring(both + 1, 2) : null;
    }
}
