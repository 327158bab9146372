using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Fuzz;

/// <summary>Lets an accepted key sign a token as the plug-in does, and Microsoft.IdentityModel verify it.</summary>
internal static class SigningProof
{
    // Few different keys are ever accepted; each is proven once.
    private static readonly ConcurrentDictionary<string, string?> Proven = new();

    /// <summary>
    /// What is wrong; null when the signature is accepted, or none was made because p or q is no prime.
    /// </summary>
    /// <param name="own">The key as the plug-in read it.</param>
    /// <param name="other">The same as Microsoft.IdentityModel read it.</param>
    public static string? Disagreement(Jwk own, JsonWebKey other)
    {
        RSAParameters parts = own.Parts;
        byte[] all = [
            .. new[]
            {
                parts.Modulus,
                parts.Exponent,
                parts.D,
                parts.P,
                parts.Q,
                parts.DP,
                parts.DQ,
                parts.InverseQ,
            }.SelectMany(part => part!),
        ];
        return Proven.GetOrAdd(Convert.ToHexString(SHA256.HashData(all)), _ => Prove(own, other));
    }

    private static string? Prove(Jwk own, JsonWebKey other)
    {
        string token;
        try
        {
            token = CompactJws.Sign(new SigningKey(own, RsaImport.Import),
                new JsonWriter(64).BeginObject().Name("iss").String("fuzz").EndObject());
        }
        catch (ChatAuthException refusal)
        {
            return refusal.Code == 3009 && !(IsPrime(own.Parts.P!) && IsPrime(own.Parts.Q!)) ? null
                : "an accepted key does not sign: " + refusal.Message;
        }

#pragma warning disable CA5404 // the signature is what is asked about
        TokenValidationResult result = new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = other,
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = ["RS256"],
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        }).GetAwaiter().GetResult();
#pragma warning restore CA5404 // the signature is what is asked about
        return result.IsValid ? null : "Microsoft.IdentityModel refuses what the key signed";
    }

    // Fermat's test to base 2: the composites of the corpus fail it.
    private static bool IsPrime(byte[] number)
    {
        BigInteger value = RsaNumbers.Unsigned(number);
        return BigInteger.ModPow(2, value - 1, value).IsOne;
    }
}
