using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>A token, taken apart.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Payload">Its claims.</param>
/// <param name="Claims">Each claim in plain words.</param>
/// <param name="ExpiresAt">exp as NumericDate; null when there is none.</param>
/// <param name="SignedBy">Which key signed it, as it says.</param>
/// <param name="VerifiedBy">Who verified that, and with what.</param>
internal sealed record InspectedToken(
    JsonObject Header,
    JsonObject Payload,
    IReadOnlyList<ExplainedClaim> Claims,
    long? ExpiresAt,
    string SignedBy,
    string VerifiedBy);

/// <summary>A claim.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; dates in UTC.</param>
/// <param name="Meaning">What it means.</param>
internal sealed record ExplainedClaim(string Name, string Value, string Meaning);

/// <summary>Takes a token apart for a person.</summary>
internal static class TokenInspector
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["iss"] = "who says so: the site's name, exactly as the chat service knows it",
        ["sub"] = "who is chatting: the contact's id in Dataverse",
        ["aud"] = "for whom the token is meant",
        ["iat"] = "when it was issued",
        ["nbf"] = "not good before",
        ["exp"] = "not good from then on",
        ["jti"] = "this token's own number",
        ["given_name"] = "first name, from the contact",
        ["family_name"] = "last name, from the contact",
        ["email"] = "e-mail address, from the contact",
        ["phone_number"] = "telephone, from the contact",
        ["lwicontexts"] = "context variables for the agent and for routing",
    };

    /// <summary>Takes it apart; null when it cannot be read.</summary>
    /// <param name="token">A compact JWS.</param>
    /// <param name="isVerified">Whether the key it names is known to have signed it.</param>
    /// <param name="verifiedBy">Who verified it, and with what.</param>
    public static InspectedToken? Inspect(string token, bool isVerified, string verifiedBy)
    {
        if (TokenText.Header(token) is not { } header || TokenText.Payload(token) is not { } payload)
        {
            return null;
        }

        return new InspectedToken(
            header,
            payload,
            [.. payload.Select(claim => Explained(claim.Key, claim.Value))],
            Date(payload["exp"]),
            header["kid"] is { } keyId
                ? $"Key {keyId}{(isVerified ? string.Empty : ", says its header: nobody vouches for that")}"
                : "No key is named",
            verifiedBy);
    }

    private static ExplainedClaim Explained(string name, JsonNode? value) =>
        new(name, Value(name, value), Meanings.GetValueOrDefault(name, "a claim of this site"));

    private static string Value(string name, JsonNode? value) =>
        name is "iat" or "nbf" or "exp" && Date(value) is { } date
            ? DateTimeOffset.FromUnixTimeSeconds(date)
                .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
            : value?.ToString() ?? "null";

    // Years that DateTimeOffset knows.
    private static long? Date(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number
            && value.GetValue<double>() is >= 0 and < 253402300800 and var seconds
            ? (long)seconds
            : null;
}
