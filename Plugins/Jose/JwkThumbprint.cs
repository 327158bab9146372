using System.Security.Cryptography;
using System.Text;

namespace ChatAuth.Plugins.Jose;

/// <summary>The thumbprint of a key, RFC 7638: its natural kid.</summary>
internal static class JwkThumbprint
{
    /// <summary>
    /// Hashes the required members of an RSA public key in lexicographic order (RFC 7638 section 3.2) with SHA-256.
    /// </summary>
    /// <param name="modulus">n, big-endian, without leading zeros.</param>
    /// <param name="exponent">e, likewise.</param>
    /// <returns>43 characters of base64url.</returns>
    internal static string Compute(byte[] modulus, byte[] exponent)
    {
        var members = "{\"e\":\"" + Base64Url.Encode(exponent)
            + "\",\"kty\":\"RSA\",\"n\":\"" + Base64Url.Encode(modulus) + "\"}";
        using var sha256 = SHA256.Create();
        return Base64Url.Encode(sha256.ComputeHash(Encoding.ASCII.GetBytes(members)));
    }
}
