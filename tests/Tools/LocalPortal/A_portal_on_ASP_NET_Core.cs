using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;
using ChatAuth.AspNetCore;
using ChatAuth.LocalPortal.Stack;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// samples/aspnetcore in a portal, before the Dataverse of the table that the samples share.
/// </summary>
[TestClass]
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public class A_portal_on_ASP_NET_Core
#pragma warning restore CA1001
{
    private const string Cookie = "cookie";
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    private readonly MovableClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly LogOfUsers log = new();
    private PortalTable table = null!;
    private TimeProvider? other; // a clock in place of the first
    private LocalHost? portal;
    private HttpClientHandler? handler;
    private HttpClient? client;
    private string below = string.Empty;

    public static IEnumerable<object[]> Cases => PortalTable.Names("cases", "severalUsers", "windows", "apps");

    [TestInitialize]
    public async Task Start() => table = await PortalTable.StartAsync();

    [TestCleanup]
    public async Task Stop()
    {
        client?.Dispose();
        handler?.Dispose();
        await (portal?.DisposeAsync() ?? default);
        await table.DisposeAsync();
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Answers_as_the_table_of_the_samples_says(string name)
    {
        JsonNode one = PortalTable.Case(name);
        await OpenAsync(chat =>
        {
            chat.TokensPerMinute = one["portal"]?["perMinute"]?.GetValue<int>() ?? chat.TokensPerMinute;
            chat.PublicKeyForm = one["portal"]?["format"]?.GetValue<string>() == "pem"
                ? PublicKeyForm.Pem
                : PublicKeyForm.KeySet;
            chat.AppScheme = one["portal"]?["apps"] == null ? null : AppProof.Name;
            if (one["portal"]?["externalWindow"] is { } window)
            {
                chat.ExternalWindow = new ExternalWindow { ClientId = window["clientId"]?.GetValue<string>() };
                window["redirectUris"]!.AsArray().ToList().ForEach(
                    uri => chat.ExternalWindow.RedirectUris.Add(uri!.GetValue<string>()));
            }

            foreach (JsonNode? user in one["portal"]?["users"]?.AsArray() ?? [])
            {
                chat.Credential = null;
                chat.Credentials.Add(new SigningIn(user!.GetValue<string>(), table.ToldUsers));
            }
        });
        await table.PlayAsync(
            one, client!, time => Done(clock.Move, time), time => Done(clock.Set, time), log.TakeAsync);

        static Task Done(Action<TimeSpan> what, TimeSpan time)
        {
            what(time);
            return Task.CompletedTask;
        }
    }

    [TestMethod]
    public async Task Asks_as_its_application_user()
    {
        await OpenAsync(_ => { });
        using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token" });
        Assert.AreEqual("Bearer application", table.Calls.Single().Authorization);
    }

    [TestMethod]
    [DataRow("http://contoso.crm.dynamics.com")]
    [DataRow("http://localhost.evil.example")]
    [DataRow("http://127.evil.example")]
    [DataRow("http://10.0.0.1")]
    [DataRow("http://user@127.0.0.1")]
    [DataRow("https://user:secret@contoso.crm.dynamics.com")]
    [DataRow("ftp://contoso.crm.dynamics.com")]
    [DataRow("file:///etc/passwd")]
    [DataRow("contoso.crm.dynamics.com")]
    public void Sends_its_access_token_over_https_without_user_name_only(string environment)
    {
        ChatAuthOptions chat = new();
        ArgumentException refusal = Assert.ThrowsExactly<ArgumentException>(
            () => chat.Environment = new Uri(environment, UriKind.RelativeOrAbsolute));
        StringAssert.Contains(refusal.Message, "Environment");
        Assert.DoesNotContain("secret", refusal.Message);
    }

    [TestMethod]
    [DataRow("https://contoso.crm.dynamics.com")]
    [DataRow("http://127.0.0.1:5000")]
    [DataRow("http://[::1]:5000")]
    [DataRow("http://localhost")]
    public void Or_to_this_machine(string environment) =>
        Assert.AreEqual(new Uri(environment), new ChatAuthOptions { Environment = new Uri(environment) }.Environment);

    [TestMethod]
    public void Signs_in_as_one_user_or_as_several() => Assert.ThrowsExactly<InvalidOperationException>(
        () => new ChatAuthOptions
        {
            Credential = new StaticCredential("one"),
            Credentials = { new StaticCredential("two") },
        }.UsedCredentials);

    [TestMethod]
    public async Task Sends_no_window_to_an_address_that_a_browser_may_read_in_another_way()
    {
        foreach (string address in PortalTable.WindowAddresses("bad"))
        {
            InvalidOperationException refusal = await Assert.ThrowsExactlyAsync<InvalidOperationException>(
                () => OpenAsync(chat => chat.ExternalWindow = new ExternalWindow { RedirectUris = { address } }),
                address);
            StringAssert.Contains(refusal.Message, "RedirectUris");
        }

        string[] good = [.. PortalTable.WindowAddresses("good"), "http://127.0.0.1:5080/window"];
        await OpenAsync(chat =>
        {
            chat.ExternalWindow = new ExternalWindow();
            good.ToList().ForEach(chat.ExternalWindow.RedirectUris.Add);
        });
        foreach (string address in good)
        {
            using HttpResponseMessage answer = await client!.GetAsync(new Uri(
                "/auth/authorize?response_type=token&redirect_uri=" + Uri.EscapeDataString(address), UriKind.Relative));
            Assert.AreEqual(302, (int)answer.StatusCode, address);
        }
    }

    // As X-Forwarded-Prefix sets it, which a portal may take from anybody by mistake.
    [TestMethod]
    [DataRow("/portal", 302)]
    [DataRow("//evil.example", 404)]
    [DataRow("/\\evil.example", 404)]
    [DataRow("/\t/evil.example", 404)]
    public async Task Sends_nobody_back_to_another_host_by_the_path_that_it_lies_below(string pathBase, int status)
    {
        below = pathBase;
        await OpenAsync(chat => chat.ExternalWindow = new ExternalWindow { RedirectUris = { "https://lp.example/" } });
        using HttpResponseMessage answer = await client!.GetAsync(new Uri(
            "/auth/authorize?response_type=token&redirect_uri=https://lp.example/", UriKind.Relative));
        Assert.AreEqual(status, (int)answer.StatusCode);
        Assert.AreEqual(
            status == 302 ? "/sign-in?returnUrl=%2Fportal%2Fauth%2Fauthorize%3Fresponse_type%3Dtoken%26redirect_uri"
                + "%3Dhttps%3A%2F%2Flp.example%2F" : null,
            PortalTable.Header(answer, "Location"));
    }

    [TestMethod]
    public async Task Is_held_to_no_web_server_by_a_cookie()
    {
        ConcurrentQueue<string?> cookies = new();
        await using LocalHost affine = await LocalHost.AnsweringAsync(http =>
        {
            cookies.Enqueue(http.Request.Headers.Cookie);
            http.Response.Cookies.Append("ARRAffinity", "1");
            return http.Response.WriteAsync("""{"Token":"h.p.s"}""");
        });
        await OpenAsync(chat => chat.Environment = affine.Url);
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token" });
            Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        }

        CollectionAssert.AreEqual(new string?[] { null, null }, cookies);
    }

    [TestMethod]
    public async Task Gives_a_visitor_up_in_time_whatever_takes_so_long()
    {
        await OpenAsync(chat =>
        {
            chat.Credential = null;
            chat.Credentials.Add(new Slow());
            chat.Credentials.Add(new Slow());
            chat.Patience = new ChatAuthOptions().Patience;
        });
        table.Told = JsonNode.Parse("""{ "silent": true }""");
        Stopwatch watch = Stopwatch.StartNew();
        using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token" });
        Assert.AreEqual(504, (int)response.StatusCode);
        Assert.AreEqual(8, watch.Elapsed.TotalSeconds, 4); // where each user had its own eight seconds: 13 and more
    }

    [TestMethod]
    public async Task Names_the_visitor_by_user_name_where_it_knows_no_contact()
    {
        await OpenAsync(
            chat => chat.Visitor = user => new ChatVisitor(null, user.FindFirstValue(ClaimTypes.NameIdentifier)));
        using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token", ["text"] = "" });
        Assert.AreEqual("""{"UserName":"bert"}""", table.Calls.Single().Parameters.ToJsonString());
    }

    [TestMethod]
    public async Task Answers_a_visitor_whom_it_does_not_know_with_401()
    {
        await OpenAsync(chat => chat.Visitor = _ => null);
        using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token" });
        Assert.AreEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.IsEmpty(table.Calls);
    }

    [TestMethod]
    [DataRow("bert")]
    [DataRow("87b4d06c-abc2-e811-a9b0-000d3a10e09")]
    [DataRow("bert@contoso.com")]
    public async Task Refuses_a_claim_that_holds_no_contact_id_before_the_call(string claim)
    {
        await OpenAsync(chat => chat.ExternalWindow = new ExternalWindow { RedirectUris = { "https://lp.example/" } });
        JsonObject page = new() { ["path"] = "/token", ["visitor"] = claim };
        using HttpResponseMessage answer = await AskAsync(page);
        Assert.AreEqual(
            """{"status":424,"message":"The site was refused a chat token."}""",
            await answer.Content.ReadAsStringAsync());
        using HttpResponseMessage window = await AskAsync(new JsonObject
        {
            ["path"] = "/authorize?response_type=token&redirect_uri=https://lp.example/",
            ["visitor"] = claim,
        });
        Assert.AreEqual("https://lp.example/#error=server_error", PortalTable.Header(window, "Location"));
        Assert.IsEmpty(table.Calls);
        const string Said = " refused: what is to be the contact's id is no GUID: the claim contactid. Let the claim "
            + "hold the id of the visitor's contact, or give Visitor a rule of your own.";
        CollectionAssert.AreEqual(new[] { "POST token" + Said, "GET authorize" + Said }, await log.TakeAsync());
    }

    [TestMethod]
    public async Task Refuses_a_visitor_whom_the_portals_rule_does_not_name()
    {
        await OpenAsync(chat => chat.Visitor = _ => new ChatVisitor(null, string.Empty));
        using HttpResponseMessage answer = await AskAsync(new JsonObject { ["path"] = "/token" });
        Assert.AreEqual(424, (int)answer.StatusCode);
        Assert.IsEmpty(table.Calls);
        Assert.AreEqual(
            "POST token refused: the portal's own rule (Visitor, AppVisitor) gives neither contact id nor user name. "
                + "Let it give one of the two.",
            (await log.TakeAsync()).Single());
    }

    [TestMethod]
    public async Task Allows_no_other_origin_even_where_the_portal_does()
    {
        await OpenAsync(_ => { }, isOpenToOthers: true);
        using HttpRequestMessage request =
            new(HttpMethod.Get, "/auth/publickey") { Headers = { { "Origin", "https://evil.example" } } };
        using HttpResponseMessage response = await client!.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.IsNull(PortalTable.Header(response, "Access-Control-Allow-Origin"));
        using HttpRequestMessage other =
            new(HttpMethod.Get, "/open") { Headers = { { "Origin", "https://evil.example" } } };
        using HttpResponseMessage open = await client.SendAsync(other);
        Assert.IsNotNull(PortalTable.Header(open, "Access-Control-Allow-Origin"));
    }

    [TestMethod]
    public async Task Keeps_no_keys_over_an_hour_that_somebody_lets_pass_in_LocalPortal()
    {
        StackClock stack = new(clock);
        other = stack;
        await OpenAsync(_ => { });
        Assert.AreEqual(200, await StatusOfKeysAsync());
        stack.Pass(TimeSpan.FromHours(1));
        Assert.AreEqual(200, await StatusOfKeysAsync());
        Assert.HasCount(2, table.Calls);
        stack.SetRight();
        clock.Move(TimeSpan.FromMinutes(5));
        Assert.AreEqual(200, await StatusOfKeysAsync());
        Assert.HasCount(3, table.Calls);
    }

    [TestMethod]
    public async Task Lets_nobody_wait_behind_a_question_that_failed_the_last_time()
    {
        await OpenAsync(chat => chat.Patience = TimeSpan.FromSeconds(4));
        table.Told = JsonNode.Parse("""{ "status": 503, "text": "" }""");
        Assert.AreEqual(503, await StatusOfKeysAsync());
        table.Told = JsonNode.Parse("""{ "silent": true }""");
        clock.Move(TimeSpan.FromSeconds(5));
        Task<int> first = StatusOfKeysAsync();
        while (table.Calls.Count < 2)
        {
            await Task.Delay(10);
        }

        Stopwatch watch = Stopwatch.StartNew();
        int[] others = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => StatusOfKeysAsync()));
        Assert.IsLessThan(2, watch.Elapsed.TotalSeconds);
        CollectionAssert.AreEqual(new[] { 503 }, others.Distinct().ToArray());
        Assert.AreEqual(503, await first);
        Assert.HasCount(2, table.Calls);
    }

    [TestMethod]
    public async Task Asks_on_for_the_others_when_the_visitor_who_asked_first_goes_away()
    {
        await OpenAsync(_ => { });
        table.Told = JsonNode.Parse("""{ "silent": true }""");
        using CancellationTokenSource leaving = new();
        Task<HttpResponseMessage> first = client!.GetAsync(new Uri("/auth/publickey", UriKind.Relative), leaving.Token);
        while (table.Calls.IsEmpty)
        {
            await Task.Delay(10);
        }

        Task<int> second = StatusOfKeysAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        Assert.AreEqual(503, await second);
        Assert.HasCount(1, table.Calls);
    }

    // How many of CHATAUTH_FLOOD anonymous GETs (2,000 unless it says otherwise) reach Dataverse, by the true clock.
    [TestMethod]
    [DataRow("401", """{ "status": 401, "text": "" }""")]
    [DataRow("429", """{ "status": 429, "text": "" }""")]
    [DataRow("503", """{ "status": 503, "text": "" }""")]
    [DataRow("a code", """{ "status": 400, "body": { "error": { "message": "CHATAUTH3003: Another." } } }""")]
    [DataRow("null", """{ "status": 200, "body": { "KeySet": null } }""")]
    [DataRow("silence", """{ "silent": true }""")]
    [DataRow("[]", """{ "status": 200, "body": { "KeySet": "[]", "Jwks": "{\"keys\":[]}" } }""")]
    public async Task Lets_a_flood_of_anonymous_visitors_reach_Dataverse_once_in_five_seconds(
        string name, string answer)
    {
        int flood = int.Parse(
            Environment.GetEnvironmentVariable("CHATAUTH_FLOOD") ?? "2000", CultureInfo.InvariantCulture);
        await OpenAsync(_ => { });
        table.Told = JsonNode.Parse(answer);
        Stopwatch watch = Stopwatch.StartNew();
        using CancellationTokenSource end = new();
        Task time = PassAsync(watch, end.Token);
        int left = flood;
        ConcurrentBag<int> statuses = [];
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            for (int each = Interlocked.Decrement(ref left); each >= 0; each = Interlocked.Decrement(ref left))
            {
                statuses.Add(await StatusOfKeysAsync(each % 2 == 0 ? "/auth/jwks" : "/auth/publickey"));
            }
        }));
        double seconds = watch.Elapsed.TotalSeconds;
        await end.CancelAsync();
        await time;
        string answers =
            string.Join(
                ", ", statuses.CountBy(status => status).Select(status => $"{status.Value} times {status.Key}"));
        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {flood} GETs in {seconds:F1} s, {table.Calls.Count} calls of Dataverse, {answers}");
        Console.WriteLine(found);
        Assert.IsNotEmpty(table.Calls, found);
        Assert.IsLessThanOrEqualTo(1 + seconds / 5, table.Calls.Count, found);
    }

    // The portal's clock goes as the true one does.
    private async Task PassAsync(Stopwatch watch, CancellationToken end)
    {
        for (TimeSpan passed = default; !end.IsCancellationRequested;)
        {
            TimeSpan now = watch.Elapsed;
            clock.Move(now - passed);
            passed = now;
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task<int> StatusOfKeysAsync(string path = "/auth/publickey")
    {
        using HttpResponseMessage response = await client!.GetAsync(new Uri(path, UriKind.Relative));
        return (int)response.StatusCode;
    }

    private async Task OpenAsync(Action<ChatAuthOptions> configure, bool isOpenToOthers = false)
    {
        portal = await LocalHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(other ?? clock);
                builder.Logging.AddProvider(log);
                builder.Services.AddAuthentication(Cookie).AddCookie(Cookie)
                    .AddScheme<AuthenticationSchemeOptions, AppProof>(AppProof.Name, null);
                builder.Services.AddChatAuth(chat =>
                {
                    chat.Environment = table.Dataverse;
                    chat.Credential = new StaticCredential("application");
                    chat.Patience = TimeSpan.FromSeconds(1); // the table says eight: see Gives_a_visitor_up_in_time
                    configure(chat);
                });
                if (isOpenToOthers)
                {
                    builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin()));
                }
            },
            site =>
            {
                site.Use((http, next) =>
                {
                    http.Request.PathBase = below;
                    return next(http);
                });
                site.UseRouting();
                if (isOpenToOthers)
                {
                    site.UseCors();
                }

                site.Use((http, next) =>
                {
                    if (http.Request.Headers[PortalTable.ContactHeader] is [{ } contact])
                    {
                        http.User = new ClaimsPrincipal(new ClaimsIdentity(
                            contact == PortalTable.WithoutContact ? []
                            :
                            [
                                new Claim(ChatAuthOptions.ContactClaim, contact),
                                new Claim(ClaimTypes.NameIdentifier, contact == Bert ? "bert" : contact),
                            ],
                            "test"));
                    }

                    return next(http);
                });
                site.MapChatAuth("/auth");
                site.MapGet("/open", () => "open");
            });
        handler = new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true };
        client = new HttpClient(handler) { BaseAddress = portal.Url };
    }

    private Task<HttpResponseMessage> AskAsync(JsonObject request) => table.AskAsync(client!, request);

    // Signs in with the user's name for access token, unless told otherwise.
    private sealed class SigningIn(string user, ConcurrentDictionary<string, JsonNode> toldUsers) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            toldUsers.GetValueOrDefault(user)?["signIn"]?.GetValue<string>() is { } failure
                ? throw new AuthenticationFailedException(failure)
                : new AccessToken(user, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    // The apps' identity provider: vouches for of-CONTACT, and for nobody-known, who is no contact.
    private sealed class AppProof(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public const string Name = "app";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            string proof = Request.Headers.Authorization.ToString().Split(' ', 2)[^1];
            if (proof == "no-metadata")
            {
                throw new InvalidOperationException("IDX20803: " + proof);
            }

            Claim[] claims = proof.StartsWith("of-", StringComparison.Ordinal)
                ? [new Claim(ChatAuthOptions.ContactClaim, proof["of-".Length..])]
                : [];
            return Task.FromResult(claims.Length == 0 && proof != "nobody-known"
                ? AuthenticateResult.Fail(Fault(proof))
                : AuthenticateResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity(claims, Name)), Name)));
        }

        private static Exception Fault(string proof) => proof switch
        {
            "signature" => new SecurityTokenSignatureKeyNotFoundException(proof),
            "issuer" => new SecurityTokenInvalidIssuerException(proof),
            "audience" => new AggregateException(new SecurityTokenInvalidAudienceException(proof)),
            "expired" => new SecurityTokenExpiredException(proof),
            "not-yet" => new SecurityTokenNotYetValidException(proof),
            "algorithm" => new SecurityTokenInvalidAlgorithmException(proof),
            "form" => new SecurityTokenMalformedException(proof),
            "unreadable" => new ArgumentException("IDX14102: " + proof, new FormatException("IDX10400: " + proof)),
            "encrypted" => new SecurityTokenDecryptionFailedException(proof),
            "unreachable" => new SecurityTokenInvalidIssuerException("IDX10204: " + proof),
            "without-keys" => new SecurityTokenSignatureKeyNotFoundException("IDX10500: " + proof),
            _ => new InvalidOperationException(proof),
        };
    }

    // Five seconds to sign in.
    private sealed class Slow : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override async ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            await Task.Delay(5000, cancellationToken);
            return new AccessToken("slow", DateTimeOffset.MaxValue);
        }
    }
}
