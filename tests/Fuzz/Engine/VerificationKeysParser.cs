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
internal class VerificationKeysParser : Parser
{
    private static readonly string[] Texts =
    [
        .. Corpus.PublicPem, Corpus.Pem[0], JwkMutation.Sound(0), Jwk(0), $$"""{"keys":[{{Jwk(0)}},{{Jwk(1)}}]}""",
        KeySet(), Line(),
    ];

    /// <inheritdoc/>
    public override string Name => "keys";

    /// <inheritdoc/>
    public override int Share => 90;

    /// <inheritdoc/>
    public override string Make(Dice dice) => dice.OneIn(6) ? PemMutation.OfDer(
        dice, dice.Pick(Corpus.PublicPem)) : TextMutation.Of(dice, dice.Pick(Texts), Texts);

    /// <inheritdoc/>
    public override object Read(object prepared) => VerificationKeys.Parse((string)prepared, "publickey.json");

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal) =>
        Judge(input, result, refusal);

    /// <summary>The judgement on a text.</summary>
    public static string? Judge(string input, object? result, Refusal? refusal)
    {
        string text = input.Trim();
        if (text is ['{' or '[', ..])
        {
            return JsonOracle.Disagreement(text, out JsonElement? root) ?? (
                root == null && result != null ? "it is not JSON"
                    : result == null ? null
                    : OfJson(root!.Value, (IReadOnlyList<VerificationKey>)result));
        }

        // A whole PEM text, or its base64 alone.
        VerificationKey? expected =
            Imported(text is ['-', ..] ? text : $"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----");
        return expected == null != (result == null) ? $".NET's import {(expected == null ? "refuses" : "accepts")} it"
            : result is IReadOnlyList<VerificationKey> keys && !(keys is [var only] && AreEqual(only, expected!))
            ? ".NET's import reads another key"
            : null;
    }

    private static string? OfJson(JsonElement root, IReadOnlyList<VerificationKey> keys)
    {
        VerificationKey?[] expected = [.. root.ValueKind == JsonValueKind.Array
            ? root.EnumerateArray().Select(
                entry => Imported(
                    Encoding.ASCII.GetString(
                        Convert.FromBase64String(entry.GetProperty("publicKey").GetString()!))) is { } key
                        ? key with { KeyId = entry.GetProperty("kid").GetString() }
                        : null)
            : (
                root.TryGetProperty("keys", out JsonElement set) && set.ValueKind == JsonValueKind.Array
                    ? set.EnumerateArray()
                    : Enumerable.Repeat(root, 1))
                .Select(entry => (Entry: entry, Key: PublicPart(entry)))
                .Select(
                    pair =>
                        new VerificationKey(JwkOracle.KeyId(pair.Entry), Bytes(pair.Key.N), Bytes(pair.Key.E), null))];
        return expected.Length == keys.Count && expected.Zip(keys).All(
            pair => pair.First != null && pair.First.KeyId == pair.Second.KeyId && AreEqual(pair.First, pair.Second))
            ? null
            : "the oracle reads other keys";
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

    // .NET skips every beginning that has no end, and looks for that end to the end of the text: quadratic time. So many
    // as no file has are refused, whatever stands behind them.
    private const int MostBeginnings = 32;

    // null for what is no RSA key, or none that RS256 may use (RFC 7518 section 3.3) and a chat service takes.
    private static VerificationKey? Imported(string pem)
    {
        try
        {
            using RSA rsa = RSA.Create();
            rsa.ImportFromPem(pem.Split("-----BEGIN ").Length - 1 > MostBeginnings ? string.Empty : pem);
            RSAParameters parts = rsa.ExportParameters(includePrivateParameters: false);
            return parts.Modulus!.Length is >= 256 and <= 512 && parts.Exponent!.Length <= 4
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
