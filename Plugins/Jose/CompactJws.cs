using System.Text;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Jose;

/// <summary>The compact serialization of a signed JWS, RFC 7515 section 7.1.</summary>
internal static class CompactJws
{
    /// <summary>How many characters <see cref="Sign"/> would return.</summary>
    internal static int Length(SigningKey key, JsonWriter payload) =>
        SigningInputLength(key, payload) + 1 + Base64Url.EncodedLength(key.SignatureLength);

    /// <summary>Signs a payload.</summary>
    /// <param name="key">The key; its header comes first.</param>
    /// <param name="payload">A JSON object.</param>
    /// <returns>Header, payload and signature in base64url, with dots between.</returns>
    /// <exception cref="ChatAuthException">3009 no class of this runtime signs with the key.</exception>
    internal static string Sign(SigningKey key, JsonWriter payload)
    {
        var token = new byte[Length(key, payload)];
        key.EncodedHeader.CopyTo(token, 0);
        token[key.EncodedHeader.Length] = (byte)'.';
        var length = Base64Url.Encode(payload.Buffer, payload.Length, token, key.EncodedHeader.Length + 1);
        var signature = key.Sign(token, length);
        token[length++] = (byte)'.';
        Base64Url.Encode(signature, signature.Length, token, length);
        return Encoding.ASCII.GetString(token);
    }

    private static int SigningInputLength(SigningKey key, JsonWriter payload) =>
        key.EncodedHeader.Length + 1 + Base64Url.EncodedLength(payload.Length);
}
