using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalPortal.ChatService;
using ChatAuth.LocalPortal.PowerPages;
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
/// Each takes the anti-forgery token in its header, and answers <c>{said, ahead, keys, antiforgery, visitor}</c>: what
/// was done, and what changed for the page; the visitor may have changed in another window.
/// </remarks>
internal static class Controls
{
    private const int MostMinutes = 7 * 24 * 60;

    /// <summary>Serves <c>POST /local/…</c>.</summary>
    /// <param name="routes">The site.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="failure">What fails the next token request.</param>
    /// <param name="liveAssist">What is pasted into Live Assist.</param>
    /// <param name="token">Whose token the Power Pages site gives.</param>
    /// <param name="builtIn">Gives the site's own.</param>
    public static void MapControls(
        this IEndpointRouteBuilder routes,
        LocalStack stack,
        OneFailure failure,
        LiveAssistSetup liveAssist,
        SiteToken token,
        BuiltInTokenService builtIn)
    {
        var group = routes.MapGroup("/local").AddEndpointFilter(async (context, next) =>
            await context.HttpContext.RequestServices.GetAntiforgery().IsRequestValidAsync(context.HttpContext)
                ? await next(context)
                : Results.BadRequest());
        group.MapPost("/visitor", async (VisitorChange change, HttpContext http, CancellationToken cancellation) =>
        {
            await VisitorSession.ChangeAsync(http, change.Contact);
            return await AnswerAsync(http, stack, [], cancellation);
        });
        group.MapPost("/fail", (HttpContext http, CancellationToken cancellation) =>
        {
            failure.IsDue = true;
            return AnswerAsync(http, stack, [], cancellation);
        });
        group.MapPost("/keys", (HttpContext http, CancellationToken cancellation) =>
            AnswerAsync(http, stack, [], cancellation));
        group.MapPost("/rotate", (HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => stack.RotateAsync(cancellation), cancellation));
        group.MapPost("/revoke", (KeyChoice choice, HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => stack.RevokeAsync(choice.Key, cancellation), cancellation));
        group.MapPost("/liveassist/values", (HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => stack.LiveAssistAsync(cancellation), cancellation));
        group.MapPost("/liveassist/save", (LiveAssistValues values, HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => SaveAsync(liveAssist, values), cancellation));
        group.MapPost("/liveassist/rotate", (HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => NextLineAsync(stack, cancellation), cancellation));
        group.MapPost("/liveassist/pasted", (HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => PastedAsync(stack, cancellation), cancellation));
        group.MapPost("/move", (HttpContext http, CancellationToken cancellation) =>
            RunAsync(http, stack, () => MoveAsync(stack, token, builtIn, cancellation), cancellation));
        group.MapPost("/clock", async (ClockChange change, HttpContext http, CancellationToken cancellation) =>
        {
            if (change.Minutes is < 0 or > MostMinutes)
            {
                return Results.BadRequest();
            }

            if (change.Minutes == 0)
            {
                stack.Clock.SetRight();
            }

            stack.Clock.Pass(TimeSpan.FromMinutes(change.Minutes));
            return await AnswerAsync(http, stack, [], cancellation);
        });
    }

    private static IAntiforgery GetAntiforgery(this IServiceProvider services) =>
        (IAntiforgery)services.GetService(typeof(IAntiforgery))!;

    private static async Task<IResult> RunAsync(
        HttpContext http,
        LocalStack stack,
        Func<Task<IReadOnlyList<string>>> command,
        CancellationToken cancellation)
    {
        try
        {
            return await AnswerAsync(http, stack, await command(), cancellation);
        }
        catch (CommandException refused)
        {
            string[] said = [.. refused.Errors.Select(error => error.ToString())];
            return await AnswerAsync(http, stack, said, cancellation, StatusCodes.Status409Conflict);
        }
        catch (FormatException refused)
        {
            return await AnswerAsync(http, stack, [refused.Message], cancellation, StatusCodes.Status409Conflict);
        }
    }

    private static Task<IReadOnlyList<string>> SaveAsync(LiveAssistSetup liveAssist, LiveAssistValues values)
    {
        liveAssist.Save(values.Issuer ?? string.Empty, values.Key ?? string.Empty);
        return Task.FromResult<IReadOnlyList<string>>(["Live Assist is saved."]);
    }

    private static async Task<IReadOnlyList<string>> NextLineAsync(LocalStack stack, CancellationToken cancellation) =>
    [
        .. await stack.CutOverAsync(isPasted: false, cancellation),
        "Here: paste the line into the form above, press \"Save\", then \"It is pasted: let it sign\".",
    ];

    // What the command says there is for whoever types it.
    private static async Task<IReadOnlyList<string>> PastedAsync(LocalStack stack, CancellationToken cancellation)
    {
        try
        {
            return await stack.CutOverAsync(isPasted: true, cancellation);
        }
        catch (CommandException refused) when (
            refused.Errors.Any(error => error.Code == ChatAuth.Errors.NotConfirmedCode))
        {
            throw new FormatException(
                "No line was shown that could have been pasted. Press \"Rotate: show the next line\", paste the line "
                    + "above, save it, then press this.",
                refused);
        }
    }

    private static async Task<IReadOnlyList<string>> MoveAsync(
        LocalStack stack, SiteToken token, BuiltInTokenService builtIn, CancellationToken cancellation)
    {
        IReadOnlyList<string> done = token.IsBuiltIn ? []
            : await stack.ConfigureBuiltInAsync(builtIn.Thumbprint, SiteToken.ClientId, cancellation);
        token.IsBuiltIn = !token.IsBuiltIn;
        return
        [
            .. done,
            token.IsBuiltIn
                ? "The Power Pages site gives its own token, and the chat service reads its own key."
                : "The Power Pages site gives ChatAuth's token, and the chat service reads ChatAuth's keys.",
            "Pages that are open go on asking where they asked. Load this page again.",
        ];
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http,
        LocalStack stack,
        IReadOnlyList<string> said,
        CancellationToken cancellation,
        int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.CacheControl = "no-store";
        var ahead = (long)stack.Clock.Ahead.TotalSeconds;
        var keys = await stack.KeysAsync(cancellation);
        var antiforgery = http.RequestServices.GetAntiforgery().GetAndStoreTokens(http).RequestToken;
        var visitor = VisitorSession.Contact(http)?.ToString("D") ?? "none";
        return Results.Json(new { said, ahead, keys, antiforgery, visitor }, statusCode: status);
    }
}

/// <summary>Who is to be signed in.</summary>
/// <param name="Contact">Id of a sample contact; anything else is nobody.</param>
internal sealed record VisitorChange(string? Contact);

/// <summary>How much time is to pass.</summary>
/// <param name="Minutes">Up to a week; 0 sets the clocks right.</param>
internal sealed record ClockChange(int Minutes);

/// <summary>What is pasted into Live Assist's form.</summary>
/// <param name="Issuer">JWT issuer (iss).</param>
/// <param name="Key">JWT public key.</param>
internal sealed record LiveAssistValues(string? Issuer, string? Key);

/// <summary>Which key is to be revoked.</summary>
/// <param name="Key">Its kid.</param>
internal sealed record KeyChoice(string Key);
