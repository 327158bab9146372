using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Benchmarks;

/// <summary>
/// The same payload as in the benchmarks on .NET, without the libraries that .NET Framework does not bring.
/// </summary>
internal static class Workload
{
    public const string Settings =
        """
        {"issuer":"contosohelp.com",
         "claims":{"preferred_username":"externaluseridentifier","phone_number":"telephone1","given_name":"firstname",
                   "family_name":"lastname","email":"emailaddress1"},
         "contextVariables":{"msdyn_cartvalue":{"value":"10000"},"msdyn_isvip":{"value":"false"},
                             "portalcontactid":{"column":"contactid"}},
         "callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"contact":"parameter"}}}
        """;

    public static readonly Guid ContactId = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");
    public static readonly Guid Application = new("6f0c1f0e-0000-0000-0000-000000000001");
    public static readonly Guid Organization = new("11111111-0000-0000-0000-000000000001");

    /// <summary>A secure configuration with one key.</summary>
    public static string Keys(RSAParameters key)
    {
        var numbers = new[] { key.Modulus, key.Exponent, key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ };
        var members = new[] { "n", "e", "d", "p", "q", "dp", "dq", "qi" }.Select((name, i) =>
            "\"" + name + "\":\"" + Convert.ToBase64String(numbers[i]!).TrimEnd('=').Replace('+', '-').Replace(
                '/', '_') + "\"");
        return string.Format(
            CultureInfo.InvariantCulture,
            "{{\"organization\":\"{0:D}\",\"keys\":[{{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\","
                + "\"nbf\":0,\"exp\":2147483647,{1}}}]}}",
            Organization,
            string.Join(",", members));
    }

    /// <summary>The contact's row.</summary>
    public static Entity Contact() => new("contact", ContactId)
    {
        ["contactid"] = ContactId,
        ["statecode"] = new OptionSetValue(0),
        ["externaluseridentifier"] = "a184fade-d7d0-40e5-9c33-97478491d352",
        ["telephone1"] = "1234567",
        ["firstname"] = "Bert",
        ["lastname"] = "Hair",
        ["emailaddress1"] = "admin@contosohelp.com",
    };
}
