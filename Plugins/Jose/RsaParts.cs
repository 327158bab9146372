using System;
using System.Numerics;
using System.Security.Cryptography;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Jose;

/// <summary>The eight numbers of a private RSA key in a JWK: RFC 7518 sections 6.3.1 and 6.3.2.</summary>
internal static class RsaParts
{
    /// <summary>The smallest modulus RS256 allows (RFC 7518 section 3.3), in bits.</summary>
    internal const int MinimumBits = 2048;

    /// <summary>
    /// The largest modulus taken, in bits: beyond it one signature costs tens of milliseconds of a shared sandbox.
    /// </summary>
    internal const int MaximumBits = 4096;

    // Far beyond any number of a key that is taken: what is longer is not even decoded.
    private const int MaximumText = 4096;

    /// <summary>Reads and checks the numbers.</summary>
    /// <param name="jwk">A JWK object.</param>
    /// <param name="label">How errors name the key.</param>
    /// <returns>Parameters padded to the lengths that <see cref="RSA.ImportParameters"/> asks for.</returns>
    /// <exception cref="ChatAuthException">3004 a number is missing or malformed, 3005 the modulus' size, 3006 the
    /// numbers are not one key.</exception>
    internal static RSAParameters Parse(JsonValue jwk, string label)
    {
        var modulus = Number(jwk, "n", label);
        var bits = BitLength(modulus);
        if (bits < MinimumBits || bits > MaximumBits || bits % 16 != 0)
        {
            throw Errors.KeySizeOutOfRange(label);
        }

        var half = modulus.Length / 2;
        var parts = new RSAParameters
        {
            Modulus = modulus,
            Exponent = Number(jwk, "e", label),
            D = Padded(jwk, "d", modulus.Length, label),
            P = Padded(jwk, "p", half, label),
            Q = Padded(jwk, "q", half, label),
            DP = Padded(jwk, "dp", half, label),
            DQ = Padded(jwk, "dq", half, label),
            InverseQ = Padded(jwk, "qi", half, label),
        };
        return BelongTogether(parts) ? parts : throw Errors.KeyPartsDiffer(label);
    }

    /// <summary>Whether the numbers are one RSA key: RFC 8017 section 3.2.</summary>
    /// <remarks>
    /// A wrong CRT part makes a signature that gives the key away (Boneh, DeMillo, Lipton), so this runs before the key
    /// may sign. The public exponent is above 2^16 as FIPS 186-5 A.1.1 asks, and below 2^32 as the oldest Windows
    /// provider asks. Whether p and q are
    /// prime it does not ask: <c>chatauth</c> does, where keys enter.
    /// </remarks>
    internal static bool BelongTogether(RSAParameters parts)
    {
        var n = Unsigned(parts.Modulus);
        var e = Unsigned(parts.Exponent);
        var d = Unsigned(parts.D);
        var p = Unsigned(parts.P);
        var q = Unsigned(parts.Q);
        var dp = Unsigned(parts.DP);
        var dq = Unsigned(parts.DQ);
        var qi = Unsigned(parts.InverseQ);
        if (e <= ushort.MaxValue || e > uint.MaxValue || p <= 1 || q <= 1 || p * q != n || d >= n || qi >= p)
        {
            return false;
        }

        var p1 = p - BigInteger.One;
        var q1 = q - BigInteger.One;
        return d % p1 == dp && d % q1 == dq && (e * dp % p1).IsOne && (e * dq % q1).IsOne && (qi * q % p).IsOne;
    }

    private static int BitLength(byte[] number)
    {
        var bits = number.Length * 8;
        for (var top = number[0]; (top & 0x80) == 0; top <<= 1)
        {
            bits--;
        }

        return bits;
    }

    private static BigInteger Unsigned(byte[] bigEndian)
    {
        var littleEndian = new byte[bigEndian.Length + 1];
        for (var i = 0; i < bigEndian.Length; i++)
        {
            littleEndian[bigEndian.Length - 1 - i] = bigEndian[i];
        }

        return new BigInteger(littleEndian);
    }

    private static byte[] Padded(JsonValue jwk, string member, int length, string label)
    {
        var number = Number(jwk, member, label);
        if (number.Length > length)
        {
            throw Errors.KeyPartsDiffer(label);
        }

        var padded = new byte[length];
        Array.Copy(number, 0, padded, length - number.Length, number.Length);
        return padded;
    }

    // A Base64urlUInt (RFC 7518 section 2); leading zeros, which it forbids, some writers leave in.
    private static byte[] Number(JsonValue jwk, string member, string label)
    {
        var value = jwk[member];
        var bytes = value != null && value.Kind == JsonKind.String && value.Text.Length <= MaximumText
            ? Base64Url.Decode(value.Text)
            : null;
        var zeros = 0;
        while (bytes != null && zeros < bytes.Length && bytes[zeros] == 0)
        {
            zeros++;
        }

        if (bytes == null || zeros == bytes.Length)
        {
            throw Errors.KeyMalformed(label, $"\"{member}\" is missing or no base64url number");
        }

        var number = new byte[bytes.Length - zeros];
        Array.Copy(bytes, zeros, number, 0, number.Length);
        return number;
    }
}
