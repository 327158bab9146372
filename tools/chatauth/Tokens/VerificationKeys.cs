using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Tokens;

/// <summary>Reads public keys in every format that a chat service, a portal or this command writes.</summary>
/// <remarks>
/// PEM, its base64 on one line, Omnichannel's key set, a JWK set, a JWK. Private parts, if any, are not read.
/// </remarks>
internal static class VerificationKeys
{
    /// <summary>The keys in a text.</summary>
    /// <param name="text">PEM, one line, or JSON.</param>
    /// <param name="name">How errors name the text.</param>
    /// <exception cref="CommandException">4308: no format fits, a key cannot be used, or two have one kid.</exception>
    public static IReadOnlyList<VerificationKey> Parse(string text, string name)
    {
        try
        {
            IReadOnlyList<VerificationKey> keys = ParseAny(text.Trim());
            return keys.Count == 0 ? throw new FormatException("it is empty")
                : keys.Count > 1 && keys.Any(key => key.KeyId is null)
                ? throw new FormatException("one of several keys has no kid")
                : keys.DistinctBy(key => key.KeyId, StringComparer.Ordinal).Count() < keys.Count
                ? throw new FormatException("two keys have one kid")
                : keys;
        }
        catch (FormatException exception)
        {
            throw new CommandException(Errors.VerificationKeyBad(name, exception.Message));
        }
        catch (JsonSyntaxException exception)
        {
            throw new CommandException(Errors.VerificationKeyBad(name, "it is not JSON, " + exception.Message));
        }
    }

    private static IReadOnlyList<VerificationKey> ParseAny(string text)
    {
        switch (text)
        {
            case ['{', ..]:
                JsonValue value = JsonReader.Parse(text);
                return value["keys"] is { Kind: JsonKind.Array } keys ? [.. keys.Items.Select(Jwk)] : [Jwk(value)];
            case ['[', ..]:
                return [.. JsonReader.Parse(text).Items.Select(KeySetEntry)];
            case ['-', ..]:
                return [Pem(text, null, null)];
            default:
                return [Pem($"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----", null, null)];
        }
    }

    private static VerificationKey Jwk(JsonValue jwk)
    {
        if (jwk["kty"]?.Text != "RSA"
            || jwk["alg"]?.Text is not (null or "RS256")
            || jwk["use"]?.Text is not (null or "sig"))
        {
            throw new FormatException("a JWK is not for RS256 signatures (kty, alg, use)");
        }

        return Checked(KeyId(jwk), Number(jwk, "n"), Number(jwk, "e"), Date(jwk, "exp"));
    }

    // Omnichannel's entry: publicKey is the base64 of a whole PEM text (facts, section 7).
    private static VerificationKey KeySetEntry(JsonValue entry)
    {
        byte[] pem = new byte[entry["publicKey"]?.Text.Length ?? 0];
        if (KeyId(entry) is not { } keyId
            || pem.Length == 0
            || !Convert.TryFromBase64String(entry["publicKey"]!.Text, pem, out int length))
        {
            throw new FormatException("an entry of the key set lacks kid or publicKey (base64 of PEM)");
        }

        return Pem(Encoding.ASCII.GetString(pem, 0, length), keyId, Date(entry, "expiry"));
    }

    private static VerificationKey Pem(string pem, string? keyId, long? expiresAt)
    {
        try
        {
            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(PemKey.HasFewBlocks(pem) ? pem : string.Empty);
            RSAParameters parts = rsa.ExportParameters(includePrivateParameters: false);
            return Checked(keyId, parts.Modulus!, parts.Exponent!, expiresAt);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new FormatException("it is not the PEM text of exactly one RSA key");
        }
    }

    // RFC 7518 section 3.3: RS256 needs 2048 bits or more.
    private static VerificationKey Checked(string? keyId, byte[] modulus, byte[] exponent, long? expiresAt) =>
        modulus.Length >= RsaParts.MinimumBits / 8 && modulus.Length <= RsaParts.MaximumBits / 8
            && exponent.Length is > 0 and <= 4
            ? new VerificationKey(keyId, modulus, exponent, expiresAt)
            : throw new FormatException("an RSA key does not have 2048 to 4096 bits");

    private static string? KeyId(JsonValue value) => value["kid"] switch
    {
        null => null,
        { Kind: JsonKind.String, Text: { Length: > 0 } text } => text,
        _ => throw new FormatException("a kid is no text"),
    };

    private static byte[] Number(JsonValue jwk, string member) =>
        jwk[member] is { Kind: JsonKind.String } value && Plugins.Jose.Base64Url.Decode(value.Text) is { } bytes
            ? bytes.AsSpan().TrimStart((byte)0).ToArray()
            : throw new FormatException($"\"{member}\" of a JWK is no base64url number");

    private static long? Date(JsonValue value, string member) => value[member] switch
    {
        null => null,
        { Kind: JsonKind.Number } number when long.TryParse(
            number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long date) => date,
        _ => throw new FormatException($"\"{member}\" of a key is not a whole number of seconds"),
    };
}
