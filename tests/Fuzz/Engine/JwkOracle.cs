using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Fuzz;

/// <summary>An own reading of what a private JWK must be.</summary>
internal static class JwkOracle
{
    // Told in any order: a key with two faults may be refused for either.
    private const string Malformed = "CHATAUTH3004";
    private const string Size = "CHATAUTH3005";
    private const string Parts = "CHATAUTH3006";
    private const string Twice = "CHATAUTH3007";

    /// <summary>
    /// The codes with which a set may be refused: those of its first faulty key; none when it must be accepted.
    /// </summary>
    /// <param name="keys">An array.</param>
    public static HashSet<string> Faults(JsonElement keys)
    {
        HashSet<string> keyIds = [];
        foreach (JsonElement key in keys.EnumerateArray())
        {
            HashSet<string> faults = FaultsOf(key);
            if (faults.Count == 0 && !keyIds.Add(Text(key, "kid") ?? Thumbprint(Text(key, "n")!, Text(key, "e")!)))
            {
                faults.Add(Twice);
            }

            if (faults.Count > 0)
            {
                return faults;
            }
        }

        return [];
    }

    /// <summary>The thumbprint (RFC 7638) as Microsoft.IdentityModel computes it.</summary>
    public static string Thumbprint(string n, string e) => Base64UrlEncoder.Encode(
        new JsonWebKey
        {
            Kty = "RSA",
            N = RsaNumbers.Write(RsaNumbers.Parse(n)),
            E = RsaNumbers.Write(RsaNumbers.Parse(e)),
        }.ComputeJwkThumbprint());

    /// <summary>
    /// The kid as it is spelt; null for none. Microsoft.IdentityModel also reads it from a member "KID".
    /// </summary>
    public static string? KeyId(JsonElement key) => Text(key, "kid");

    private static HashSet<string> FaultsOf(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object
            || Text(key, "kty") != "RSA"
            || Text(key, "alg") != "RS256"
            || Text(key, "use") != "sig"
            || !HasKeyId(key)
            || !HasDates(key))
        {
            return [Malformed];
        }

        HashSet<string> faults = [];
        Dictionary<string, BigInteger> numbers = [];
        foreach (string name in Corpus.Numbers)
        {
            byte[]? bytes = Text(key, name) is { Length: <= 4096 } text ? Base64UrlParser.Canonical(text) : null;
            numbers[name] = bytes == null ? 0 : RsaNumbers.Unsigned(bytes);
            if (numbers[name].IsZero)
            {
                faults.Add(Malformed);
            }
        }

        if (numbers["n"].GetBitLength() is var bits && (bits < 2048 || bits > 4096 || bits % 16 != 0))
        {
            faults.Add(Size);
        }

        if (!RsaNumbers.AreOneKey(numbers))
        {
            faults.Add(Parts);
        }

        return faults;
    }

    private static bool HasKeyId(JsonElement key) => !key.TryGetProperty("kid", out JsonElement keyId)
        || keyId.ValueKind == JsonValueKind.String && keyId.GetString() is { Length: >= 1 and <= 128 } text && text
            .All(unit => unit is > ' ' and <= '~' and not '"' and not '\\');

    private static bool HasDates(JsonElement key)
    {
        BigInteger notBefore = Date(key, "nbf");
        BigInteger expiresAt = Date(key, "exp");
        return notBefore >= 0 && expiresAt >= 0 && notBefore <= 253402300799
            && expiresAt <= int.MaxValue && (notBefore == 253402300799 || notBefore < expiresAt);
    }

    // -1 for what is no row of digits.
    private static BigInteger Date(JsonElement key, string name) =>
        key.TryGetProperty(name, out JsonElement date) && date.ValueKind == JsonValueKind.Number && date.GetRawText()
            .All(char.IsAsciiDigit)
            ? BigInteger.Parse(date.GetRawText(), CultureInfo.InvariantCulture)
            : -1;

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()
            : null;
}
