using ChatAuth.Plugins.Json;

namespace ChatAuth.Tokens;

/// <summary>Decides whether a token is what a key's owner said, and still says.</summary>
/// <remarks>
/// As the chat services do: RS256 only, whatever the header asks for (RFC 8725 section 3.1); the key by its kid; no
/// skew on exp, since the widget allows none (facts, section 7).
/// </remarks>
internal static class TokenVerification
{
    /// <summary>Accepts a token or says why not.</summary>
    /// <param name="token">The token.</param>
    /// <param name="keys">Every key that may have signed it.</param>
    /// <param name="now">The time.</param>
    /// <param name="issuer">What iss must be, letter by letter; null for whichever.</param>
    /// <param name="audience">What aud must be, or hold; null for whichever.</param>
    /// <returns>The key that signed it.</returns>
    /// <exception cref="CommandException">The first of alg, crit, kid, signature, times, iss and aud that is not as it
    /// must be.</exception>
    public static VerificationKey Verify(
        Token token,
        IReadOnlyList<VerificationKey> keys,
        DateTimeOffset now,
        string? issuer = null,
        string? audience = null)
    {
        Ensure(token.MarkedPart is null,
            () => Errors.TokenMalformed($"its {token.MarkedPart} begins with a byte order mark"));
        Ensure(token.Header["alg"] is { Kind: JsonKind.String, Text: "RS256" },
            () => Errors.TokenAlgorithm(AlgorithmOf(token)));
        // RFC 7515 section 4.1.11
        Ensure(token.Header["crit"] is null,
            () => Errors.TokenMalformed("its header has crit, which no chat service knows"));
        VerificationKey key = Select(token, keys);
        Ensure(key.Accepts(token.SigningInput, token.Signature), Errors.TokenSignature);
        Ensure(key.ExpiresAt is not { } end || now.ToUnixTimeSeconds() < end,
            () => Errors.KeyExpired(key.KeyId ?? "without kid"));
        EnsureTimes(token, now);
        Ensure(issuer is null || token.String("iss") == issuer,
            () => Errors.TokenForOthers("iss", "--issuer"));
        Ensure(audience is null || IsFor(token.Payload["aud"], audience),
            () => Errors.TokenForOthers("aud", "--audience"));
        return key;
    }

    // One text or several: RFC 7519 section 4.1.3.
    private static bool IsFor(JsonValue? audience, string expected) => audience is { Kind: JsonKind.Array }
        ? audience.Items.Any(each => each.Kind == JsonKind.String && each.Text == expected)
        : audience is { Kind: JsonKind.String } && audience.Text == expected;

    private static VerificationKey Select(Token token, IReadOnlyList<VerificationKey> keys)
    {
        JsonValue? keyId = token.Header["kid"];
        Ensure(keyId is null or { Kind: JsonKind.String }, () => Errors.TokenMalformed("its kid is no text"));
        if (keyId is null)
        {
            return keys.Count == 1 ? keys[0] : throw new CommandException(Errors.KeyIdMissing());
        }

        // PEM has no kid: the one key is the only candidate, as it is for Omnichannel.
        return keys.FirstOrDefault(key => string.Equals(key.KeyId, keyId.Text, StringComparison.Ordinal))
            ?? (keys is [{ KeyId: null } only] ? only : throw new CommandException(Errors.KeyIdUnknown(keyId.Text)));
    }

    private static void EnsureTimes(Token token, DateTimeOffset now)
    {
        long seconds = now.ToUnixTimeSeconds();
        long? expiresAt = token.Date("exp");
        Ensure(expiresAt is not null, () => Errors.TokenMalformed("its exp is not a whole number of seconds"));
        Ensure(expiresAt < TokenWarnings.Milliseconds,
            () => Errors.TokenMalformed("its exp is in milliseconds, or beyond the year 9999"));
        long? notBefore = token.Date("nbf");
        Ensure(token.Payload["nbf"] is null || notBefore is not null,
            () => Errors.TokenMalformed("its nbf is not a whole number of seconds"));
        Ensure(seconds < expiresAt, () => Errors.TokenExpired(ReadableDate.Of(expiresAt!.Value, now)));
        Ensure(!(notBefore > seconds), () => Errors.TokenNotYetValid(ReadableDate.Of(notBefore!.Value, now)));
    }

    // Only names of RFC 7518 are repeated; anything else stays in the token.
    private static string AlgorithmOf(Token token) =>
        token.Header["alg"]?.Text is "none" or "HS256" or "HS384" or "HS512" or "RS384" or "RS512"
            or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512"
            ? token.Header["alg"]!.Text
            : "missing or unknown";

    private static void Ensure(bool condition, Func<CodedError> error)
    {
        if (!condition)
        {
            throw new CommandException(error());
        }
    }
}
