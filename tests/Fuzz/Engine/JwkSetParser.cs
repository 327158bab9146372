using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAuth.Plugins.Jose;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Fuzz;

/// <summary>The secure configuration: private keys as a JWK set.</summary>
/// <remarks>
/// Either a set is refused with the code that an own reading of RFC 7517 and RFC 8017 gives, or it signs and
/// Microsoft.IdentityModel accepts what it signed.
/// </remarks>
internal sealed partial class JwkSetParser : Parser
{
    /// <summary>The organization that the sets are for.</summary>
    public static readonly Guid Organization = new("11111111-0000-0000-0000-000000000001");

    private static readonly string[] Sound = [JwkMutation.Sound(0), JwkMutation.Sound(1)];

    /// <inheritdoc/>
    public override string Name => "jwks";

    /// <inheritdoc/>
    public override int Share => 150;

    /// <summary>More than that of others: an administrator's own, with every key that was ever revoked.</summary>
    public override long MaximumBytes => 16 * base.MaximumBytes;

    /// <inheritdoc/>
    public override string Make(Dice dice) =>
        dice.OneIn(3) ? TextMutation.Of(dice, dice.Pick(Sound), Sound) : JwkMutation.Of(dice);

    /// <inheritdoc/>
    public override object Read(object prepared) => JwkSet.Parse((string)prepared);

    /// <summary>A kid is public, and told so that the key can be found.</summary>
    public override string Confidential(Refusal refusal) => KeyLabel().Replace(refusal.Text, string.Empty);

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        if (JsonOracle.Disagreement(input, out JsonElement? root, JwkSet.MaximumValues) is { } disagreement)
        {
            return disagreement;
        }

        HashSet<string> expected = string.IsNullOrWhiteSpace(input) ? ["CHATAUTH3001"]
            : root is not { ValueKind: JsonValueKind.Object } set || !IsForOrganization(set) || !set.TryGetProperty(
                "keys", out JsonElement keys) || keys.ValueKind != JsonValueKind.Array ? ["CHATAUTH3002"]
            : JwkOracle.Faults(keys);
        return refusal == null != (expected.Count == 0) || refusal != null && !expected.Contains(refusal.Code)
            ? $"{(expected.Count == 0 ? "acceptance" : string.Join(" or ", expected))} is right"
            : result is JwkSet accepted ? Accepted(accepted, new JsonWebKeySet(input),
                [.. root!.Value.GetProperty("keys").EnumerateArray().Select(JwkOracle.KeyId)])
            : null;
    }

    private static string? Accepted(JwkSet own, JsonWebKeySet other, string?[] keyIds) =>
        own.Keys.Count != other.Keys.Count ? "Microsoft.IdentityModel reads another number of keys"
        : own.Keys.Zip(other.Keys,
            keyIds).Any(pair => pair.First.KeyId != (pair.Third ?? JwkOracle.Thumbprint(pair.Second.N, pair.Second.E))
            || RsaNumbers.Unsigned(pair.First.Parts.Modulus) != RsaNumbers.Parse(pair.Second.N))
            ? "Microsoft.IdentityModel reads other keys"
        : own.Keys.Zip(other.Keys).Select(pair => SigningProof.Disagreement(pair.First, pair.Second)).FirstOrDefault(
            problem => problem != null);

    private static bool IsForOrganization(JsonElement set) =>
        set.TryGetProperty("organization", out JsonElement organization)
            && organization.ValueKind == JsonValueKind.String
            && Guid.TryParseExact(organization.GetString(), "D", out _);

    [GeneratedRegex("Key \"[!-~]{1,128}\"")]
    private static partial Regex KeyLabel();
}
