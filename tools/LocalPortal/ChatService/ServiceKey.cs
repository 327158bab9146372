using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>A public key as the key URL shows it.</summary>
/// <param name="KeyId">Its kid; null for a PEM by itself.</param>
/// <param name="Key">The key.</param>
/// <param name="Expiry">NumericDate; null for none.</param>
internal sealed record ServiceKey(string? KeyId, RsaSecurityKey Key, long? Expiry)
{
    /// <summary>The keys in what the URL answered.</summary>
    /// <remarks>
    /// Facts 7: one PEM, or <c>[{kid, publicKey, expiry}]</c>, publicKey the base64 of a whole PEM text with CRLF line
    /// ends, kids unique.
    /// </remarks>
    /// <exception cref="FormatException">It is neither.</exception>
    public static IReadOnlyList<ServiceKey> Parse(string text)
    {
        try
        {
            if (!text.TrimStart().StartsWith('['))
            {
                return [new ServiceKey(null, OfPem(text, null), null)];
            }

            using var set = JsonDocument.Parse(text);
            ServiceKey[] keys = [.. set.RootElement.EnumerateArray().Select(OfEntry)];
            return keys.DistinctBy(key => key.KeyId).Count() == keys.Length ? keys
                : throw new FormatException("two keys have one kid");
        }
        catch (Exception exception) when (
            exception is JsonException or KeyNotFoundException or InvalidOperationException
                or ArgumentException or CryptographicException)
        {
            throw new FormatException("it is neither a PEM nor a key set", exception);
        }
    }

    private static ServiceKey OfEntry(JsonElement entry)
    {
        var keyId = entry.GetProperty("kid").GetString()!;
        var pem = Encoding.ASCII.GetString(Convert.FromBase64String(entry.GetProperty("publicKey").GetString()!));
        return pem.Contains("\r\n", StringComparison.Ordinal)
            ? new ServiceKey(
                keyId, OfPem(pem, keyId), entry.TryGetProperty("expiry", out var expiry) ? expiry.GetInt64() : null)
            : throw new FormatException("a publicKey is not PEM with CRLF line ends");
    }

    private static RsaSecurityKey OfPem(string pem, string? keyId)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false)) { KeyId = keyId };
    }
}
