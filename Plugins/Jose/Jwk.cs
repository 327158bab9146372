using System.Globalization;
using System.Security.Cryptography;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Jose;

/// <summary>One private RSA key of a JWK set: RFC 7517 section 4, RFC 7518 section 6.3; immutable.</summary>
internal sealed class Jwk
{
    /// <summary>nbf of a pending key: published, never signs. The NumericDate of 9999-12-31T23:59:59Z.</summary>
    internal const long PendingNotBefore = 253402300799;

    /// <summary>
    /// The latest exp taken: Omnichannel's expiry is epoch seconds, and nothing says that it has more than 32 bits.
    /// </summary>
    internal const long LatestExpiresAt = int.MaxValue;

    // A kid stands in every token and in error messages; 128 characters hold any thumbprint and keep a misplaced
    // private part out.
    private const int MaximumKeyIdLength = 128;

    /// <summary>A key from its parts.</summary>
    /// <param name="parts">All eight numbers of a private key, checked by the caller.</param>
    /// <param name="keyId">kid, or null for the thumbprint.</param>
    /// <param name="notBefore">First NumericDate at which the key signs.</param>
    /// <param name="expiresAt">NumericDate from which on it is neither used nor published.</param>
    internal Jwk(RSAParameters parts, string? keyId, long notBefore, long expiresAt)
    {
        Parts = parts;
        Thumbprint = JwkThumbprint.Compute(parts.Modulus, parts.Exponent);
        KeyId = keyId ?? Thumbprint;
        NotBefore = notBefore;
        ExpiresAt = expiresAt;
    }

    /// <summary>kid.</summary>
    internal string KeyId { get; }

    /// <summary>RFC 7638: the same key, whatever its kid and dates.</summary>
    internal string Thumbprint { get; }

    /// <summary>nbf, NumericDate.</summary>
    internal long NotBefore { get; }

    /// <summary>exp, NumericDate.</summary>
    internal long ExpiresAt { get; }

    /// <summary>The numbers, private ones included.</summary>
    internal RSAParameters Parts { get; }

    /// <summary>Reads one key of a set.</summary>
    /// <param name="jwk">The JSON value at its place in "keys"; members that are not ours are ignored (RFC 7517 section
    /// 4).</param>
    /// <param name="place">Its place in the set, from 1, for errors.</param>
    /// <exception cref="ChatAuthException">3004, 3005, 3006: see <see cref="RsaParts.Parse"/>.</exception>
    internal static Jwk Parse(JsonValue jwk, int place)
    {
        var label = string.Format(CultureInfo.InvariantCulture, "Key {0} of the set", place);
        var keyId = jwk["kid"];
        if (keyId != null)
        {
            // Ensure a kid that every client can carry
            if (keyId.Kind != JsonKind.String || !IsKeyId(keyId.Text))
            {
                throw Errors.KeyMalformed(
                    label, "\"kid\" is not 1 to 128 printable ASCII characters without quote and backslash");
            }

            label = Label(keyId.Text);
        }

        Expect(jwk, "kty", "RSA", label);
        Expect(jwk, "alg", "RS256", label);
        Expect(jwk, "use", "sig", label);
        var notBefore = Date(jwk, "nbf", PendingNotBefore, label);
        var expiresAt = Date(jwk, "exp", LatestExpiresAt, label);
        if (notBefore != PendingNotBefore && notBefore >= expiresAt)
        {
            throw Errors.KeyMalformed(label, "\"nbf\" is not before \"exp\"");
        }

        return new Jwk(RsaParts.Parse(jwk, label), keyId?.Text, notBefore, expiresAt);
    }

    /// <summary>How errors name a key.</summary>
    internal static string Label(string keyId) => "Key \"" + keyId + "\"";

    /// <summary>The kid: nothing of a key may reach a log.</summary>
    public override string ToString() => Label(KeyId);

    private static bool IsKeyId(string text)
    {
        foreach (var character in text)
        {
            if (character <= ' ' || character > '~' || character == '"' || character == '\\')
            {
                return false;
            }
        }

        return text.Length >= 1 && text.Length <= MaximumKeyIdLength;
    }

    private static void Expect(JsonValue jwk, string member, string value, string label)
    {
        if (jwk[member]?.Kind != JsonKind.String || jwk[member]?.Text != value)
        {
            throw Errors.KeyMalformed(label, $"\"{member}\" is not \"{value}\"");
        }
    }

    private static long Date(JsonValue jwk, string member, long latest, string label)
    {
        var value = jwk[member];
        return value != null && value.Kind == JsonKind.Number
            && long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var date)
            && date <= latest
            ? date
            : throw Errors.KeyMalformed(
                label,
                $"\"{member}\" is not a whole number of seconds from 0 to "
                    + latest.ToString(CultureInfo.InvariantCulture));
    }
}
