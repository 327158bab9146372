using System;
using System.Security.Cryptography;
using System.Text;

namespace ChatAuth.Plugins.Jose;

/// <summary>
/// A public RSA key as PEM: SubjectPublicKeyInfo of RFC 5280 section 4.1 in the text form of RFC 7468 section 13.
/// </summary>
internal static class SubjectPublicKeyInfo
{
    // AlgorithmIdentifier of rsaEncryption, RFC 3279 section 2.3.1: OID 1.2.840.113549.1.1.1 and NULL.
    private static readonly byte[] RsaEncryption =
    {
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    };

    /// <summary>Writes the key.</summary>
    /// <param name="parts">A key; only modulus and exponent are read.</param>
    /// <returns>PEM whose lines, the last one too, end in CRLF, as Omnichannel's own key sets have it.</returns>
    internal static string ToPem(RSAParameters parts)
    {
        var publicKey = Tagged(0x30, Integer(parts.Modulus), Integer(parts.Exponent));
        var der = Tagged(0x30, RsaEncryption, Tagged(0x03, new byte[1], publicKey));
        var pem = new StringBuilder("-----BEGIN PUBLIC KEY-----\r\n");
        var base64 = Convert.ToBase64String(der);
        for (var i = 0; i < base64.Length; i += 64)
        {
            pem.Append(base64, i, Math.Min(64, base64.Length - i)).Append("\r\n");
        }

        return pem.Append("-----END PUBLIC KEY-----\r\n").ToString();
    }

    // DER integers are signed: a set top bit needs a zero in front.
    private static byte[] Integer(byte[] unsigned) =>
        unsigned[0] < 0x80 ? Tagged(0x02, unsigned) : Tagged(0x02, new byte[1], unsigned);

    private static byte[] Tagged(byte tag, params byte[][] contents)
    {
        var length = 0;
        foreach (var content in contents)
        {
            length += content.Length;
        }

        // Every length here is below 65536: short form, or one or two bytes.
        var header = length < 0x80 ? new[] { tag, (byte)length }
            : length < 0x100 ? new byte[] { tag, 0x81, (byte)length }
            : new byte[] { tag, 0x82, (byte)(length >> 8), (byte)length };
        var tagged = new byte[header.Length + length];
        header.CopyTo(tagged, 0);
        var offset = header.Length;
        foreach (var content in contents)
        {
            content.CopyTo(tagged, offset);
            offset += content.Length;
        }

        return tagged;
    }
}
