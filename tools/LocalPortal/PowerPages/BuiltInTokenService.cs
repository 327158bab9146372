using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.LocalPortal.PowerPages;

/// <summary>The token service that a Power Pages site has of its own: <c>/_services/auth/token</c> and
/// <c>/_services/auth/publickey</c>.</summary>
/// <remarks>
/// Sources: Microsoft Learn, power-pages/security/oauth-implicit-grant-flow (parameters, settings, headers, the form of
/// errors, PortalSTS0001); microsoft/PowerApps-Samples, portals/TokenEndpoint.js (GET, X-Responded-JSON, errors as
/// failed requests); facts 6 (the claims of two captured tokens, PortalSTS0018); MicrosoftDocs/powerapps-docs pull
/// 1627 (PortalSTS0007). What no source says is in the README's table.
/// </remarks>
/// <param name="organization">Whose rows it reads.</param>
/// <param name="site">Id of the site's row.</param>
/// <param name="issuer">The site's host name.</param>
internal sealed class BuiltInTokenService(LocalOrganization organization, Guid site, string issuer) : IDisposable
{
    /// <summary>Where it gives tokens.</summary>
    public const string TokenPath = "/_services/auth/token";

    /// <summary>Where it shows its key.</summary>
    public const string KeyPath = "/_services/auth/publickey";

    private const int LongestState = 20;
    private const int UsualLifetime = 900;

