using System.Text;

namespace ChatAuth;

/// <summary>Text from outside that claims to be UTF-8.</summary>
internal static class Utf8
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The text; null when the bytes are not UTF-8. A byte order mark, which Windows editors write, is left out.
    /// </summary>
    public static string? Decode(byte[] bytes)
    {
        try
        {
            ReadOnlySpan<byte> text = bytes;
            while (text.StartsWith("\uFEFF"u8))
            {
                text = text[3..];
            }

            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
