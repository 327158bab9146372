using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Claims;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Azure.Core.Pipeline;
using Azure.Identity;
using ChatAuth.AspNetCore;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using ChatAuth.Tools.Tests.Deployment;
using ChatAuth.Tools.Tests.SignIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// samples/aspnetcore with two application users, who sign in by Azure.Identity, before a Dataverse that deploy has
/// been to: one is lost and found again. No visitor notices; the portal's log and doctor do.
/// </summary>
[TestClass]
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public sealed class A_portal_loses_one_of_its_users : EnvironmentUnderTest
#pragma warning restore CA1001
{
    private readonly List<EntraStandIn> entra = [];
    private readonly LogOfUsers log = new();
    private LocalUser other = null!;
    private LocalHost? portal;
    private HttpClient? client;

    [TestInitialize]
    public async Task Open()
    {
        other = Organization.AddApplicationUser("portal, too", Guid.NewGuid(), "prvReadContact", "prvReadAccount");
        portal = await LocalHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(Clock);
                builder.Logging.AddProvider(log);
                builder.Services.AddChatAuth(chat =>
                {
                    chat.Environment = Environment;
                    chat.TokensPerMinute = 1000;
                    chat.Credentials.Add(CredentialOf(Portal));
                    chat.Credentials.Add(CredentialOf(other));
                });
            },
            site =>
            {
                site.Use((http, next) =>
                {
                    http.User = new ClaimsPrincipal(
                        new ClaimsIdentity([new Claim(ChatAuthOptions.ContactClaim, Bert)], "test"));
                    return next(http);
                });
                site.MapChatAuth("/auth");
                site.MapGet("/antiforgery", (HttpContext http, IAntiforgery antiforgery) =>
                    antiforgery.GetAndStoreTokens(http).RequestToken);
            });
        client = new HttpClient { BaseAddress = portal.Url };
        Settings["callers"]![Portal.ApplicationId!.Value.ToString("D")]!["applications"] =
            new JsonArray(other.ApplicationId!.Value.ToString("D"));
        Settings["publish"] = new JsonArray(
            new JsonObject { ["portal"] = new Uri(portal.Url, "/auth/publickey").AbsoluteUri });
        await DoAsync("deploy");
    }

    [TestCleanup]
    public async Task Close()
    {
        client?.Dispose();
        await (portal?.DisposeAsync() ?? default);
    }

    [TestMethod]
    public async Task Its_secret_has_expired()
    {
        string? secret = entra[0].Secret;
        await LoseAsync(
            () => entra[0].Secret = null, "is refused (AADSTS7000222)", "0 are limited by Dataverse and 1 refused", []);
        await FindAsync(() => entra[0].Secret = secret);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task It_is_disabled(bool isBadRequest)
    {
        Organization.Unknowns.DisabledUsersAreBadRequests = isBadRequest;
        await LoseAsync(
            () => Disable(true), $"is refused (status {(isBadRequest ? 400 : 403)})",
            "0 are limited by Dataverse and 1 refused", ["CHATAUTH5426"]);
        await FindAsync(() => Disable(false));
    }

    [TestMethod]
    public async Task It_is_limited()
    {
        await LoseAsync(
            () => Exhaust(Portal), "is limited by Dataverse (429), and left out for",
            "1 are limited by Dataverse and 0 refused", []);
        await FindAsync(() => Clock.Move(TimeSpan.FromMinutes(5)));
    }

    private async Task LoseAsync(Action lose, string logged, string fact, string[] also)
    {
        log.Lines.Clear(); // deploy looked for the keys before they were there
        await AskAsync(4);
        CollectionAssert.AreEquivalent(new[] { Portal.Id, other.Id }, Askers(4));
        Assert.IsEmpty(log.Lines);
        lose();
        await AskAsync(20);
        Assert.HasCount(1, Askers(18));
        StringAssert.Contains(log.Lines.Single(), logged);
        string said = (await RunAsync("doctor")).Out;
        StringAssert.Contains(said, "warning CHATAUTH5444");
        StringAssert.Contains(said, fact);
        foreach (string code in also)
        {
            StringAssert.Contains(said, code);
        }
    }

    private async Task FindAsync(Action find)
    {
        find();
        Clock.Move(TimeSpan.FromSeconds(61));
        await AskAsync(4);
        CollectionAssert.AreEquivalent(new[] { Portal.Id, other.Id }, Askers(4));
        Assert.DoesNotContain("CHATAUTH5444", (await RunAsync("doctor")).Out);
    }

    // Each visitor gets a token, and the last one's verifies with the keys that the portal serves.
    private async Task AskAsync(int times)
    {
        string token = string.Empty;
        for (int i = 0; i < times; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/auth/token")
            {
                Headers =
                {
                    { "Sec-Fetch-Site", "same-origin" },
                    { ChatAuthEndpoints.AntiforgeryHeader, await client!.GetStringAsync(
                        new Uri("/antiforgery", UriKind.Relative)) },
                },
            };
            using HttpResponseMessage response = await client.SendAsync(request);
            token = await response.Content.ReadAsStringAsync();
            Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, token);
        }

        await System.IO.File.WriteAllTextAsync(
            Folder.File("served.json"), await client!.GetStringAsync(new Uri("/auth/jwks", UriKind.Relative)));
        CommandRun run = await CommandRun.OfAsync(
            ["token", "verify", token, "--key", Folder.File("served.json")], clock: Clock);
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    // As whom the last tokens were asked for.
    private Guid[] Askers(int last) =>
    [
        .. Organization.Journal.Calls.Where(call => call.Message == "chatauth_IssueChatToken").TakeLast(last)
            .Select(call => call.UserId).Distinct(),
    ];

    // All that a user has for five minutes.
    private void Exhaust(LocalUser user)
    {
        ServiceProtection protection = new(Clock, webServers: 1) { Requests = 500 };
        for (int i = 0; i < protection.Requests; i++)
        {
            protection.AdmitAsync(user.Id, 0).GetAwaiter().GetResult().Dispose();
        }

        Organization.Protection = protection;
    }

    private void Disable(bool isDisabled) => Organization.Rows.Change(draft => draft.Put(
        "systemuser", Portal.Id, draft.Rows.Get("systemuser", Portal.Id).Values.SetItem("isdisabled", isDisabled)));

    // Tokens are asked for anew within five minutes of their end, so each of these is.
    private ClientSecretCredential CredentialOf(LocalUser user)
    {
        EntraStandIn tenant = new(
            Organization.TenantId, user.ApplicationId!.Value, Environment.AbsoluteUri.TrimEnd('/'),
            () => Organization.NewToken(user, TimeSpan.FromHours(1)))
        { ExpiresIn = 60 };
        entra.Add(tenant);
        return new ClientSecretCredential(
            Organization.TenantId.ToString("D"), user.ApplicationId.Value.ToString("D"), tenant.Secret,
            new ClientSecretCredentialOptions
            {
                DisableInstanceDiscovery = true,
                Transport = new HttpClientTransport(tenant),
            });
    }
}
