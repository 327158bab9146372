using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Claims;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalPortal.Stack;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Load;

/// <summary>What came of a visitor's question for a token.</summary>
/// <param name="Hour">The hour of the curve in which it was due, from 0.</param>
/// <param name="Status">HTTP status of the portal's answer.</param>
/// <param name="Wait">Milliseconds from when it was due to the end of the answer.</param>
/// <param name="Text">The answer.</param>
/// <param name="Visitor">Who asked.</param>
internal sealed record Visit(int Hour, int Status, double Wait, string Text, Visitor Visitor);

/// <summary>
/// A portal on samples/aspnetcore, with several application users, before a LocalDataverse of several web servers that
/// plays service protection. Visitors come as a curve says, whether or not those before them were answered.
/// </summary>
/// <remarks>
/// An hour of the curve is one window of five minutes of the limits, and lasts as long as it is told. The limits of a
/// window shrink with it, so that requests a second are those of the platform: 20 for each user and web server. A call
/// takes 50 ms in Dataverse, as Capacity.cs of the benchmarks assumes. Arrivals are even within an hour: chance hardly
/// shows in 6,000 requests, and would in the few of a shrunk window.
/// </remarks>
internal sealed class PortalDay : IAsyncDisposable
{
    /// <summary>Requests a second that service protection lets a user make of a web server.</summary>
    public const double RequestsPerSecond = 20;

    private const double WindowSeconds = 300;
    private const string VisitorHeader = "Load-Visitor";
    private static readonly TimeSpan CallDuration = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false });
    private readonly List<(string Cookie, string Antiforgery)> sessions = [];
    private readonly LoadedOrganization loaded;
    private readonly WebApplication portal;
    private readonly TimeSpan hour;

    private PortalDay(LoadedOrganization loaded, WebApplication portal, TimeSpan hour, double capacity)
    {
        this.loaded = loaded;
        this.portal = portal;
        this.hour = hour;
        Capacity = capacity;
        client.BaseAddress = new Uri(portal.Urls.Single());
    }

    /// <summary>The most tokens a second that service protection lets the portal have.</summary>
    public double Capacity { get; }

    /// <summary>Opens a portal.</summary>
    /// <param name="users">How many application users it has.</param>
    /// <param name="webServers">How many web servers its environment has.</param>
    /// <param name="hour">How long an hour of the curve lasts.</param>
    public static async Task<PortalDay> OpenAsync(int users, int webServers, TimeSpan hour)
    {
        var times = WindowSeconds / hour.TotalSeconds;
        FastClock clock = new(times);
        var loaded = await LoadedOrganization.StartAsync(1, clock, users);
        loaded.Organization.Protection = new ServiceProtection(clock, webServers)
        {
            Requests = (int)Math.Round(RequestsPerSecond * hour.TotalSeconds),
            ExecutionTime = TimeSpan.FromMinutes(20) / times,
            Duration = CallDuration,
        };
        var portal = Portal(loaded, clock);
        await portal.StartAsync();
        PortalDay day = new(loaded, portal, hour, users * webServers * RequestsPerSecond);
        await day.SignInAsync();
        return day;
    }

    /// <summary>Lets visitors come.</summary>
    /// <param name="demand">For each hour, which part of <see cref="Capacity"/> they ask for.</param>
    public async Task<IReadOnlyList<Visit>> RunAsync(IReadOnlyList<double> demand)
    {
        List<Task<Visit>> visits = [];
        var started = Stopwatch.GetTimestamp();
        for (var each = 0; each < demand.Count; each++)
        {
            var count = (int)Math.Round(demand[each] * Capacity * hour.TotalSeconds);
            for (var number = 0; number < count; number++)
            {
                var due = hour * (each + ((double)number / count));
                if (due - Stopwatch.GetElapsedTime(started) is var left && left.TotalMilliseconds >= 1)
                {
                    await Task.Delay(left);
                }

                visits.Add(AskAsync(each, due, started, visits.Count % sessions.Count));
            }
        }

        return await Task.WhenAll(visits);
    }

    /// <summary>How many of the tokens are not genuine, name another contact, or have the id of another one.</summary>
    /// <param name="visits">What came of the questions.</param>
    public async Task<int> WrongAsync(IEnumerable<Visit> visits)
    {
        JsonWebTokenHandler handler = new();
        TokenValidationParameters rules = new()
        {
            ValidIssuer = loaded.Portals[0].Issuer,
            ValidAudience = LoadedOrganization.Audience,
            IssuerSigningKeys = new JsonWebKeySet(loaded.PublicKeys).GetSigningKeys(),
#pragma warning disable CA5404 // their dates are of a clock that goes faster than the machine's
            ValidateLifetime = false,
#pragma warning restore CA5404 // their dates are of a clock that goes faster than the machine's
        };
        HashSet<string> ids = [];
        var wrong = 0;
        foreach (var visit in visits.Where(visit => visit.Status == 200))
        {
            var result = await handler.ValidateTokenAsync(visit.Text, rules);
            wrong += result.IsValid
                && result.SecurityToken is JsonWebToken token
                && token.Subject == visit.Visitor.ContactId.ToString("D")
                && ids.Add(token.Id) ? 0 : 1;
        }

        return wrong;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await portal.DisposeAsync();
        await loaded.DisposeAsync();
    }

    private static WebApplication Portal(LoadedOrganization loaded, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(clock);
        builder.Services.AddChatAuth(chat =>
        {
            chat.Environment = loaded.Url;
            chat.TokensPerMinute = int.MaxValue;
            foreach (var user in loaded.Portals[0].Users)
            {
                chat.Credentials.Add(new StaticCredential(user.Token));
            }
        });
        var site = builder.Build();
        site.Use((http, next) =>
        {
            http.User = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ChatAuthOptions.ContactClaim, http.Request.Headers[VisitorHeader].ToString())], "load"));
            return next(http);
        });
        site.MapChatAuth("/auth");
        site.MapGet(
            "/", (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken);
        return site;
    }

    private async Task SignInAsync()
    {
        foreach (var visitor in loaded.Portals[0].Contacts)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/");
            request.Headers.Add(VisitorHeader, visitor.ContactId.ToString("D"));
            using var page = await client.SendAsync(request);
            sessions.Add((
                page.Headers.GetValues("Set-Cookie").Single().Split(';')[0], await page.Content.ReadAsStringAsync()));
        }
    }

    private async Task<Visit> AskAsync(int each, TimeSpan due, long started, int number)
    {
        var visitor = loaded.Portals[0].Contacts[number];
        using HttpRequestMessage request = new(HttpMethod.Post, "/auth/token");
        request.Headers.Add(VisitorHeader, visitor.ContactId.ToString("D"));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Cookie", sessions[number].Cookie);
        request.Headers.Add(ChatAuthEndpoints.AntiforgeryHeader, sessions[number].Antiforgery);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var wait = (Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds;
        return new Visit(each, (int)response.StatusCode, wait, text, visitor);
    }
}
