using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;
using ChatAuth.Plugins.Tests.Platform;

namespace ChatAuth.Plugins.Tests;

/// <summary>Keys and key sets as JSON text.</summary>
internal static class TestKeys
{
    private static readonly Lazy<RSAParameters> Generated = new(() =>
    {
        using var rsa = new RSACryptoServiceProvider(2048);
        return rsa.ExportParameters(true);
    });

    /// <summary>The key of RFC 7515 A.2, the one behind golden tokens.</summary>
    internal static Dictionary<string, string> Rfc7515 => Members("rfc7515-a.2.json");

    /// <summary>The key of RFC 7520 3.4.</summary>
    internal static Dictionary<string, string> Rfc7520 => Members("rfc7520-4.1.json");

    /// <summary>A key made for this run.</summary>
    internal static Dictionary<string, string> Fresh => Members(Generated.Value);

    internal static JsonValue Vector(string file) => JsonReader.Parse(Text(file));

    /// <summary>A file of tests/vectors or tests/golden.</summary>
    internal static string Text(string file)
    {
        using var reader = new StreamReader(typeof(TestKeys).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }

    internal static Dictionary<string, string> Members(RSAParameters parts) => new()
    {
        ["kty"] = "RSA",
        ["n"] = Base64Url.Encode(parts.Modulus!),
        ["e"] = Base64Url.Encode(parts.Exponent!),
        ["d"] = Base64Url.Encode(parts.D!),
        ["p"] = Base64Url.Encode(parts.P!),
        ["q"] = Base64Url.Encode(parts.Q!),
        ["dp"] = Base64Url.Encode(parts.DP!),
        ["dq"] = Base64Url.Encode(parts.DQ!),
        ["qi"] = Base64Url.Encode(parts.InverseQ!),
    };

    /// <summary>A key as it stands in a set.</summary>
    internal static string Jwk(
        Dictionary<string, string> members, string? kid = null, long nbf = 0, long exp = int.MaxValue)
    {
        var texts = members.Select(member => $"\"{member.Key}\":\"{member.Value}\"").ToList();
        if (kid != null)
        {
            texts.Add($"\"kid\":\"{kid}\"");
        }

        return "{" + string.Join(",", texts) + FormattableString
            .Invariant($",\"alg\":\"RS256\",\"use\":\"sig\",\"nbf\":{nbf},\"exp\":{exp}}}");
    }

    /// <summary>A secure configuration for the organization of the platform double.</summary>
    internal static string Set(params string[] keys) => SetOf(PlatformDouble.Organization, keys);

    internal static string SetOf(Guid organization, params string[] keys) =>
        $"{{\"organization\":\"{organization:D}\",\"keys\":[{string.Join(",", keys)}]}}";

    private static Dictionary<string, string> Members(string file) =>
        Vector(file)["jwk"]!.Members.ToDictionary(member => member.Key, member => member.Value.Text);
}
