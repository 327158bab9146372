using System;
using System.Collections.Generic;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ChatAuth.Benchmarks.IdentityModelPlugin;
using ChatAuth.Plugins;
using JWT;
using JWT.Algorithms;
using JWT.Serializers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Newtonsoft.Json;

namespace ChatAuth.Benchmarks.Peers;

/// <summary>Ways to make the same token: each method returns an operation to be timed.</summary>
internal static class TokenMakers
{
    private static readonly Dictionary<string, object> Header =
        new() { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = Workload.KeyId };

    // jwt-dotnet adds typ and alg by itself.
    private static readonly Dictionary<string, object> KeyIdHeader = new() { ["kid"] = Workload.KeyId };

    /// <summary>The limit: one signature over a hash with a key that is ready.</summary>
    public static Action Bare(RSAParameters key)
    {
        var rsa = RSA.Create(key);
        var hash = SHA256.HashData("signing input"u8);
        return () => rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>The whole plug-in.</summary>
    public static Action Execute(IssueChatToken plugin)
    {
        var platform = new FreePlatform();
        return () => plugin.Execute(platform);
    }

    /// <summary>The plug-in with another import of keys, through the constructor that its own tests use.</summary>
    public static IssueChatToken Plugin(string settings, string keys, Func<RSAParameters, string, RSA> import) =>
        (IssueChatToken)Activator.CreateInstance(
        typeof(IssueChatToken),
        BindingFlags.Instance | BindingFlags.NonPublic,
        null,
        [settings, keys, (Func<DateTime>)(() => DateTime.UnixEpoch.AddSeconds(1542622071)), NewTokenId(), import],
        null)!;

    // The product's own, as its public constructor takes it.
    private static Func<Guid> NewTokenId() =>
        typeof(IssueChatToken).Assembly.GetType("ChatAuth.Plugins.Claims.TokenId", throwOnError: true)!
        .GetMethod("Next", BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<Func<Guid>>();

    /// <summary>Microsoft.IdentityModel with credentials that are kept.</summary>
    public static Action IdentityModel(RSA key)
    {
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var credentials =
            new SigningCredentials(new RsaSecurityKey(key) { KeyId = Workload.KeyId }, SecurityAlgorithms.RsaSha256);
        return () => handler.CreateToken(
            new SecurityTokenDescriptor { SigningCredentials = credentials, Claims = Workload.Claims() });
    }

    /// <summary>A whole plug-in on Microsoft.IdentityModel: the same query, the same claims.</summary>
    public static Action IdentityModelExecute(RSA key)
    {
        var plugin = new IssueWithIdentityModel(
            Workload.Issuer,
            new SigningCredentials(new RsaSecurityKey(key) { KeyId = Workload.KeyId }, SecurityAlgorithms.RsaSha256));
        var platform = new FreePlatform();
        return () => plugin.Execute(platform);
    }

    /// <summary>jwt-dotnet with a key that is kept.</summary>
    public static Action JwtDotNet(RSAParameters key)
    {
        var rsa = RSA.Create(key);
        var encoder = new JwtEncoder(new RS256Algorithm(rsa, rsa), new JsonNetSerializer(), new JwtBase64UrlEncoder());
        return () => encoder.Encode(KeyIdHeader, Workload.Claims(), (byte[]?)null);
    }

    /// <summary>What is seen in the wild: PEM parsed at each call, Newtonsoft.</summary>
    public static Action Naive(RSAParameters key)
    {
        using var rsa = RSA.Create(key);
        var pem = rsa.ExportPkcs8PrivateKeyPem();
        return () =>
        {
            using var signer = RSA.Create();
            signer.ImportFromPem(pem);
            var input = Encode(
                JsonConvert.SerializeObject(Header)) + "." + Encode(JsonConvert.SerializeObject(Workload.Claims()));
            var signature =
                signer.SignData(Encoding.UTF8.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            _ = input + "." + Base64UrlEncoder.Encode(signature);
        };
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);
}
