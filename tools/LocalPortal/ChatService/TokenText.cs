using System;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>The two readable parts of a compact JWS; reading proves nothing.</summary>
internal static class TokenText
{
    /// <summary>The header; null when it is not JSON.</summary>
    public static JsonObject? Header(string token) => Part(token, 0);

    /// <summary>The claims; null when they are not JSON.</summary>
    public static JsonObject? Payload(string token) => Part(token, 1);

    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    private static JsonObject? Part(string token, int index)
    {
        try
        {
            // Written again, since decoders pass over padding and stray bits: RFC 7515 section 2, RFC 4648 section 3.5.
            return token.Split('.') is { Length: 3 } parts
                && Base64UrlEncoder.DecodeBytes(parts[index]) is var json
                && Base64UrlEncoder.Encode(json) == parts[index]
                ? JsonNode.Parse(json, documentOptions: NoDuplicates) as JsonObject
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }
}
