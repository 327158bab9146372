using System;
using System.Collections.Generic;
using System.Text;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Jose;

/// <summary>The public halves of keys, as the chat services read them.</summary>
internal static class PublicKeyFormats
{
    /// <summary>
    /// Omnichannel's key set: an array of kid, publicKey (base64 of a whole PEM text with CRLF) and expiry (epoch
    /// seconds).
    /// </summary>
    /// <remarks>
    /// Source: "Create chat authentication settings", the sample under "Create an endpoint that will return your public
    /// keys".
    /// </remarks>
    internal static string KeySet(IReadOnlyList<Jwk> keys)
    {
        var writer = new JsonWriter(1024).BeginArray();
        foreach (var key in keys)
        {
            writer.BeginObject()
                .Name("kid").String(key.KeyId)
                .Name("publicKey").String(Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem(key))))
                .Name("expiry").Number(key.ExpiresAt)
                .EndObject();
        }

        return writer.EndArray().ToString();
    }

    /// <summary>A JWK set of public keys, RFC 7517 section 5.</summary>
    internal static string Jwks(IReadOnlyList<Jwk> keys)
    {
        var writer = new JsonWriter(1024).BeginObject().Name("keys").BeginArray();
        foreach (var key in keys)
        {
            writer.BeginObject()
                .Name("kty").String("RSA")
                .Name("use").String("sig")
                .Name("alg").String("RS256")
                .Name("kid").String(key.KeyId)
                .Name("n").String(Base64Url.Encode(key.Parts.Modulus))
                .Name("e").String(Base64Url.Encode(key.Parts.Exponent))
                .EndObject();
        }

        return writer.EndArray().EndObject().ToString();
    }

    /// <summary>One key as PEM (SubjectPublicKeyInfo), lines ending in CRLF.</summary>
    internal static string Pem(Jwk key) => SubjectPublicKeyInfo.ToPem(key.Parts);
}
