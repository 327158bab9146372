namespace ChatAuth.Plugins.Jose;

/// <summary>base64url without padding, RFC 7515 section 2 and RFC 4648 section 5.</summary>
internal static class Base64Url
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    // Two characters for each twelve bits: half the look-ups of one for each six.
    private static readonly ushort[] Pairs = MakePairs();

    /// <summary>How many characters that many bytes become.</summary>
    internal static int EncodedLength(int bytes) => ((bytes * 4) + 2) / 3;

    /// <summary>Encodes bytes as ASCII into a buffer that has room for <see cref="EncodedLength"/> more.</summary>
    /// <returns>The offset behind what was written.</returns>
    internal static int Encode(byte[] source, int count, byte[] target, int offset)
    {
        var pairs = Pairs;
        var i = 0;
        for (; i + 2 < count; i += 3)
        {
            var bits = (source[i] << 16) | (source[i + 1] << 8) | source[i + 2];
            var high = pairs[bits >> 12];
            var low = pairs[bits & 0xFFF];
            target[offset] = (byte)(high >> 8);
            target[offset + 1] = (byte)high;
            target[offset + 2] = (byte)(low >> 8);
            target[offset + 3] = (byte)low;
            offset += 4;
        }

        if (i < count)
        {
            var bits = (source[i] << 16) | (i + 1 < count ? source[i + 1] << 8 : 0);
            target[offset++] = (byte)Alphabet[bits >> 18];
            target[offset++] = (byte)Alphabet[(bits >> 12) & 63];
            if (i + 1 < count)
            {
                target[offset++] = (byte)Alphabet[(bits >> 6) & 63];
            }
        }

        return offset;
    }

    /// <summary>Encodes bytes as text.</summary>
    internal static string Encode(byte[] source)
    {
        var ascii = new byte[EncodedLength(source.Length)];
        Encode(source, source.Length, ascii, 0);
        return System.Text.Encoding.ASCII.GetString(ascii);
    }

    /// <summary>Decodes text, or returns null when it is not the one canonical encoding of some bytes.</summary>
    /// <remarks>
    /// Padding, foreign characters and stray low bits are refused: two texts for one value defeat comparison by text.
    /// </remarks>
    internal static byte[]? Decode(string text)
    {
        var tail = text.Length % 4;
        if (tail == 1)
        {
            return null;
        }

        var bytes = new byte[text.Length * 3 / 4];
        var bits = 0;
        var held = 0;
        var length = 0;
        foreach (var character in text)
        {
            var value = character < 128 ? Value(character) : -1;
            if (value < 0)
            {
                return null;
            }

            bits = (bits << 6) | value;
            held += 6;
            if (held >= 8)
            {
                held -= 8;
                bytes[length++] = (byte)(bits >> held);
                bits &= (1 << held) - 1;
            }
        }

        return bits == 0 ? bytes : null;
    }

    private static ushort[] MakePairs()
    {
        var pairs = new ushort[4096];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (ushort)((Alphabet[i >> 6] << 8) | Alphabet[i & 63]);
        }

        return pairs;
    }

    private static int Value(char character)
    {
        if (character >= 'A' && character <= 'Z')
        {
            return character - 'A';
        }

        if (character >= 'a' && character <= 'z')
        {
            return character - 'a' + 26;
        }

        if (character >= '0' && character <= '9')
        {
            return character - '0' + 52;
        }

        return character == '-' ? 62 : character == '_' ? 63 : -1;
    }
}
