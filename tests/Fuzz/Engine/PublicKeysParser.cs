using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAuth.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Fuzz;

/// <summary>
/// Public keys in every format that <c>chatauth token verify --key</c> reads, against Microsoft.IdentityModel and
/// .NET's import.
/// </summary>
internal class PublicKeysParser : Parser
{
    private static readonly string[] Texts =
    [
        .. Corpus.PublicPem, Corpus.Pem[0], JwkMutation.Sound(0), Jwk(0), $$"""{"keys":[{{Jwk(0)}},{{Jwk(1)}}]}""",
        KeySet(), Line(),
    ];

    private static readonly string[] Labels = ["PUBLIC KEY", "RSA PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY"];

    // Raw members as the texts above have them.
    private static readonly HashSet<string> Sound =
    [
        Jwk(0), Jwk(1),
        .. JsonDocument.Parse(KeySet()).RootElement.EnumerateArray().Select(entry => entry.GetRawText()),
    ];

    /// <inheritdoc/>
    public override string Name => "keys";

    /// <inheritdoc/>
    public override int Share => 90;

    /// <inheritdoc/>
    public override string Make(Dice dice) => dice.OneIn(6) ? PemMutation.OfDer(
        dice, dice.Pick(Corpus.PublicPem)) : TextMutation.Of(dice, dice.Pick(Texts), Texts);

    /// <inheritdoc/>
    public override object Read(object prepared) => PublicKeys.Parse((string)prepared).Verifying("publickey.json");

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal) =>
        Judge(input, result, refusal);

    /// <summary>The judgement on a text.</summary>
    public static string? Judge(string input, object? result, Refusal? refusal)
    {
        string text = input.Trim('\uFEFF', ' ', '\t', '\r', '\n', '\0');
        if (text is ['{' or '[', ..])
        {
            return JsonOracle.Disagreement(text, out JsonElement? root) ?? (
                root == null && result != null ? "it is not JSON"
                    : result == null ? null
                    : OfJson(root!.Value, (IReadOnlyList<VerificationKey>)result));
        }

        // A whole PEM text, or its base64 alone.
        VerificationKey? expected = text.Contains("-----BEGIN ", StringComparison.Ordinal)
            ? Imported(text)
            : text.Length > 8192 ? null
            : Labels.Select(label => Imported($"-----BEGIN {label}-----\n{text}\n-----END {label}-----"))
                .FirstOrDefault(key => key != null);
        return expected == null != (result == null) ? $".NET's import {(expected == null ? "refuses" : "accepts")} it"
            : result is IReadOnlyList<VerificationKey> keys && !(keys is [var only] && AreEqual(only, expected!))
            ? ".NET's import reads another key"
            : null;
    }

    // Members that are not for us are skipped: each key that was read must be one of a member, and each member that no
    // mutation touched must have been read.
    private static string? OfJson(JsonElement root, IReadOnlyList<VerificationKey> keys)
    {
        JsonElement[] members =
        [
            .. root.ValueKind == JsonValueKind.Array ? root.EnumerateArray()
                : root.TryGetProperty("keys", out JsonElement set) && set.ValueKind == JsonValueKind.Array
                ? set.EnumerateArray()
                : Enumerable.Repeat(root, 1),
        ];
        VerificationKey?[] expected = [.. members.Select(OfMember)];
        return keys.Any(key => !expected.Any(other => Is(key, other))) ? "the oracle reads no such key"
            : members.Zip(expected).Any(
                member => Sound.Contains(member.First.GetRawText()) && !keys.Any(key => Is(key, member.Second)))
            ? "a sound member was skipped"
            : null;
    }

    private static bool Is(VerificationKey key, VerificationKey? other) =>
        other != null && key.KeyId == other.KeyId && AreEqual(key, other);

    private static VerificationKey? OfMember(JsonElement member)
    {
        try
        {
            if (member.TryGetProperty("kty", out _) || !member.TryGetProperty("publicKey", out JsonElement publicKey))
            {
                JsonWebKey key = PublicPart(member);
                return new VerificationKey(JwkOracle.KeyId(member), Bytes(key.N), Bytes(key.E), null);
            }

            return Imported(Encoding.ASCII.GetString(Convert.FromBase64String(publicKey.GetString()!)))
                is { } imported ? imported with { KeyId = JwkOracle.KeyId(member) } : null;
        }
        catch (Exception exception) when (
            exception is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    // What is not read need not be what Microsoft.IdentityModel expects there.
    private static JsonWebKey PublicPart(JsonElement entry) =>
        new(
            JsonSerializer.Serialize(
                new { kty = "RSA", n = entry.GetProperty("n").GetString(), e = entry.GetProperty("e").GetString() }));

    private static byte[] Bytes(string base64Url) =>
        RsaNumbers.Parse(base64Url).ToByteArray(isUnsigned: true, isBigEndian: true);

    private static bool AreEqual(VerificationKey one, VerificationKey other) =>
        one.Modulus.SequenceEqual(other.Modulus) && one.Exponent.SequenceEqual(other.Exponent);

    // .NET skips every beginning that has no end, and looks for that end to the end of the text: quadratic time. So
    // many as no file has are refused, whatever stands behind them.
    private const int MostBeginnings = 32;

    // null for what is no RSA key, or none that RS256 may use (RFC 7518 section 3.3) and a chat service takes.
    private static VerificationKey? Imported(string pem)
    {
        try
        {
            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(pem.Split("-----BEGIN ").Length - 1 > MostBeginnings ? string.Empty : pem);
            RSAParameters parts = rsa.ExportParameters(includePrivateParameters: false);
            return parts.Modulus!.Length is >= 256 and <= 512 && parts.Exponent is { Length: <= 4 } exponent
                && exponent[^1] % 2 == 1 && exponent is not [1]
                ? new VerificationKey(null, parts.Modulus, parts.Exponent, null)
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static string Jwk(int key) =>
        $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"key-{{key}}","n":"{{Corpus.Keys[key]["n"]}}","e":"AQAB"}""";

    private static string KeySet() => JsonSerializer.Serialize(Corpus.PublicPem.Select((pem, index) =>
        new
        {
            kid = "key-" + (char)('0' + index),
            publicKey = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)),
            expiry = 1_900_000_000,
        }));

    private static string Line() => string.Concat(Corpus.PublicPem[0].Split('\n').Where(line => !line.StartsWith('-')));
}
