using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net.Http;
using System.Security.Claims;
using System.Text;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using ChatAuth.LocalPortal.Stack;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// A portal with MapChatAuth, and a Dataverse that answers what the test says; base of the test classes.
/// </summary>
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public abstract class MapChatAuthUnderTest
#pragma warning restore CA1001
{
    internal const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";
    internal const string Issued = """{"Token":"a.b.c","ExpiresAt":"2027-01-15T08:15:00Z","KeyId":"k1"}""";
    internal const string KeysOfOne = """{"KeySet":"[{\"kid\":\"k1\"}]","Pem":"PEM1","SigningKeyId":"k1"}""";
    internal const string KeysOfTwo =
        """{"KeySet":"[{\"kid\":\"k1\"},{\"kid\":\"k2\"}]","Pem":"PEM2","SigningKeyId":"k2"}""";

    private LocalHost? dataverse;
    private LocalHost? portal;
    private HttpClient? client;

    internal MovableClock Clock { get; } = new(DateTimeOffset.UnixEpoch);

    /// <summary>The calls of custom APIs, in their order.</summary>
    internal ConcurrentQueue<(string Api, string Authorization, string Body)> Calls { get; } = new();

    /// <summary>What Dataverse answers when it is asked for a token.</summary>
    internal (int Status, string Text) Token { get; set; } = (200, Issued);

    /// <summary>What Dataverse answers when it is asked for the public keys.</summary>
    internal (int Status, string Text) Keys { get; set; } = (200, KeysOfOne);

    internal HttpClient Client => client!;

    [TestInitialize]
    public async Task Start()
    {
        dataverse = await LocalHost.AnsweringAsync(async http =>
        {
            using StreamReader body = new(http.Request.Body);
            Calls.Enqueue(
                (http.Request.Path.Value!.Split('/')[^1], http.Request.Headers.Authorization.ToString(),
                    await body.ReadToEndAsync()));
            (int status, string text) =
                http.Request.Path.Value.EndsWith("GetPublicKeys", StringComparison.Ordinal) ? Keys : Token;
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(text);
        });
        await OpenAsync(_ => { });
    }

    [TestCleanup]
    public async Task Stop()
    {
        client!.Dispose();
        await portal!.DisposeAsync();
        await dataverse!.DisposeAsync();
    }

    /// <summary>Opens the portal anew.</summary>
    internal async Task OpenAsync(Action<ChatAuthOptions> configure, bool isOpenToOthers = false)
    {
        client?.Dispose();
        if (portal != null)
        {
            await portal.DisposeAsync();
        }

        portal = await LocalHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(Clock);
                builder.Services.AddChatAuth(chat =>
                {
                    chat.Environment = dataverse!.Url;
                    chat.Credential = new StaticCredential("application");
                    configure(chat);
                });
                if (isOpenToOthers)
                {
                    builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin()));
                }
            },
            site =>
            {
                site.UseRouting();
                if (isOpenToOthers)
                {
                    site.UseCors();
                }

                site.Use((http, next) =>
                {
                    if (http.Request.Headers["Test-Contact"] is [{ } contact])
                    {
                        http.User = new ClaimsPrincipal(
                            new ClaimsIdentity(
                                [
                                    new Claim(ChatAuthOptions.ContactClaim, contact),
                                    new Claim(ClaimTypes.NameIdentifier, "bert"),
                                ], "test"));
                    }

                    return next(http);
                });
                site.MapChatAuth("/auth");
                site.MapGet("/antiforgery",
                    (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken);
            });
        client = new HttpClient { BaseAddress = portal.Url };
    }

    /// <summary>Asks for a token as chatauth.js does, or otherwise; "own" stands for the right value.</summary>
    internal async Task<HttpResponseMessage> AskAsync(
        string body =
            "{}", string? site =
                "same-origin", string? origin =
                    null, bool isSignedIn = true, string contact = Bert, string? antiforgery = "own")
    {
        using HttpRequestMessage asked =
            new(HttpMethod.Get, "/antiforgery") { Headers = { { "Test-Contact", contact } } };
        using HttpResponseMessage given = await client!.SendAsync(asked);
        using HttpRequestMessage request = new(
            HttpMethod.Post, "/auth/token")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string? value) in new[]
        {
            ("Sec-Fetch-Site", site),
            ("Origin", origin == "own" ? portal!.Url.GetLeftPart(UriPartial.Authority) : origin),
            ("Test-Contact", isSignedIn ? contact : null),
            ("__RequestVerificationToken",
                antiforgery == "own" ? await given.Content.ReadAsStringAsync() : antiforgery),
        })
        {
            if (value != null)
            {
                request.Headers.Add(name, value);
            }
        }

        return await client.SendAsync(request);
    }
}
