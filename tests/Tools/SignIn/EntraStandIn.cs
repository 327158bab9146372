using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Tools.Tests.SignIn;

/// <summary>
/// The token endpoints of Entra and of a managed identity, as Azure.Identity asks them; they check what they are shown.
/// </summary>
/// <remarks>
/// Errors have Entra's numbers, and repeat in their text what was sent: nothing of it may reach a screen.
/// </remarks>
/// <param name="tenant">The one tenant there is.</param>
/// <param name="application">The one application in it.</param>
/// <param name="resource">The environment that the tenant knows.</param>
/// <param name="issue">Issues an access token that the environment takes.</param>
internal sealed class EntraStandIn(Guid tenant, Guid application, string resource, Func<string> issue)
    : HttpMessageHandler
{
    /// <summary>The host that signs in.</summary>
    public const string Host = "login.microsoftonline.com";

    /// <summary>The host that a managed identity's resource asks.</summary>
    public const string MachineHost = "169.254.169.254";

    private const string DeviceCode = "device-code-of-the-stand-in";

    /// <summary>The application's secret; null when it has expired.</summary>
    public string? Secret { get; set; } = "s3cret~of-the/application";

    /// <summary>The application's certificate.</summary>
    public SecurityKey? Certificate { get; set; }

    /// <summary>The workload's token that the application trusts.</summary>
    public string? Workload { get; set; }

    /// <summary>Whether this machine has a managed identity.</summary>
    public bool IsOnAzure { get; set; }

    /// <summary>Seconds that a token is valid by what the endpoint says of it.</summary>
    public int ExpiresIn { get; set; } = 3600;

    /// <summary>Answers in the endpoint's place.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Before { get; set; }

    /// <summary>How many tokens were issued.</summary>
    public int Issued { get; private set; }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Dictionary<string, StringValues> form = request.Content == null ? []
            : QueryHelpers.ParseQuery(await request.Content.ReadAsStringAsync(cancellationToken));
        if (Before?.Invoke(request) is { } instead)
        {
            return instead;
        }

        return Answer(request.RequestUri!.AbsolutePath, request, form);
    }

    private HttpResponseMessage Answer(
        string path, HttpRequestMessage request, Dictionary<string, StringValues> form) =>
        request.RequestUri!.Host == MachineHost ? Machine(request)
        : path.EndsWith("/discovery/instance", StringComparison.Ordinal) ? Json(HttpStatusCode.OK, Discovery())
        : !path.StartsWith($"/{tenant}/", StringComparison.OrdinalIgnoreCase) ? Refusal(90002, "invalid_request", form)
        : path.EndsWith("/devicecode", StringComparison.Ordinal) ? Json(HttpStatusCode.OK, Device())
        : path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal) ? Token(form)
        : new HttpResponseMessage(HttpStatusCode.NotFound);

    private HttpResponseMessage Token(Dictionary<string, StringValues> form)
    {
        string? Of(string name) => form.TryGetValue(name, out StringValues value) ? value.ToString() : null;
        bool isDevice = Of("grant_type") == "device_code"
            || Of("grant_type") == "urn:ietf:params:oauth:grant-type:device_code";
        return Of("client_id") != application.ToString("D") && !isDevice ? Refusal(700016, "unauthorized_client", form)
            : Of("scope")?.Split(' ').Contains(resource + "/.default") != true
            ? Refusal(500011, "invalid_resource", form)
            : isDevice ? Of("device_code") == DeviceCode ? Granted(toPerson: true)
            : Refusal(70020, "bad_verification_code", form)
            : Of("client_secret") is { } secret ? Secret == null ? Refusal(7000222, "invalid_client", form)
            : secret == Secret ? Granted()
            : Refusal(7000215, "invalid_client", form)
            : Of("client_assertion") is { } assertion ? assertion == Workload || IsSigned(assertion) ? Granted()
            : Refusal(Certificate != null ? 700027 : 700213, "invalid_client", form)
            : Refusal(7000218, "invalid_client", form);
    }

    private bool IsSigned(string assertion) =>
        Certificate != null && new JsonWebTokenHandler().ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            IssuerSigningKey = Certificate,
            ValidIssuer = application.ToString("D"),
            ValidAudience = $"https://{Host}/{tenant}/oauth2/v2.0/token",
        }).GetAwaiter().GetResult().IsValid;

    private HttpResponseMessage Machine(HttpRequestMessage request)
    {
        Dictionary<string, StringValues> query = QueryHelpers.ParseQuery(request.RequestUri!.Query);
        return IsOnAzure && request.Headers.Contains("Metadata")
            && query.TryGetValue("resource", out StringValues asked) && asked == resource
            ? Granted()
            : Json(HttpStatusCode.BadRequest, new JsonObject
            {
                ["error"] = "invalid_request",
                ["error_description"] = IsOnAzure && !request.Headers.Contains(
                    "Metadata") ? "Required metadata header not specified" : "Identity not found",
            });
    }

    private HttpResponseMessage Granted(bool toPerson = false)
    {
        Issued++;
        JsonObject answer = new()
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = ExpiresIn,
            ["ext_expires_in"] = ExpiresIn,
            ["resource"] = resource,
            ["scope"] = resource + "/.default",
            ["access_token"] = issue(),
        };
        if (toPerson)
        {
            answer["id_token"] = IdToken();
            answer["client_info"] = Base64UrlEncoder.Encode($$"""{"uid":"{{application}}","utid":"{{tenant}}"}""");
        }

        return Json(HttpStatusCode.OK, answer);
    }

    // Of a person, for the public client; not signed, since nobody here reads it but MSAL.
    private string IdToken()
    {
        string claims =
            $$"""{"oid":"{{application}}","tid":"{{tenant}}","preferred_username":"bert@contoso.com","sub":"x"}""";
        return $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{Base64UrlEncoder.Encode(claims)}.";
    }

    private static JsonObject Device() => new()
    {
        ["user_code"] = "ABCD-EFGH",
        ["device_code"] = DeviceCode,
        ["verification_uri"] = "https://microsoft.com/devicelogin",
        ["expires_in"] = 900,
        ["interval"] = 0,
        ["message"] = "To sign in, open https://microsoft.com/devicelogin and enter the code ABCD-EFGH.",
    };

    private JsonObject Discovery() => new()
    {
        ["tenant_discovery_endpoint"] = $"https://{Host}/{tenant}/v2.0/.well-known/openid-configuration",
        ["api-version"] = "1.1",
        ["metadata"] = new JsonArray(
            new JsonObject
            {
                ["preferred_network"] = Host,
                ["preferred_cache"] = "login.windows.net",
                ["aliases"] = new JsonArray(Host, "login.windows.net"),
            }),
    };

    private static HttpResponseMessage Refusal(int code, string error, Dictionary<string, StringValues> form) =>
        Json(HttpStatusCode.BadRequest, new JsonObject
        {
            ["error"] = error,
            ["error_description"] =
            $"AADSTS{code}: You sent {string.Join(' ', form.Select(each => $"{each.Key}={each.Value}"))}",
            ["error_codes"] = new JsonArray(code),
        });

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString(), null, "application/json") };
}
