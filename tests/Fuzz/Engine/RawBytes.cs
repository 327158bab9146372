using System.Collections.Generic;
using System.Text;

namespace ChatAuth.Fuzz;

/// <summary>The bytes that a made text stands for where a parser reads a file or an answer.</summary>
internal static class RawBytes
{
    /// <summary>
    /// UTF-8, but U+DC80 to U+DCFF are the bytes 80 to FF, and any other half of a pair is the three bytes that UTF-8
    /// forbids.
    /// </summary>
    public static byte[] Of(string text)
    {
        List<byte> bytes = new(text.Length + 16);
        byte[] four = new byte[4];
        for (int i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                bytes.AddRange(four[..rune.EncodeToUtf8(four)]);
                i += rune.Utf16SequenceLength - 1;
            }
            else if (text[i] is >= '\udc80' and <= '\udcff')
            {
                bytes.Add((byte)text[i]);
            }
            else
            {
                bytes.AddRange(
                    [
                        (byte)(0xE0 | (text[i] >> 12)), (byte)(0x80 | ((text[i] >> 6) & 0x3F)),
                        (byte)(0x80 | (text[i] & 0x3F)),
                    ]);
            }
        }

        return [.. bytes];
    }
}
