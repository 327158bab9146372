using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using ChatAuth.LocalPortal.ChatService;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.LocalPortal.ServerLogic;
using ChatAuth.LocalPortal.Stack;
using ChatAuth.Pack;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatAuth.LocalPortal.Site;

/// <summary>Puts the site together.</summary>
internal static class SiteParts
{
    // No inline script or style, nothing from elsewhere, in nobody's frame: chatauth.js must live with that.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action "
            + "'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The site, not started yet.</summary>
    /// <param name="port">TCP port on 127.0.0.1.</param>
    /// <param name="stack">What it stands on.</param>
    /// <param name="channels">The chat service, filled in when the address is known.</param>
    /// <param name="liveAssist">What is pasted into Live Assist.</param>
    /// <param name="token">Whose token the Power Pages site gives.</param>
    /// <param name="window">Live Assist's window, whose address is filled in when it is known.</param>
    /// <param name="terminal">Told of what server logic logs.</param>
    /// <param name="owned">Takes what is to be disposed after the site.</param>
    public static WebApplication Build(
        int port,
        LocalStack stack,
        IReadOnlyDictionary<string, ChatChannel> channels,
        LiveAssistSetup liveAssist,
        SiteToken token,
        ExternalWindow window,
        CommandHost terminal,
        List<IDisposable> owned)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None) // a taken port is told by its code
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });

        // Sessions end with the process: nothing is written to this machine.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie => cookie.Cookie.SameSite = SameSiteMode.Strict);
        builder.Services.AddSingleton<TimeProvider>(stack.Clock);
        builder.Services.AddChatAuth(chat =>
        {
            chat.Environment = stack.Environment;
            chat.Credential = new StaticCredential(stack.CustomPortal.Token);
            chat.ExternalWindow = window;
        });

        var site = builder.Build();
        site.Use((http, next) =>
        {
            // A name that somebody lets point here would make this machine's pages those of another site.
            if (http.Request.Host.Host is not ("127.0.0.1" or "localhost"))
            {
                http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                return Task.CompletedTask;
            }

            http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "same-origin";
            return next(http);
        });
        OneFailure failure = new();
        failure.Use(site);
        site.UseAuthentication();
        site.MapChatAuth("/auth");
        MapPowerPages(site, stack, terminal, owned);
#pragma warning disable CA2000 // disposed with what owns it
        BuiltInTokenService builtIn = new(stack.Organization, stack.SiteId, StackSettings.Issuer);
#pragma warning restore CA2000
        owned.Add(builtIn);
        builtIn.Map(site, VisitorSession.Contact);
        site.MapChatService(channels);
        site.MapControls(stack, failure, liveAssist, token, builtIn);
        site.MapPages(stack.Clock, token);
        return site;
    }

    private static void MapPowerPages(
        WebApplication site, LocalStack stack, CommandHost terminal, List<IDisposable> owned)
    {
#pragma warning disable CA2000 // both are disposed with what owns them
        PortalSite pages = new(stack.Organization, stack.SiteId) { CacheLifetime = TimeSpan.Zero };
        HttpClient dataverse = new() { BaseAddress = stack.Environment };
        HttpMessageInvoker visitor = new(pages);
#pragma warning restore CA2000
        owned.AddRange([visitor, dataverse]);
        dataverse.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stack.SiteUser.Token);
        ServerLogicFile file = new("chatauth-token",
            Encoding.UTF8.GetString(EmbeddedFile.Read("Solution/portal/server-logic/chatauth-token.js")));
        ServerLogicSite reached =
            new(dataverse, _ => null, (level, text) => terminal.WriteError($"server logic, {level}: {text}"));
        site.MapServerLogic(file, reached, VisitorSession.Contact, stack.Clock);

        // The page that deploy wrote, out of the site's rows. A real site's caches last up to 15 minutes; this one has
        // none.
        site.MapGet(PortalKind.PowerPages.KeyPath, async (HttpContext http) =>
        {
            using HttpRequestMessage request =
                new(HttpMethod.Get, new Uri($"http://{http.Request.Host}{http.Request.Path}"));
            using var response = await visitor.SendAsync(request, http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        });
    }
}
