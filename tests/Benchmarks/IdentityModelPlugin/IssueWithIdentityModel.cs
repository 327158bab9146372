using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Benchmarks.IdentityModelPlugin;

/// <summary>
/// The plug-in as a team would write it on Microsoft.IdentityModel: the same query, the same claims, the key imported
/// once.
/// </summary>
/// <remarks>It checks neither caller nor settings, so it does less than ours.</remarks>
public sealed class IssueWithIdentityModel : IPlugin
{
    private readonly JsonWebTokenHandler handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials credentials;

    /// <summary>What the platform calls.</summary>
    /// <param name="unsecureConfiguration">Issuer.</param>
    /// <param name="secureConfiguration">kid, then n, e, d, p, q, dp, dq, qi in base64url, one a line.</param>
    public IssueWithIdentityModel(string unsecureConfiguration, string secureConfiguration)
    {
        Issuer = unsecureConfiguration;
        var lines = (secureConfiguration ?? string.Empty).Split('\n');
        var rsa = RSA.Create();
        rsa.ImportParameters(new RSAParameters
        {
            Modulus = Base64UrlEncoder.DecodeBytes(lines[1]),
            Exponent = Base64UrlEncoder.DecodeBytes(lines[2]),
            D = Base64UrlEncoder.DecodeBytes(lines[3]),
            P = Base64UrlEncoder.DecodeBytes(lines[4]),
            Q = Base64UrlEncoder.DecodeBytes(lines[5]),
            DP = Base64UrlEncoder.DecodeBytes(lines[6]),
            DQ = Base64UrlEncoder.DecodeBytes(lines[7]),
            InverseQ = Base64UrlEncoder.DecodeBytes(lines[8]),
        });
        credentials =
            new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = lines[0] }, SecurityAlgorithms.RsaSha256);
    }

    /// <summary>The same with credentials that are ready.</summary>
    internal IssueWithIdentityModel(string issuer, SigningCredentials credentials)
    {
        Issuer = issuer;
        this.credentials = credentials;
    }

    private string Issuer { get; }

    /// <inheritdoc/>
    public void Execute(IServiceProvider serviceProvider)
    {
        var context =
            (IPluginExecutionContext)(serviceProvider ?? throw new ArgumentNullException(nameof(serviceProvider)))
                .GetService(typeof(IPluginExecutionContext))!;
        var factory = (IOrganizationServiceFactory)serviceProvider.GetService(typeof(IOrganizationServiceFactory))!;
        var id = (Guid)context.InputParameters["ContactId"];
        var query = new QueryExpression("contact")
        {
            ColumnSet = new ColumnSet(
                "contactid", "statecode", "externaluseridentifier", "telephone1", "firstname", "lastname",
                "emailaddress1"),
        };
        query.Criteria.AddCondition("contactid", ConditionOperator.Equal, id);
        var contact = factory.CreateOrganizationService(context.InitiatingUserId).RetrieveMultiple(query).Entities[0];
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            SigningCredentials = credentials,
            Claims = new Dictionary<string, object>
            {
                ["iss"] = Issuer,
                ["sub"] = contact.Id.ToString("D"),
                ["iat"] = now,
                ["nbf"] = now,
                ["exp"] = now + 900,
                ["jti"] = Guid.NewGuid().ToString("D"),
                ["preferred_username"] = contact["externaluseridentifier"],
                ["phone_number"] = contact["telephone1"],
                ["given_name"] = contact["firstname"],
                ["family_name"] = contact["lastname"],
                ["email"] = contact["emailaddress1"],
                ["lwicontexts"] = string.Format(
                    CultureInfo.InvariantCulture,
                    "{{\"msdyn_cartvalue\":\"10000\",\"msdyn_isvip\":\"false\",\"portalcontactid\":\"{0:D}\"}}",
                    contact.Id),
            },
        });
        context.OutputParameters["Token"] = token;
    }
}