    // Made when it is first needed: a key takes a third of a second.
    private readonly Lazy<(RSA Key, string Thumbprint)> certificate = new(() =>
    {
        RSA key = RSA.Create(2048);
        CertificateRequest request = new($"CN={issuer}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = organization.Clock.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return (key, made.Thumbprint);
    });

    /// <summary>Thumbprint of the one certificate that is uploaded to the site.</summary>
    public string Thumbprint => certificate.Value.Thumbprint;

    /// <summary>Serves both addresses.</summary>
    /// <param name="routes">The site.</param>
    /// <param name="contactOf">Contact of the visitor who sends a request; null for an anonymous one.</param>
    public void Map(IEndpointRouteBuilder routes, Func<HttpContext, Guid?> contactOf)
    {
        routes.MapMethods(TokenPath, ["GET", "POST"], (HttpContext http) => Token(http, contactOf(http)));
        routes.MapGet(KeyPath, () =>
            !IsOn ? Results.NotFound()
            : HasCertificate ? Results.Text(certificate.Value.Key.ExportSubjectPublicKeyInfoPem(), "text/plain")
            : NoCertificate());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (certificate.IsValueCreated)
        {
            certificate.Value.Key.Dispose();
        }
    }

    private bool IsOn => !string.Equals(
        Setting("Connector/ImplicitGrantFlowEnabled"), "false", StringComparison.OrdinalIgnoreCase);

    private bool HasCertificate => Setting("CustomCertificates/ImplicitGrantflow") is { } thumbprint
        && string.Equals(thumbprint, Thumbprint, StringComparison.OrdinalIgnoreCase);

    // Learn: what is no number counts as the usual, what is out of range as the nearest.
    private int Lifetime => int.TryParse(
        Setting("ImplicitGrantFlow/TokenExpirationTime"), NumberStyles.None, CultureInfo.InvariantCulture, out int said)
        ? int.Clamp(said, 60, 3600) : UsualLifetime;

    private string? Setting(string name) => SiteComponent.Read(organization.Rows.Now, site, "sitesetting")
        .FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase))?["value"]
        ?.Trim();

    private IResult Token(HttpContext http, Guid? contact)
    {
        http.Response.Headers.CacheControl = "no-store";
        IQueryCollection query = http.Request.Query;
        if (!IsOn)
        {
            return Results.NotFound();
        }

        if (contact == null)
        {
            return Challenge(http);
        }

        string? Given(string name) => query[name] is [{ Length: > 0 } text] ? text : null;
        string? client = Given("client_id");
        if (client != null && Setting("ImplicitGrantFlow/RegisteredClientId")
            ?.Split(';', StringSplitOptions.TrimEntries).Contains(client) != true)
        {
            return Refusal(
                "PortalSTS0001",
                "Client Id provided in the request is not a valid client Id registered for this portal. Please check "
                    + "the parameter and try again.");
        }

        if (Given("response_type") is not (null or "token"))
        {
            return Refusal(
                "PortalSTS0007",
                "Value provided for the response type parameter is not a supported value. Please check the value and "
                    + "try again.");
        }

        (string? state, string? nonce) = (Given("state"), Given("nonce"));
        if (state?.Length > LongestState || nonce?.Length > LongestState
            || state?.All(letter => letter is >= ' ' and <= '~') == false)
        {
            return Results.Text(
                "LocalPortal does not know what is said to such a state or nonce.",
                statusCode: StatusCodes.Status501NotImplemented);
        }

        if (!HasCertificate)
        {
            return NoCertificate();
        }

        if (state != null)
        {
            http.Response.Headers["state"] = state;
        }

        http.Response.Headers["expires_in"] = Lifetime.ToString(CultureInfo.InvariantCulture);
        return Results.Text(Issue(contact.Value, client, nonce));
    }

    // As OWIN's cookie middleware answers scripts and browsers.
    private static IResult Challenge(HttpContext http)
    {
        string signIn = "/sign-in?returnUrl="
            + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString.ToUriComponent());
        if (http.Request.Headers["X-Requested-With"] != "XMLHttpRequest")
        {
            return Results.LocalRedirect(signIn);
        }

        Uri location = new(new Uri(http.Request.GetEncodedUrl()), signIn);
        http.Response.Headers["X-Responded-JSON"] = JsonSerializer.Serialize(
            new { status = StatusCodes.Status401Unauthorized, headers = new { location = location.AbsoluteUri } });
        return Results.Text(string.Empty);
    }

    private string Issue(Guid contact, string? client, string? nonce)
    {
        Row row = organization.Rows.Now.Get("contact", contact);
        long now = organization.Clock.GetUtcNow().ToUnixTimeSeconds();
        string? user = row.Text("adx_identity_username");
        JsonObject claims = new()
        {
            ["sub"] = contact.ToString("D"),
            ["preferred_username"] = user,
            ["phone_number"] = row.Text("telephone1"),
            ["given_name"] = row.Text("firstname"),
            ["family_name"] = row.Text("lastname"),
            ["email"] = row.Text("emailaddress1"),
            ["lp_sdes"] = new JsonArray(new JsonObject
            {
                ["type"] = "ctmrinfo",
                ["info"] = new JsonObject { ["customerId"] = contact.ToString("D"), ["userName"] = user },
            }),
            ["aud"] = client,
            ["appid"] = client,
            ["nonce"] = nonce,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + Lifetime,
            ["iss"] = issuer,
        };
        foreach (string empty in claims.Where(claim => claim.Value == null).Select(claim => claim.Key).ToArray())
        {
            claims.Remove(empty);
        }

        return new JsonWebTokenHandler().CreateToken(
            claims.ToJsonString(),
            new SigningCredentials(new RsaSecurityKey(certificate.Value.Key), SecurityAlgorithms.RsaSha256));
    }

    private IResult NoCertificate() => Refusal("PortalSTS0018", "The Implicit Grant certificate was not found.");

    private IResult Refusal(string id, string message) => Results.Json(
        new
        {
            ErrorId = id,
            ErrorMessage = message,
            Timestamp = organization.Clock.GetUtcNow().ToString("M/d/yyyy h:mm:ss tt", CultureInfo.InvariantCulture),
            CorrelationId = Guid.NewGuid(),
        },
        new JsonSerializerOptions { PropertyNamingPolicy = null },
        statusCode: StatusCodes.Status400BadRequest);
}
