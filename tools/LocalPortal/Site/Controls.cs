using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalPortal.Stack;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAuth.LocalPortal.Site;

/// <summary>
/// What the person at the demonstration may do with the stack: change the visitor, rotate, revoke, let time pass, make
/// the next token request fail.
/// </summary>
/// <remarks>
/// Each takes the anti-forgery token in its header, and answers <c>{said, ahead, antiforgery}</c>: what was done, and
/// what changed for the page.
/// </remarks>
internal static class Controls
{
    private const int MostMinutes = 7 * 24 * 60;

    /// <summary>Serves <c>POST /local/…</c>.</summary>
    /// <param name="routes">The site.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="failure">What fails the next token request.</param>
    public static void MapControls(this IEndpointRouteBuilder routes, LocalStack stack, OneFailure failure)
    {
        var group = routes.MapGroup("/local").AddEndpointFilter(async (context, next) =>
            await context.HttpContext.RequestServices.GetAntiforgery().IsRequestValidAsync(context.HttpContext)
                ? await next(context)
                : Results.BadRequest());
        group.MapPost("/visitor", async (VisitorChange change, HttpContext http) =>
        {
            await VisitorSession.ChangeAsync(http, change.Contact);
            return Answer(http, stack, []);
        });
        group.MapPost("/fail", (HttpContext http) =>
        {
            failure.IsDue = true;
            return Answer(http, stack, []);
        });
        group.MapPost("/rotate", (HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => stack.RotateAsync(cancellation)));
        group.MapPost("/revoke", (HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => stack.RevokeAsync(cancellation)));
        group.MapPost("/clock", (ClockChange change, HttpContext http) =>
        {
            if (change.Minutes is <= 0 or > MostMinutes)
            {
                return Results.BadRequest();
            }

            stack.Clock.Pass(TimeSpan.FromMinutes(change.Minutes));
            return Answer(http, stack, []);
        });
    }

    private static IAntiforgery GetAntiforgery(this IServiceProvider services) =>
        (IAntiforgery)services.GetService(typeof(IAntiforgery))!;

    private static async Task<IResult> RunAsync(
        HttpContext http, LocalStack stack, Func<Task<IReadOnlyList<string>>> command)
    {
        try
        {
            return Answer(http, stack, await command());
        }
        catch (CommandException refused)
        {
            return Answer(
                http, stack, [.. refused.Errors.Select(error => error.ToString())], StatusCodes.Status409Conflict);
        }
    }

    private static IResult Answer(
        HttpContext http, LocalStack stack, IReadOnlyList<string> said, int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.CacheControl = "no-store";
        var antiforgery = http.RequestServices.GetAntiforgery().GetAndStoreTokens(http).RequestToken;
        return Results.Json(
            new { said, ahead = (long)stack.Clock.Ahead.TotalSeconds, antiforgery }, statusCode: status);
    }
}

/// <summary>Who is to be signed in.</summary>
/// <param name="Contact">Id of a sample contact; anything else is nobody.</param>
internal sealed record VisitorChange(string? Contact);

/// <summary>How much time is to pass.</summary>
/// <param name="Minutes">Up to a week.</param>
internal sealed record ClockChange(int Minutes);
