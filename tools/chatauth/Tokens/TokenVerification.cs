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
    /// <exception cref="TokenRefusedException">The first of alg, crit, kid, signature, times, iss and aud that is not
    /// as it must be.</exception>
    public static VerificationKey Verify(
        Token token,
        IReadOnlyList<VerificationKey> keys,
        DateTimeOffset now,
        string? issuer = null,
        string? audience = null)
    {
        Ensure(TokenRule.Format, token.MarkedPart is null,
            () => Errors.TokenMalformed($"its {token.MarkedPart} begins with a byte order mark"));
        Ensure(TokenRule.Algorithm, token.Header["alg"] is { Kind: JsonKind.String, Text: "RS256" },
            () => Errors.TokenAlgorithm(AlgorithmOf(token)));
        // RFC 7515 section 4.1.11
        Ensure(TokenRule.Critical, token.Header["crit"] is null,
            () => Errors.TokenMalformed("its header has crit, which no chat service knows"));
        VerificationKey key = Select(token, keys);
        Ensure(TokenRule.Signature, key.Accepts(token.SigningInput, token.Signature), Errors.TokenSignature);
        Ensure(TokenRule.KeyExpiry, key.ExpiresAt is not { } end || now.ToUnixTimeSeconds() < end,
            () => Errors.KeyExpired(key.KeyId ?? "without kid"));
        EnsureTimes(token, now);
        Ensure(TokenRule.Issuer, issuer is null || token.String("iss") == issuer,
            () => Errors.TokenForOthers("iss", "--issuer"));
        Ensure(TokenRule.None, audience is null || IsFor(token.Payload["aud"], audience),
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
        Ensure(TokenRule.KeyId, keyId is null or { Kind: JsonKind.String },
            () => Errors.TokenMalformed("its kid is no text"));
        if (keyId is null)
        {
            Ensure(TokenRule.KeyId, keys.Count == 1, Errors.KeyIdMissing);
            return keys[0];
        }

        // PEM has no kid: the one key is the only candidate, as it is for Omnichannel.
        VerificationKey? key = keys.FirstOrDefault(each => each.KeyId == keyId.Text)
            ?? (keys is [{ KeyId: null } only] ? only : null);
        Ensure(TokenRule.KeyId, key != null, () => Errors.KeyIdUnknown(keyId.Text));
        return key!;
    }

    private static void EnsureTimes(Token token, DateTimeOffset now)
    {
        long seconds = now.ToUnixTimeSeconds();
        long? expiresAt = token.Date("exp");
        Ensure(TokenRule.ExpiresAt, expiresAt is not null,
            () => Errors.TokenMalformed("its exp is not a whole number of seconds"));
        Ensure(TokenRule.ExpiresAtSeconds, expiresAt <= ReadableDate.Last,
            () => Errors.TokenMalformed("its exp is in milliseconds, or beyond the year 9999"));
        long? notBefore = token.Date("nbf");
        Ensure(TokenRule.NotBefore, token.Payload["nbf"] is null || notBefore is not null,
            () => Errors.TokenMalformed("its nbf is not a whole number of seconds"));
        Ensure(TokenRule.NotBefore, notBefore is null or <= ReadableDate.Last,
            () => Errors.TokenMalformed("its nbf is in milliseconds, or beyond the year 9999"));
        Ensure(TokenRule.Expired, seconds < expiresAt,
            () => Errors.TokenExpired(ReadableDate.Of(expiresAt!.Value, now)));
        Ensure(TokenRule.NotYet, !(notBefore > seconds),
            () => Errors.TokenNotYetValid(ReadableDate.Of(notBefore!.Value, now)));
    }

    // Only names of RFC 7518 are repeated; anything else stays in the token.
    private static string AlgorithmOf(Token token) =>
        token.Header["alg"]?.Text is "none" or "HS256" or "HS384" or "HS512" or "RS384" or "RS512"
            or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512"
            ? token.Header["alg"]!.Text
            : "missing or unknown";

    private static void Ensure(string rule, bool condition, Func<CodedError> error)
    {
        if (!condition)
        {
            throw new TokenRefusedException(rule, error());
        }
    }
}
