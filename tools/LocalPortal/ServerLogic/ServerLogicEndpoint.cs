using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Jint;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;

namespace ChatAuth.LocalPortal.ServerLogic;

/// <summary>
/// The address of a server logic on a site: <c>/_api/serverlogics/NAME</c>, and the page that gives the anti-forgery
/// token it demands.
/// </summary>
/// <remarks>
/// Sources: MicrosoftDocs/power-pages-docs, configure/author-server-logic.md (every call carries the token; the
/// envelope) and web-api-http-requests-handle-errors.md (401 without the token). What a visitor without the web role is
/// answered is not documented: 403 here.
/// </remarks>
internal static class ServerLogicEndpoint
{
    /// <summary>The header of the anti-forgery token.</summary>
    public const string AntiforgeryHeader = "__RequestVerificationToken";

    private const int LongestBody = 64 * 1024;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    // The envelope's own spelling.
    private static readonly JsonSerializerOptions AsIs = new() { PropertyNamingPolicy = null };

    /// <summary>
    /// Serves a file, to visitors of the web role Authenticated Users only, and <c>/_layout/tokenhtml</c>.
    /// </summary>
    /// <param name="routes">The site; its antiforgery service must use <see cref="AntiforgeryHeader"/>.</param>
    /// <param name="file">The file.</param>
    /// <param name="site">What the file reaches.</param>
    /// <param name="contactOf">Contact of the visitor who sends a request; null for an anonymous one.</param>
    /// <param name="clock">Measures how long the file takes.</param>
    public static void MapServerLogic(
        this IEndpointRouteBuilder routes,
        ServerLogicFile file,
        ServerLogicSite site,
        Func<HttpContext, Guid?> contactOf,
        TimeProvider clock)
    {
        routes.MapGet("/_layout/tokenhtml", (HttpContext http, IAntiforgery antiforgery) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            var token = antiforgery.GetAndStoreTokens(http).RequestToken;
            return Results.Text(
                $"""<input name="{AntiforgeryHeader}" type="hidden" value="{token}" />""", "text/html");
        });
        routes.MapMethods("/_api/serverlogics/" + file.Name, Methods, async (
            HttpContext http, IAntiforgery antiforgery) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            if (!await HasTokenAsync(http, antiforgery))
            {
                return Failure(
                    Guid.NewGuid(),
                    file,
                    StatusCodes.Status401Unauthorized,
                    "MissingPortalRequestVerificationToken");
            }

            var contact = contactOf(http);
            return contact == null
                ? Failure(
                    Guid.NewGuid(),
                    file,
                    StatusCodes.Status403Forbidden,
                    "The visitor does not have a web role of this server logic.")
                : await AnswerAsync(http, file, site, contact, clock);
        });
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ServerLogicFile file, ServerLogicSite site, Guid? contact, TimeProvider clock)
    {
        if (await BodyAsync(http) is not { } body)
        {
            return Failure(Guid.NewGuid(), file, StatusCodes.Status413PayloadTooLarge, "The body is too large.");
        }

        ServerLogicRequest request = new(
            Guid.NewGuid(),
            http.Request.Method,
            new Uri(http.Request.GetEncodedUrl()),
            body,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value[0] ?? string.Empty),
            http.Request.Query.ToDictionary(
                parameter => parameter.Key, parameter => parameter.Value[0] ?? string.Empty),
            contact);
        var started = clock.GetTimestamp();
        try
        {
            // The file waits for Dataverse on its thread.
            var data = await Task.Run(() => file.Run(site, request));
            return Results.Json(
                Envelope(request.Id, file, data, error: null, clock.GetElapsedTime(started)), AsIs);
        }
        catch (Exception exception) when (exception is JintException or TimeoutException)
        {
            site.Log("Error", exception.GetType().Name);
            return Failure(request.Id, file, StatusCodes.Status500InternalServerError, "The server logic failed.");
        }
    }

    // IAntiforgery.IsRequestValidAsync lets GET pass; a site demands the token for it too, and in the header.
    private static async Task<bool> HasTokenAsync(HttpContext http, IAntiforgery antiforgery)
    {
        if (!http.Request.Headers.ContainsKey(AntiforgeryHeader))
        {
            return false;
        }

        try
        {
            await antiforgery.ValidateRequestAsync(http);
            return true;
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    private static async Task<string?> BodyAsync(HttpContext http)
    {
        using StreamReader reader = new(http.Request.Body);
        var buffer = new char[LongestBody + 1];
        var length = await reader.ReadBlockAsync(buffer);
        return length > LongestBody ? null : new string(buffer, 0, length);
    }

    private static IResult Failure(Guid requestId, ServerLogicFile file, int status, string message) =>
        Results.Json(
            Envelope(
                requestId,
                file,
                data: null,
                new { Message = message, ErrorCode = status.ToString(CultureInfo.InvariantCulture) },
                TimeSpan.Zero),
            AsIs,
            statusCode: status);

    private static object Envelope(Guid requestId, ServerLogicFile file, string? data, object? error, TimeSpan time) =>
        new
        {
            RequestId = requestId,
            Success = error == null,
            Data = data,
            ExecutionTime = time.TotalMilliseconds,
            ServerLogicName = file.Name,
            Error = error,
        };
}
