using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using ChatAuth.LocalPortal.Stack;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// samples/aspnetcore before a native app whose user an identity provider has signed in; the test plays that provider
/// with a key of its own, and Microsoft.IdentityModel verifies what it signs.
/// </summary>
[TestClass]
public sealed class A_native_app_asks_for_a_token : IDisposable
{
    private const string Issuer = "https://identity.example";
    private const string Audience = "api://portal";
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";
    private const string Ada = "5b0e1c8e-3f0a-4b57-8f3c-000000000002";

    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly RSA rsa = RSA.Create(PreparedKeys.At(80));
    private readonly ConcurrentQueue<JsonNode> asked = new();
    private readonly HttpClientHandler handler = new() { CheckCertificateRevocationList = true };
    private readonly LogOfUsers log = new();
    private LocalHost? dataverse;
    private LocalHost? portal;
    private HttpClient? client;

    public void Dispose()
    {
        client?.Dispose();
        handler.Dispose();
        rsa.Dispose();
        log.Dispose();
    }

    [TestCleanup]
    public async Task Stop()
    {
        await (portal?.DisposeAsync() ?? default);
        await (dataverse?.DisposeAsync() ?? default);
    }

    [TestMethod]
    public async Task For_the_contact_of_its_bearer_token_whoever_the_cookie_names()
    {
        await OpenAsync("app");
        await SignInAsync(Ada);
        using HttpResponseMessage answer = await AskAsync(Signed());
        Assert.AreEqual("h.p.s", await answer.Content.ReadAsStringAsync());
        Assert.AreEqual(Bert, asked.Single()["ContactId"]!.GetValue<string>());
        Assert.IsFalse(answer.Headers.Contains("Set-Cookie"));
    }

    [TestMethod]
    public async Task Neither_body_nor_address_says_for_whom()
    {
        await OpenAsync("app");
        using HttpResponseMessage answer =
            await AskAsync(Signed(), new { ContactId = Ada, contact = Ada, UserName = "ada" }, "?contactid=" + Ada);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.AreEqual($$"""{"ContactId":"{{Bert}}"}""", asked.Single().ToJsonString());
    }

