using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>What a token that was accepted says.</summary>
/// <param name="ContactId">sub.</param>
/// <param name="KeyId">The key that it was verified with; null where the URL shows one PEM.</param>
/// <param name="TokenId">jti, empty for none.</param>
/// <param name="ExpiresAt">exp, NumericDate.</param>
/// <param name="Variables">The context variables of lwicontexts.</param>
internal sealed record CheckedToken(
    Guid ContactId,
    string? KeyId,
    string TokenId,
    long ExpiresAt,
    IReadOnlyList<KeyValuePair<string, string>> Variables);

/// <summary>Checks a token as Omnichannel's documents say (facts 7), with Microsoft.IdentityModel.</summary>
/// <remarks>
/// Which clock skew Omnichannel allows is unknown: none here. It documents no audience, so none is asked for.
/// </remarks>
/// <param name="keys">Where its keys are.</param>
/// <param name="issuer">The issuer the service knows at that time, compared exactly.</param>
/// <param name="clock">The service's time.</param>
internal sealed class TokenCheck(IServiceKeys keys, Func<string> issuer, TimeProvider clock)
{
    private static readonly (string Name, JsonValueKind Kind)[] Required =
    [
        ("iss", JsonValueKind.String), ("sub", JsonValueKind.String),
        ("iat", JsonValueKind.Number), ("exp", JsonValueKind.Number),
    ];

    private readonly JsonWebTokenHandler handler = new();

    /// <summary>Where its keys are.</summary>
    public string KeySource => keys.Source;

    /// <summary>Checks a token.</summary>
    /// <param name="text">What came as a compact JWS.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="TokenRefusedException">It is refused; the code says why.</exception>
    public async Task<CheckedToken> CheckAsync(string text, CancellationToken cancellation)
    {
        var header = TokenText.Header(text) ?? throw NotAToken();
        var payload = TokenText.Payload(text) ?? throw NotAToken();
        EnsureTypes(payload);
        if (header.ContainsKey("crit"))
        {
            throw new TokenRefusedException(
                "format", "The token's header names extensions that must be understood (crit); none is known here.");
        }

        var token = Read(text);
        if (token.Alg != SecurityAlgorithms.RsaSha256)
        {
            var algorithm = token.Alg.Length == 0 ? "no algorithm" : token.Alg;
            throw new TokenRefusedException(
                "algorithm", $"The token is signed by {algorithm}; only RS256 is taken.");
        }

        var key = await keys.FindAsync(token.TryGetHeaderValue("kid", out string? keyId) ? keyId : null, cancellation);
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key.Key,
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuer = issuer(),
#pragma warning disable CA5404 // Omnichannel's documents name no audience
            ValidateAudience = false,
#pragma warning restore CA5404 // Omnichannel's documents name no audience
            LifetimeValidator = (notBefore, expires, _, _) => (notBefore == null || notBefore <= Now) && expires > Now,
        });
        return result.IsValid ? Accepted(payload, key) : throw Refusal(result.Exception, payload, key);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static JsonWebToken Read(string text)
    {
        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            throw NotAToken();
        }
    }

    private static TokenRefusedException NotAToken() => new(
        "format",
        "This is no token: it must be three parts of base64url with dots between them, the first two of JSON.");

    private static void EnsureTypes(JsonObject payload)
    {
        foreach (var (name, kind) in Required)
        {
            if (payload[name]?.GetValueKind() != kind)
            {
                var what = kind == JsonValueKind.String ? "text" : "number of seconds";
                throw new TokenRefusedException("claims", $"The claim {name} is missing or is not a {what}.");
            }
        }

        // The widget takes such an exp for one of milliseconds; a service would never let the token end.
        if (payload["exp"]!.GetValue<double>() >= 1e12)
        {
            throw new TokenRefusedException("claims", "The claim exp is in milliseconds; it must be in seconds.");
        }

        if (payload["lwicontexts"] is { } contexts && contexts.GetValueKind() != JsonValueKind.String)
        {
            throw new TokenRefusedException("claims", "The claim lwicontexts is not a text that holds JSON.");
        }
    }

    private static CheckedToken Accepted(JsonObject payload, ServiceKey key) =>
        RecordId.Parse(payload["sub"]!.GetValue<string>()) is { } contact
            ? new CheckedToken(
                contact,
                key.KeyId,
                payload["jti"]?.ToString() ?? string.Empty,
                (long)payload["exp"]!.GetValue<double>(),
                ContextVariables.Parse(payload["lwicontexts"]?.GetValue<string>()))
            : throw new TokenRefusedException("subject", "The claim sub is not the id (GUID) of a contact.");

    private TokenRefusedException Refusal(Exception exception, JsonObject payload, ServiceKey key) => exception switch
    {
        SecurityTokenInvalidLifetimeException =>
            (long)payload["exp"]!.GetValue<double>() <= clock.GetUtcNow().ToUnixTimeSeconds()
            ? new TokenRefusedException("expired", "The token has expired. A client must ask the portal for a new one.")
            : new TokenRefusedException(
                "not-yet", "The token is not valid yet: the clocks of portal and chat service differ."),
        SecurityTokenInvalidIssuerException => new TokenRefusedException(
            "issuer", $"The token comes from another issuer than {issuer()}, the one that is known here."),
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException =>
            new TokenRefusedException(
                "signature",
                key.KeyId == null
                    ? $"The signature is not of the one key that {keys.Source} shows. Another key signed the token, as "
                        + $"when a site is moved or its key rotated while pages are open; or somebody changed it."
                    : "The signature does not belong to this text and the key it names: somebody changed the token, or "
                        + "signed it with a key of their own."),
        _ => new TokenRefusedException("format", $"The token cannot be read ({exception.GetType().Name})."),
    };
}
