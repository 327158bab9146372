using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatAuth.AspNetCore;

/// <summary>
/// Chat tokens and public keys for a portal on ASP.NET Core. This folder can be copied: it needs ASP.NET Core and
/// Azure.Identity.
/// </summary>
/// <remarks>
/// <code>
/// builder.Services.AddChatAuth(chat => chat.Environment = new Uri("https://contoso.crm.dynamics.com"));
/// app.UseAuthentication();
/// app.MapChatAuth("/auth");
/// </code>
/// In the page: the anti-forgery token in a hidden field <c>__RequestVerificationToken</c>, and chatauth.js with
/// <c>data-token-url="/auth/token" data-verification-url="/auth/antiforgery"</c>. Behind a proxy that changes the host,
/// UseForwardedHeaders comes first. Tokens are neither stored nor logged.
/// </remarks>
public static partial class ChatAuthEndpoints
{
    /// <summary>The header in which chatauth.js sends the anti-forgery token.</summary>
    public const string AntiforgeryHeader = "__RequestVerificationToken";

    /// <summary>
    /// The header beside the public keys by which <c>chatauth doctor</c> sees how many application users are out.
    /// </summary>
    public const string UsersHeader = "ChatAuth-Application-Users";

    /// <summary>
    /// Adds the services; the anti-forgery token is read from the header <see cref="AntiforgeryHeader"/>.
    /// </summary>
    /// <param name="services">The portal's.</param>
    /// <param name="configure">Says at least which environment.</param>
    public static IServiceCollection AddChatAuth(this IServiceCollection services, Action<ChatAuthOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ChatAuthOptions options = new();
        configure(options);
        services.AddSingleton(options);
#pragma warning disable RS0030 // a portal that registered no clock of its own runs on the system's
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.AddSingleton<ApplicationUsers>().AddSingleton<FailureLog>().AddSingleton<ChatAuthDataverse>()
            .AddSingleton<PublicKeyCache>().AddSingleton<VisitorLimit>().AddSingleton<TokenRequest>();
        return services.AddAntiforgery(antiforgery => antiforgery.HeaderName = AntiforgeryHeader);
    }

    /// <summary>
    /// Serves <c>POST prefix/token</c> to signed-in visitors, <c>GET prefix/antiforgery</c> to pages of this site, and
    /// <c>GET prefix/publickey</c> and, as a JWK set, <c>GET prefix/jwks</c> to everyone; where the options say so,
    /// <c>GET prefix/authorize</c> to LivePerson's window and <c>POST prefix/app-token</c> to native apps.
    /// </summary>
    /// <param name="routes">The portal, which authenticates its visitors.</param>
    /// <param name="prefix">For example <c>/auth</c>.</param>
    public static IEndpointConventionBuilder MapChatAuth(this IEndpointRouteBuilder routes, string prefix)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var group = routes.MapGroup(prefix);

        // Whatever the portal allows other origins elsewhere, it does not here. Without CORS the attribute is an error.
        if (routes.ServiceProvider.GetService<ICorsService>() != null)
        {
            group.WithMetadata(new DisableCorsAttribute());
        }

        group.AddEndpointFilter((context, next) =>
        {
            context.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        group.MapPost("/token", TokenAsync).AllowAnonymous();
        group.MapGet("/antiforgery", FreshAntiforgery).AllowAnonymous();
        var options = routes.ServiceProvider.GetRequiredService<ChatAuthOptions>();
        if (options.ExternalWindow is { } window)
        {
            if (!window.RedirectUris.All(uri => Uri.TryCreate(uri, UriKind.Absolute, out var url)
                && ChatAuthOptions.IsSafe(url) && WindowRequest.IsAddress(uri)))
            {
                throw new InvalidOperationException(
                    "ExternalWindow.RedirectUris has an address that is no https address in ASCII without user name "
                        + "and #. Give the addresses of LivePerson's window.");
            }

            group.MapGet("/authorize", AuthorizeAsync).AllowAnonymous();
        }

        if (options.AppScheme != null)
        {
            group.MapPost("/app-token", AppTokenAsync).AllowAnonymous();
        }

        MapKeys("/publickey", asJwks: false);
        MapKeys("/jwks", asJwks: true);
        return group;

        void MapKeys(string path, bool asJwks) => group.MapMethods(
            path, ["GET", "HEAD"], (HttpContext http, PublicKeyCache keys, ApplicationUsers users) =>
                PublicKeysAsync(http, keys, users, asJwks)).AllowAnonymous();
    }

    private static async Task<IResult> TokenAsync(
        HttpContext http, ChatAuthOptions options, IAntiforgery antiforgery, TokenRequest asked)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!SameOrigin.Has(http.Request))
        {
            return Refusal(403, "Ask for a chat token from a page of this site.");
        }

