using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;

namespace ChatAuth.Fuzz;

/// <summary>PEM texts whose armour is sound and whose DER is not, or hardly.</summary>
internal static class PemMutation
{
    /// <summary>A PEM text of changed DER.</summary>
    /// <param name="dice">Decides.</param>
    /// <param name="pem">A sound PEM text.</param>
    public static string OfDer(Dice dice, string pem)
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields))
        {
            return TextMutation.Of(dice, pem, Corpus.Pem); // RFC 1421's headers: no PEM of RFC 7468
        }

        byte[] der = Convert.FromBase64String(pem[fields.Base64Data]);
        string label = dice.OneIn(16) ? dice.Pick(
            [
                "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PUBLIC KEY", "RSA PUBLIC KEY",
                "ENCRYPTED PRIVATE KEY", "CERTIFICATE",
            ]) : pem[fields.Label];
        int at = dice.Below(der.Length);
        switch (dice.Below(6))
        {
            case 0:
            case 1:
                der[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 2: // a length that the rest does not have, or an indefinite one
                der[dice.Below(Math.Min(der.Length, 40))] =
                    dice.Pick<byte>([0x00, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x88, 0xFF]);
                break;
            case 3:
                der = der[..at];
                break;
            case 4:
                der = [.. der[..at], .. new byte[dice.Pick([1, 2, 300, 20_000])], .. der[at..]];
                break;
            default:
                der = [.. der[..at], .. der[dice.Below(der.Length)..]];
                break;
        }

        return PemEncoding.WriteString(label, der);
    }

    /// <summary>PKCS#1 or PKCS#8 of eight numbers of which some were changed.</summary>
    public static string OfNumbers(Dice dice)
    {
        BigInteger[] numbers = [.. Corpus.Numbers.Select(name => RsaNumbers.Parse(dice.Pick(Corpus.Keys)[name]))];
        IReadOnlyDictionary<string, string> key = dice.Pick(Corpus.Keys);
        for (int i = 0; i < numbers.Length; i++)
        {
            BigInteger own = RsaNumbers.Parse(key[Corpus.Numbers[i]]);
            numbers[i] = dice.Below(24) switch
            {
                0 => numbers[i],
                1 => own + dice.Pick([1, -1, 2]),
                2 => own ^ (BigInteger.One << dice.Below((int)own.GetBitLength())),
                3 => dice.Pick<BigInteger>([-1, 0, 1, 2, 3, 65537, -own, BigInteger.One << 20_000]),
                _ => own,
            };
        }

        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(dice.OneIn(32) ? dice.Below(3) : 0);
            foreach (BigInteger number in numbers)
            {
                writer.WriteInteger(number);
            }
        }

        return dice.OneIn(2) ? PemEncoding.WriteString("RSA PRIVATE KEY", writer.Encode())
            : PemEncoding.WriteString("PRIVATE KEY", Pkcs8(dice, writer.Encode()));
    }

    /// <summary>Encrypted PKCS#8 that asks for very many rounds of its hash.</summary>
    public static string WithRounds(Dice dice)
    {
        string pem = Corpus.Text(dice.OneIn(2) ? "encrypted-pbes1.pem" : "encrypted-pbes2.pem");
        byte[] der = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);

        // INTEGER 1000 of the corpus, in place: the lengths around it stay as they are for a number of two bytes.
        int at = der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x02, 0x03, 0xE8]);
        byte[] rounds = dice.Pick<byte[]>(
            [[0x05, 0xDC], [0x7F, 0xFF, 0xFF, 0xFF], [0x1E, 0x84, 0x81], [0x7F, 0xFF, 0xFF, 0xFF, 0xFF]]);
        return PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", Lengthened(der, at, rounds));
    }

    // Every constructed value around the integer grows by what the integer grows.
    private static byte[] Lengthened(byte[] der, int at, byte[] integer)
    {
        byte[] replaced = [.. der[..at], 0x02, (byte)integer.Length, .. integer, .. der[(at + 4)..]];
        int growth = integer.Length - 2;
        for (int i = 0; i < at;)
        {
            bool holds = (replaced[i] & 0x20) != 0;
            int lengthBytes = replaced[i + 1] < 0x80 ? 0 : replaced[i + 1] & 0x7F;
            int length = lengthBytes == 0 ? replaced[i + 1]
                : replaced.AsSpan(i + 2, lengthBytes).ToArray().Aggregate(0, (sum, part) => (sum << 8) | part);
            int start = i + 2 + lengthBytes;
            if (!holds || start + length <= at)
            {
                i = start + length;
                continue;
            }

            length += growth;
            for (int digit = 0; digit < Math.Max(1, lengthBytes); digit++)
            {
                replaced[start - 1 - digit] = (byte)(length >> (8 * digit));
            }

            i = start;
        }

        return replaced;
    }

    // RFC 5208 section 5, with an algorithm that now and then is not RSA's.
    private static byte[] Pkcs8(Dice dice, byte[] key)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(dice.OneIn(16) ? "1.2.840.113549.1.1.10" : "1.2.840.113549.1.1.1");
                writer.WriteNull();
            }

            writer.WriteOctetString(key);
        }

        return writer.Encode();
    }
}
