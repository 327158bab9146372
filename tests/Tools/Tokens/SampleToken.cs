using System;
using System.Security.Cryptography;
using System.Text;
using ChatAuth.Plugins.Jose;

namespace ChatAuth.Tools.Tests.Tokens;

/// <summary>Tokens made for a test, with .NET's own RSA, sound or not.</summary>
internal static class SampleToken
{
    /// <summary>The time of <see cref="CommandRun"/>'s clock.</summary>
    public const long Now = 1_800_000_000;

    /// <summary>The key that signs.</summary>
    public static readonly RSA Key = RSA.Create(PreparedKeys.At(80));

    /// <summary>The kid of <see cref="Key"/>.</summary>
    public static readonly string KeyId = new Jwk(Key.ExportParameters(true), null, 0, Now).KeyId;

    /// <summary>The header of a sound token.</summary>
    public static string Header => "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + KeyId + "\"}";

    /// <summary>The claims of a sound token.</summary>
    public static string Claims => Payload(Now - 60, Now + 840);

    /// <summary>Claims with these times.</summary>
    public static string Payload(long notBefore, long expiresAt) =>
        "{\"iss\":\"contosohelp.com\",\"sub\":\"87b4d06c-abc2-e811-a9b0-000d3a10e09e\","
        + $"\"iat\":{notBefore},\"nbf\":{notBefore},\"exp\":{expiresAt},"
        + "\"given_name\":\"Bert\",\"lwicontexts\":\"{\\\"msdyn_isvip\\\":\\\"false\\\",\\\"cart\\\":12}\"}";

    /// <summary>A signed token of any header and payload.</summary>
    public static string Of(string? header = null, string? payload = null)
    {
        string input =
            Part(Encoding.UTF8.GetBytes(header ?? Header)) + "." + Part(Encoding.UTF8.GetBytes(payload ?? Claims));
        return input + "." + Part(
            Key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>base64url.</summary>
    public static string Part(byte[] bytes) => Plugins.Jose.Base64Url.Encode(bytes);
}
