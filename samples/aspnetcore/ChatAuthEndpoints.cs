using System;
using System.Globalization;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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
public static class ChatAuthEndpoints
{
    /// <summary>The header in which chatauth.js sends the anti-forgery token.</summary>
    public const string AntiforgeryHeader = "__RequestVerificationToken";

    /// <summary>
    /// The header beside the public keys by which <c>chatauth doctor</c> sees how many application users are out.
    /// </summary>
    public const string UsersHeader = "ChatAuth-Application-Users";

    // Context variables: 100 of 4,000 characters at most, as UTF-8; a token takes 8,000 in all.
    private const int LongestBody = 64 * 1024;

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
            .AddSingleton<PublicKeyCache>().AddSingleton<VisitorLimit>();
        return services.AddAntiforgery(antiforgery => antiforgery.HeaderName = AntiforgeryHeader);
    }

    /// <summary>
    /// Serves <c>POST prefix/token</c> to signed-in visitors, <c>GET prefix/antiforgery</c> to pages of this site, and
    /// <c>GET prefix/publickey</c> and, as a JWK set, <c>GET prefix/jwks</c> to everyone.
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
        MapKeys("/publickey", asJwks: false);
        MapKeys("/jwks", asJwks: true);
        return group;

        void MapKeys(string path, bool asJwks) => group.MapMethods(
            path, ["GET", "HEAD"], (HttpContext http, PublicKeyCache keys, ApplicationUsers users) =>
                PublicKeysAsync(http, keys, users, asJwks)).AllowAnonymous();
    }

    private static async Task<IResult> TokenAsync(
        HttpContext http,
        ChatAuthOptions options,
        IAntiforgery antiforgery,
        VisitorLimit limit,
        ChatAuthDataverse dataverse,
        PublicKeyCache keys)
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

        if (!limit.Allows(visitor, out var wait))
        {
            http.Response.Headers.RetryAfter = wait;
            return Refusal(429, "The visitor asked for too many chat tokens. Wait a minute, then open the chat again.");
        }

        var buffer = new byte[LongestBody + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(
            buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        if (length > LongestBody)
        {
            return Refusal(413, "The body is too long.");
        }

        if (!TryReadVariables(buffer.AsMemory(0, length), out var variables))
        {
            return Refusal(400, "The body is not JSON.");
        }

        var answer = await dataverse.IssueAsync(visitor, variables, http.RequestAborted);
        if (answer.RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (answer.KeyId != null)
        {
            keys.Expect(answer.KeyId);
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

    // The context variables as JSON, unchecked: the custom API has the rules. Null for none; false when it is not JSON.
    private static bool TryReadVariables(ReadOnlyMemory<byte> text, out string? variables)
    {
        variables = null;
        if (text.IsEmpty)
        {
            return true;
        }

        try
        {
            using var body = JsonDocument.Parse(text);
            if (body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("contextVariables", out var found)
                && found.ValueKind != JsonValueKind.Null)
            {
                variables = found.GetRawText();
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // What chatauth.js reads of a refusal.
    private static IResult Refusal(int status, string message) =>
        Results.Json(new { status, message }, statusCode: status);
}
