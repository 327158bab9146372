using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;

namespace ChatAuth.Fuzz;

/// <summary>The eight numbers of a private RSA key, written down and judged without the product's code.</summary>
/// <remarks>
/// The judgement is RFC 8017 section 3.2 as it stands there, by e·d modulo p-1 and q-1; the product's own goes by dp
/// and dq.
/// </remarks>
internal static class RsaNumbers
{
    /// <summary>A big-endian number in base64url.</summary>
    public static BigInteger Parse(string base64Url) =>
        Unsigned(System.Buffers.Text.Base64Url.DecodeFromChars(base64Url));

    /// <summary>Base64urlUInt of RFC 7518 section 2: the fewest octets.</summary>
    public static string Write(BigInteger number) =>
        System.Buffers.Text.Base64Url.EncodeToString(number.ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <summary>A big-endian number.</summary>
    public static BigInteger Unsigned(ReadOnlySpan<byte> bigEndian) =>
        new(bigEndian, isUnsigned: true, isBigEndian: true);

    /// <summary>All eight members, consistent with one another, of two primes and a public exponent.</summary>
    public static Dictionary<string, string> Of(BigInteger p, BigInteger q, BigInteger e)
    {
        BigInteger d = Inverse(e, (p - 1) * (q - 1));
        return new Dictionary<string, string>
        {
            ["n"] = Write(p * q),
            ["e"] = Write(e),
            ["d"] = Write(d),
            ["p"] = Write(p),
            ["q"] = Write(q),
            ["dp"] = Write(d % (p - 1)),
            ["dq"] = Write(d % (q - 1)),
            ["qi"] = Write(Inverse(q, p)),
        };
    }

    /// <summary>The same of imported parameters.</summary>
    public static Dictionary<string, BigInteger> Of(RSAParameters parts) => Corpus.Numbers
        .Zip([parts.Modulus, parts.Exponent, parts.D, parts.P, parts.Q, parts.DP, parts.DQ, parts.InverseQ],
            (name, bytes) => (name, bytes))
        .ToDictionary(pair => pair.name, pair => Unsigned(pair.bytes));

    /// <summary>
    /// Whether the product must take the numbers as a key's, whatever the size of the modulus; primes are not tested.
    /// </summary>
    public static bool AreOneKey(IReadOnlyDictionary<string, BigInteger> numbers)
    {
        BigInteger p = numbers["p"];
        BigInteger q = numbers["q"];
        BigInteger n = numbers["n"];
        int half = (int)(n.GetBitLength() + 15) / 16 * 8;
        return p > 1 && q > 1 && p * q == n && p.GetBitLength() <= half && q.GetBitLength() <= half
            && numbers["e"] > 65535 && numbers["e"] <= uint.MaxValue
            && numbers["d"] < n && IsOne(
                numbers["e"] * numbers["d"], p - 1) && IsOne(numbers["e"] * numbers["d"], q - 1)
            && numbers["dp"] == numbers["d"] % (p - 1) && numbers["dq"] == numbers["d"] % (q - 1)
            && numbers["qi"] < p && IsOne(numbers["qi"] * q, p);
    }

    private static bool IsOne(BigInteger number, BigInteger modulus) => (number % modulus).IsOne;

    /// <summary>The inverse of a number; 1 where there is none, so that a mutant can be written all the same.</summary>
    public static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        BigInteger a = value;
        BigInteger b = modulus;
        BigInteger x = 1;
        BigInteger y = 0;
        while (!b.IsZero)
        {
            (BigInteger quotient, BigInteger rest) = BigInteger.DivRem(a, b);
            (a, b, x, y) = (b, rest, y, x - (quotient * y));
        }

        return a.IsOne ? ((x % modulus) + modulus) % modulus : BigInteger.One;
    }
}
