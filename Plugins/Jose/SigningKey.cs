using System;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Jose;

/// <summary>
/// A key ready to sign: its JOSE header encoded, its RSA objects imported and kept. Safe for many threads.
/// </summary>
/// <remarks>
/// RSA objects are not documented as thread-safe and a lock makes two threads one, so each signature borrows an object.
/// An import costs three signatures: there are as many as threads ever signed at once, and one when one did.
/// </remarks>
internal sealed class SigningKey
{
    private readonly ConcurrentBag<RSA> others = new ConcurrentBag<RSA>();
    private readonly Jwk key;
    private readonly Func<RSAParameters, string, RSA> import;

    // One place without a lock: nearly every worker signs with one thread at a time.
    private RSA? idle;

    internal SigningKey(Jwk key, Func<RSAParameters, string, RSA> import)
    {
        this.key = key;
        this.import = import;
        IssuedLine = "Issued a token with " + key + ".";
        var header = new JsonWriter(128).BeginObject()
            .Name("alg").String("RS256")
            .Name("typ").String("JWT")
            .Name("kid").String(key.KeyId)
            .EndObject();
        EncodedHeader = new byte[Base64Url.EncodedLength(header.Length)];
        Base64Url.Encode(header.Buffer, header.Length, EncodedHeader, 0);
    }

    /// <summary>The first part of the token, ASCII: alg, typ and kid (RFC 7515 section 4.1).</summary>
    internal byte[] EncodedHeader { get; }

    /// <summary>What the trace says of each token.</summary>
    internal string IssuedLine { get; }

    /// <summary>kid.</summary>
    internal string KeyId => key.KeyId;

    /// <summary>exp of the key, NumericDate.</summary>
    internal long ExpiresAt => key.ExpiresAt;

    /// <summary>Bytes of a signature.</summary>
    internal int SignatureLength => key.Parts.Modulus.Length;

    /// <summary>
    /// Imports the key ahead of the first signature. A failure is left to the call that signs, which may fare better.
    /// </summary>
    internal void Prepare()
    {
        try
        {
            Return(import(key.Parts, key.ToString()));
        }
        catch (ChatAuthException)
        {
            // Told by Sign, if it is still so then.
        }
    }

    /// <summary>Signs with RSASSA-PKCS1-v1_5 and SHA-256 (RFC 7518 section 3.3).</summary>
    /// <param name="data">Holds the signing input.</param>
    /// <param name="count">Its length from the first byte on.</param>
    /// <exception cref="ChatAuthException">3009 no class of this runtime signs with the key.</exception>
    internal byte[] Sign(byte[] data, int count)
    {
#pragma warning disable CA2000 // borrowed: given back or disposed below
        var rsa = Interlocked.Exchange(ref idle, null)
            ?? (others.TryTake(out var kept) ? kept : import(key.Parts, key.ToString()));
#pragma warning restore CA2000 // borrowed: given back or disposed below
        try
        {
            var signature = rsa.SignData(data, 0, count, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            Return(rsa);
            return signature;
        }
        catch
        {
            // What failed once is not given back: the next call starts from a fresh import.
            rsa.Dispose();
            throw;
        }
    }

    /// <summary>The kid, as errors name the key.</summary>
    public override string ToString() => key.ToString();

    private void Return(RSA rsa)
    {
        if (Interlocked.CompareExchange(ref idle, rsa, null) != null)
        {
            others.Add(rsa);
        }
    }
}
