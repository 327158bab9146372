using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Benchmarks;

/// <summary>The one payload for all: Microsoft's sample (eleven claims, three context variables) and a jti.</summary>
internal static class Workload
{
    public const string Issuer = "contosohelp.com";
    public const string KeyId = "qWO4EaKT1xRO7JC_oqALz6DCVr41B_qL0Hqp4in7hu4";

    public static readonly Guid ContactId = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");
    public static readonly Guid Application = new("6f0c1f0e-0000-0000-0000-000000000001");
    public static readonly Guid Organization = new("11111111-0000-0000-0000-000000000001");

    /// <summary>The columns behind the claims.</summary>
    public static readonly IReadOnlyList<(string Claim, string Column, string Value)> Columns =
    [
        ("preferred_username", "externaluseridentifier", "a184fade-d7d0-40e5-9c33-97478491d352"),
        ("phone_number", "telephone1", "1234567"),
        ("given_name", "firstname", "Bert"),
        ("family_name", "lastname", "Hair"),
        ("email", "emailaddress1", "admin@contosohelp.com"),
    ];

    /// <summary>A new key for this run.</summary>
    public static RSAParameters NewKey()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportParameters(includePrivateParameters: true);
    }

    /// <summary>Settings with so many callers and so many further context variables.</summary>
    public static string Settings(int callers = 1, int variables = 0) =>
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["issuer"] = Issuer,
            ["claims"] = Columns.ToDictionary(column => column.Claim, column => column.Column),
            ["contextVariables"] = new Dictionary<string, object>
            {
                ["msdyn_cartvalue"] = new { value = "10000" },
                ["msdyn_isvip"] = new { value = "false" },
                ["portalcontactid"] = new { column = "contactid" },
            }.Concat(
            Enumerable.Range(0, variables)
                .Select(i => KeyValuePair.Create<string, object>($"variable{i:d2}", new { value = "0123456789" })))
                .ToDictionary(),
            ["callers"] = Enumerable.Range(0, callers).ToDictionary(
            i =>
                (i == 0 ? Application : new Guid(i, 0, 0, new byte[8])).ToString("D"), _ =>
                    new { contact = "parameter" }),
        });

    /// <summary>A secure configuration with those keys; the last one signs.</summary>
    public static string Keys(params IReadOnlyList<RSAParameters> keys) => JsonSerializer.Serialize(new
    {
        organization = Organization.ToString("D"),
        keys = keys.Select((key, i) => new
        {
            kty = "RSA",
            alg = "RS256",
            use = "sig",
            kid = i == keys.Count - 1 ? KeyId : $"{KeyId}{i}",
            nbf = i,
            exp = int.MaxValue,
            n = Text(key.Modulus),
            e = Text(key.Exponent),
            d = Text(key.D),
            p = Text(key.P),
            q = Text(key.Q),
            dp = Text(key.DP),
            dq = Text(key.DQ),
            qi = Text(key.InverseQ),
        }),
    });

    /// <summary>The claims as a dictionary, for libraries that take one.</summary>
    public static Dictionary<string, object> Claims()
    {
        var now = 1542622071L;
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["sub"] = ContactId.ToString("D"),
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 900,
            ["jti"] = Guid.NewGuid().ToString("D"),
        };
        foreach (var (claim, _, value) in Columns)
        {
            claims[claim] = value;
        }

        claims["lwicontexts"] = "{\"msdyn_cartvalue\":\"10000\",\"msdyn_isvip\":\"false\",\"portalcontactid\":\""
            + ContactId.ToString("D") + "\"}";
        return claims;
    }

    /// <summary>The contact's row.</summary>
    public static Entity Contact()
    {
        var contact =
            new Entity("contact", ContactId) { ["contactid"] = ContactId, ["statecode"] = new OptionSetValue(0) };
        foreach (var (_, column, value) in Columns)
        {
            contact[column] = value;
        }

        return contact;
    }

    private static string Text(byte[]? number) => Base64UrlEncoder.Encode(number);
}
