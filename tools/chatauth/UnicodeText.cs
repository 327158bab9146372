using System.Text;

namespace ChatAuth;

/// <summary>Text of a file or an answer in whatever Unicode its writer chose.</summary>
/// <remarks>Windows PowerShell's <c>&gt;</c> writes UTF-16.</remarks>
internal static class UnicodeText
{
    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, false, throwOnInvalidBytes: true);

    /// <summary>
    /// The text of UTF-8, or of UTF-16 with or without a byte order mark, which is left out; null when the bytes are
    /// neither.
    /// </summary>
    public static string? Decode(byte[] bytes)
    {
        // What begins with an ASCII character has a zero in one of its first two bytes if it is UTF-16.
        Encoding? wide = bytes switch
        {
            [0xFF, 0xFE, ..] or [not 0, 0, ..] => LittleEndian,
            [0xFE, 0xFF, ..] or [0, not 0, ..] => BigEndian,
            _ => null,
        };
        try
        {
            return wide == null ? Utf8.Decode(bytes) : wide.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