    [TestMethod]
    public async Task A_cookie_alone_gets_none()
    {
        await OpenAsync("app");
        await SignInAsync(Ada);
        using HttpResponseMessage answer = await AskAsync(null);
        Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.AreEqual("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.IsEmpty(asked);
    }

    [TestMethod]
    [DataRow("issuer", "the access token's issuer is another than the portal takes.")]
    [DataRow("audience", "the access token's audience is another than the portal takes.")]
    [DataRow("expired", "the access token's lifetime is over, has not begun or is not given.")]
    [DataRow("key", "the access token's signature is missing, or of none of the identity provider's keys.")]
    [DataRow("none", "the access token's signature is missing, or of none of the identity provider's keys.")]
    [DataRow("form", "the access token's form is no JWT's, or its header")]
    [DataRow("contact", "the check of the access token gives no contact.")]
    public async Task A_token_that_is_not_right_gets_none_and_the_log_says_why(string fault, string reason)
    {
        await OpenAsync("app");
        await SignInAsync(Ada);
        using HttpResponseMessage answer = await AskAsync(fault == "form" ? "opaque" : Signed(fault));
        Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.IsEmpty(asked);
        StringAssert.StartsWith((await log.TakeAsync()).Single(), "POST app-token refused: " + reason);
    }

    [TestMethod]
    [DataRow("bert")]
    [DataRow("87b4d06c-abc2-e811-a9b0-000d3a10e09")]
    [DataRow("87b4d06c-abc2-e811-a9b0-000d3a10e09e;")]
    [DataRow(" ")]
    public async Task A_contact_that_is_no_id_is_the_portals_to_mend(string contact)
    {
        await OpenAsync("app");
        using HttpResponseMessage answer = await AskAsync(Signed(contact: contact));
        Assert.AreEqual((HttpStatusCode)424, answer.StatusCode);
        Assert.AreEqual(
            """{"status":424,"message":"The site was refused a chat token."}""",
            await answer.Content.ReadAsStringAsync());
        Assert.IsFalse(answer.Headers.Contains("WWW-Authenticate"));

        await SignInAsync(Uri.EscapeDataString(contact));
        using HttpRequestMessage page = new(HttpMethod.Post, "/auth/token") { Content = JsonContent.Create(new { }) };
        page.Headers.Add("Origin", client!.BaseAddress!.GetLeftPart(UriPartial.Authority));
        page.Headers.Add(ChatAuthEndpoints.AntiforgeryHeader, await AntiforgeryAsync());
        using HttpResponseMessage ofPage = await client.SendAsync(page);
        Assert.AreEqual((HttpStatusCode)424, ofPage.StatusCode, await ofPage.Content.ReadAsStringAsync());
        Assert.IsEmpty(asked);
        string[] told = await log.TakeAsync();
        const string Said = " refused: what is to be the contact's id is no GUID: the claim contactid. ";
        Assert.HasCount(2, told);
        StringAssert.StartsWith(told[0], "POST app-token" + Said);
        StringAssert.StartsWith(told[1], "POST token" + Said);
    }

    [TestMethod]
    [DataRow("cookie")]
    [DataRow("either")]
    [DataRow("forwards")]
    [DataRow("unknown")]
    public async Task A_scheme_that_reads_cookies_is_no_proof_of_an_app(string scheme)
    {
        await OpenAsync(scheme);
        await SignInAsync(Ada);
        using HttpResponseMessage answer = await AskAsync(Signed());
        Assert.AreEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.IsEmpty(asked);
    }

    [TestMethod]
    [DataRow("{\"contextVariables\":{\"a\":\"\u00ff\"}}")]
    [DataRow("{\"\\ud800aaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1}")]
    public async Task A_body_that_is_no_Unicode_is_no_JSON(string body)
    {
        await OpenAsync("app");
        using HttpRequestMessage request = new(HttpMethod.Post, "/auth/app-token")
        {
            Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Signed());
        using HttpResponseMessage answer = await client!.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.IsEmpty(asked);
    }

    private async Task OpenAsync(string scheme)
    {
        dataverse = await LocalHost.AnsweringAsync(async http =>
        {
            using StreamReader body = new(http.Request.Body);
            asked.Enqueue(JsonNode.Parse(await body.ReadToEndAsync())!);
            await http.Response.WriteAsync("""{"Token":"h.p.s","KeyId":"k1"}""");
        });
        portal = await LocalHost.StartAsync(
            builder =>
            {
                builder.Logging.AddProvider(log);
                builder.Services.AddSingleton<SecurityKey>(new RsaSecurityKey(rsa.ExportParameters(false)));
                builder.Services.AddAuthentication("cookie").AddCookie("cookie")
                    .AddPolicyScheme("either", null, policy => policy.ForwardDefault = "cookie")
                    .AddScheme<AuthenticationSchemeOptions, Bearer>("app", null)
                    .AddScheme<AuthenticationSchemeOptions, Bearer>(
                        "forwards", each => each.ForwardAuthenticate = "cookie");
                builder.Services.AddChatAuth(chat =>
                {
                    chat.Environment = dataverse.Url;
                    chat.Credential = new StaticCredential("application");
                    chat.AppScheme = scheme;
                });
            },
            site =>
            {
                site.UseAuthentication();
                site.MapGet("/sign-in/{contact}", (string contact, HttpContext http) => http.SignInAsync(
                    "cookie",
                    new ClaimsPrincipal(
                        new ClaimsIdentity([new Claim(ChatAuthOptions.ContactClaim, contact)], "cookie"))));
                site.MapChatAuth("/auth");
            });
        client = new HttpClient(handler, disposeHandler: false) { BaseAddress = portal.Url };
    }

    private async Task SignInAsync(string contact)
    {
        using HttpResponseMessage answer = await client!.GetAsync(new Uri("/sign-in/" + contact, UriKind.Relative));
        Assert.IsGreaterThan(0, handler.CookieContainer.Count);
    }

    private async Task<string> AntiforgeryAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/auth/antiforgery");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using HttpResponseMessage answer = await client!.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> AskAsync(string? bearer, object? body = null, string query = "")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/auth/app-token" + query);
        request.Headers.Authorization = bearer == null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        request.Content = JsonContent.Create(body ?? new { });
        return await client!.SendAsync(request);
    }

    // As the identity provider signs it, with one fault.
    private string Signed(string fault = "", string contact = Bert)
    {
        using RSA other = RSA.Create(PreparedKeys.At(81));
        SecurityTokenDescriptor token = new()
        {
            Issuer = fault == "issuer" ? "https://other.example" : Issuer,
            Audience = fault == "audience" ? "api://other" : Audience,
            NotBefore = Now.AddHours(-2),
            IssuedAt = Now.AddHours(-2),
            Expires = fault == "expired" ? Now.AddHours(-1) : Now.AddHours(1),
            Claims = fault == "contact" ? []
                : new Dictionary<string, object> { [ChatAuthOptions.ContactClaim] = contact },
            SigningCredentials = fault == "none" ? null : new SigningCredentials(
                new RsaSecurityKey((fault == "key" ? other : rsa).ExportParameters(true)),
                SecurityAlgorithms.RsaSha256),
        };
        return new JsonWebTokenHandler().CreateToken(token);
    }

    // What AddJwtBearer does, of a package that is not on every mirror.
    private sealed class Bearer(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
        SecurityKey key) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(
                Request.Headers.Authorization.ToString()["Bearer ".Length..],
                new TokenValidationParameters
                {
                    ValidIssuer = Issuer,
                    ValidAudience = Audience,
                    IssuerSigningKey = key,
                    ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                    LifetimeValidator = (from, until, _, _) => from <= Now && Now < until,
                });
            return result.IsValid
                ? AuthenticateResult.Success(
                    new AuthenticationTicket(new ClaimsPrincipal(result.ClaimsIdentity), Scheme.Name))
                : AuthenticateResult.Fail(result.Exception);
        }
    }
}