        if (http.User.Identity?.IsAuthenticated != true || options.Visitor(http.User) is not { } visitor)
        {
            return Refusal(401, "Nobody is signed in.");
        }

        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Refusal(
                400, "The anti-forgery token is missing or belongs to another session. Load the page again.");
        }

        return Answer(http, await asked.IssueAsync(http, visitor, options.Visitor, "POST token"));
    }

    // Of a native app: who its user is says the bearer token alone. A browser sends none by itself, so that no page of
    // another site can ask here, and a cookie counts for nothing.
    private static async Task<IResult> AppTokenAsync(
        HttpContext http, ChatAuthOptions options, TokenRequest asked, FailureLog failures)
    {
        const string Route = "POST app-token";
        http.Response.Headers.CacheControl = "no-store";
        http.Request.Headers.Remove("Cookie");

        // A handler of its own: that of the request has looked at the cookies already, where its scheme is the default.
        var schemes = http.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        if (await schemes.GetSchemeAsync(options.AppScheme!) is not { } scheme
            || ActivatorUtilities.CreateInstance(http.RequestServices, scheme.HandlerType)
                is not (IAuthenticationHandler handler and not IAuthenticationSignInHandler))
        {
            throw new InvalidOperationException(
                "ChatAuthOptions.AppScheme is no scheme, or one that signs visitors in, as cookies do. Give one that "
                    + "reads the header Authorization.");
        }

        await handler.InitializeAsync(scheme, http);
        var result = OneBearer().IsMatch(http.Request.Headers.Authorization.ToString())
            ? await CheckAsync(handler, http)
            : null;
        if (result?.Succeeded == true && result.Ticket!.AuthenticationScheme != scheme.Name)
        {
            throw new InvalidOperationException(
                "ChatAuthOptions.AppScheme forwards to another scheme. Give one that reads the header Authorization.");
        }

        var rule = options.AppVisitor ?? options.Visitor;
        if (result?.Succeeded == true && rule(result.Principal) is { } visitor)
        {
            return Answer(http, await asked.IssueAsync(http, visitor, rule, Route));
        }

        failures.TellRefusal(Route, AccessTokenFault.Reason(result));
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Refusal(401, "The app's access token is missing or not valid.");
    }

    // A scheme may throw too, such as the bearer's where a configuration manager of the portal's own cannot read the
    // identity provider's keys.
    private static async Task<AuthenticateResult> CheckAsync(IAuthenticationHandler handler, HttpContext http)
    {
        try
        {
            return await handler.AuthenticateAsync();
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            return AuthenticateResult.Fail(failure);
        }
    }

    // Of LivePerson's window: a navigation from another site, which carries the session alone. So nothing of it is
    // trusted, and the token goes to an address of the list only.
    private static async Task<IResult> AuthorizeAsync(
        HttpContext http, ChatAuthOptions options, TokenRequest asked, FailureLog failures)
    {
        const string Route = "GET authorize";
        var window = options.ExternalWindow!;
        var here = http.Request.PathBase + http.Request.Path + http.Request.QueryString;
        if (!WindowRequest.IsPlainPath(here))
        {
            return Results.NotFound();
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (!WindowRequest.IsNavigation(http.Request))
        {
            failures.TellRefusal(Route, WindowRequest.NoNavigation);
            return Results.Text("The chat opens in a window of its own only.", statusCode: 403);
        }

        if (WindowRequest.Read(http.Request, window, out var fault) is not { } request)
        {
            failures.TellRefusal(Route, WindowRequest.Reason(fault));
            return Results.Text(
                $"The chat cannot be opened: this site does not know what asks for it ({fault}). Tell its owner.",
                statusCode: 400);
        }

        if (http.User.Identity?.IsAuthenticated != true)
        {
            return Results.Redirect(QueryHelpers.AddQueryString(window.SignInPath, "returnUrl", here));
        }

        if (options.Visitor(http.User) is not { } visitor)
        {
            failures.TellRefusal(Route, WindowRequest.NoContact);
            return Results.Redirect(request.Answer("error", "access_denied"));
        }

        var answer = await asked.IssueAsync(http, visitor, options.Visitor, Route);
        return Results.Redirect(
            WindowRequest.IsToken(answer.Token) ? request.Answer("id_token", answer.Token)
                : request.Answer("error", answer.Status is 401 or 403 ? "access_denied" : "server_error"));
    }

    private static IResult Answer(HttpContext http, IssuedToken answer)
    {
        if (answer.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return answer.Message == null
            ? Results.Text(answer.Token, "application/jwt")
            : Refusal(answer.Status, answer.Message);
    }

    // Signing in or out, in this page or another, makes the token of a page stale: this is the one of the moment.
    private static IResult FreshAntiforgery(HttpContext http, IAntiforgery antiforgery)
    {
        if (!SameOrigin.Has(http.Request))
        {
            http.Response.Headers.CacheControl = "no-store";
            return Refusal(403, "Ask for the anti-forgery token from a page of this site.");
        }

        var token = antiforgery.GetAndStoreTokens(http).RequestToken;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Text(token, "text/plain");
    }

    private static async Task<IResult> PublicKeysAsync(
        HttpContext http, PublicKeyCache keys, ApplicationUsers users, bool asJwks)
    {
        var (published, maxAge) = await keys.GetAsync(asJwks, http.RequestAborted);
        http.Response.Headers[UsersHeader] = users.State;
        if (published == null)
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.RetryAfter = PublicKeyCache.RetryAfter.ToString(CultureInfo.InvariantCulture);
            return Refusal(503, "The public keys cannot be read at the moment.");
        }

        http.Response.Headers.CacheControl =
            string.Create(CultureInfo.InvariantCulture, $"public, max-age={maxAge}");
        return Results.Bytes(published.Bytes, published.ContentType, entityTag: published.ETag);
    }

    // What chatauth.js reads of a refusal.
    private static IResult Refusal(int status, string message) =>
        Results.Json(new { status, message }, statusCode: status);

    // Several headers are joined by a comma.
    [GeneratedRegex(@"^Bearer +[!-~]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OneBearer();
}
