using System.Security.Cryptography;
using ChatAuth.Plugins.Jose;

namespace ChatAuth.Tokens;

/// <summary>A public key as a chat service knows it.</summary>
/// <param name="KeyId">kid; null where the format has none.</param>
/// <param name="Modulus">n, big-endian.</param>
/// <param name="Exponent">e, big-endian.</param>
/// <param name="ExpiresAt">NumericDate from which it is not accepted; null where the format has none.</param>
internal sealed record VerificationKey(string? KeyId, byte[] Modulus, byte[] Exponent, long? ExpiresAt)
{
    /// <summary>RFC 7638: the same key, whatever its kid and dates.</summary>
    public string Thumbprint => JwkThumbprint.Compute(Modulus, Exponent);

    /// <summary>The same, to be written in a format; where the key had no end it has the latest there is.</summary>
    public Jwk Written => new(
        new RSAParameters { Modulus = Modulus, Exponent = Exponent }, KeyId, 0, ExpiresAt ?? Jwk.LatestExpiresAt);

    /// <summary>Whether a modulus is this key's; whatever its kid or dates, it is the same key then.</summary>
    /// <param name="modulus">n, big-endian.</param>
    public bool HasNumber(byte[] modulus) => Modulus.AsSpan().SequenceEqual(modulus);

    /// <summary>Whether a signature of RS256 (RFC 7518 section 3.3) is this key's over this input.</summary>
    public bool Accepts(byte[] input, byte[] signature)
    {
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = Modulus, Exponent = Exponent });
        return rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
