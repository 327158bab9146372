using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using ChatAuth.Plugins.Jose;

namespace ChatAuth.Plugins.Tests.Jose;

/// <summary>Keys whose numbers fit one another and that must be refused all the same.</summary>
internal static class CraftedKeys
{
    private static readonly Lazy<RSAParameters> Composite = new(MakeComposite);

    /// <summary>The primes of RFC 7515 A.2 with another public exponent.</summary>
    internal static RSAParameters WithExponent(BigInteger e) =>
        Of(Number(Base64Url.Decode(TestKeys.Rfc7515["p"])!), Number(Base64Url.Decode(TestKeys.Rfc7515["q"])!), e);

    /// <summary>The key of RFC 7515 A.2 with a private exponent that is too large by multiples of (p-1)(q-1).</summary>
    internal static RSAParameters WithLargePrivateExponent()
    {
        var parts = WithExponent(65537);
        var d = Number(parts.D!);
        while (d < Number(parts.Modulus!))
        {
            d += (Number(parts.P!) - 1) * (Number(parts.Q!) - 1) / 2;
        }

        parts.D = Bytes(d);
        return parts;
    }

    /// <summary>
    /// p is a product of two primes: every equation modulo p-1 and q-1 holds, yet the key does not sign.
    /// </summary>
    internal static RSAParameters WithCompositePrime() => Composite.Value;

    private static RSAParameters MakeComposite()
    {
        while (true)
        {
            using var small = Small();
            using var other = new RSACryptoServiceProvider(2048);
            var parts =
                Of(Number(small.ExportParameters(true).Modulus!), Number(other.ExportParameters(true).P!), 65537);
            if (parts.Modulus!.Length == 256 && parts.Modulus[0] >= 0x80)
            {
                return parts;
            }
        }
    }

#pragma warning disable CA5385 // small on purpose: to be refused, or to be half of a composite prime
    /// <summary>A key of 1024 bits.</summary>
    internal static RSACryptoServiceProvider Small() => new(1024);
#pragma warning restore CA5385 // small on purpose: to be refused, or to be half of a composite prime

    private static RSAParameters Of(BigInteger p, BigInteger q, BigInteger e)
    {
        var d = Inverse(e, (p - 1) * (q - 1));
        return new RSAParameters
        {
            Modulus = Bytes(p * q),
            Exponent = Bytes(e),
            D = Bytes(d),
            P = Bytes(p),
            Q = Bytes(q),
            DP = Bytes(d % (p - 1)),
            DQ = Bytes(d % (q - 1)),
            InverseQ = Bytes(Inverse(q, p)),
        };
    }

    private static BigInteger Number(byte[] bigEndian) => new([.. Enumerable.Reverse(bigEndian), 0]);

    /// <summary>A number as RSA parameters have it: big-endian, without leading zeros.</summary>
    internal static byte[] Bytes(BigInteger number) =>
        Enumerable.Reverse(number.ToByteArray()).SkipWhile(b => b == 0).ToArray();

    private static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        BigInteger a = value, b = modulus, x = 1, y = 0;
        while (b != 0)
        {
            var quotient = BigInteger.DivRem(a, b, out var rest);
            var next = x - (quotient * y);
            a = b;
            b = rest;
            x = y;
            y = next;
        }

        return ((x % modulus) + modulus) % modulus;
    }
}
