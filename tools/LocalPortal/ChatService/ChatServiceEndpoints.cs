using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>A message of the visitor's.</summary>
/// <param name="Text">At most 2,000 characters.</param>
internal sealed record ChatMessage(string? Text);

/// <summary>The addresses of the chat service stand-in.</summary>
/// <remarks>
/// The token travels in the header AuthenticatedUserToken (facts 7). The answer is what the agent's desk shows, since
/// the page shows both sides; 401 goes with a refusal. It takes no cookie, so it asks for no anti-forgery token.
/// </remarks>
internal static class ChatServiceEndpoints
{
    /// <summary>The header of the token.</summary>
    public const string TokenHeader = "AuthenticatedUserToken";

    private const int LongestMessage = 2000;

    /// <summary>
    /// Serves <c>POST /chat-service/KIND/conversations</c>, <c>…/ID/messages</c> and <c>…/ID/reconnect</c>.
    /// </summary>
    /// <param name="routes">The site.</param>
    /// <param name="channels">The channel of each kind of portal.</param>
    public static void MapChatService(
        this IEndpointRouteBuilder routes, IReadOnlyDictionary<string, ChatChannel> channels)
    {
        var conversations = routes.MapGroup("/chat-service/{kind}/conversations");
        conversations.MapPost("", async (string kind, HttpContext http, CancellationToken cancellation) =>
            channels.TryGetValue(kind, out var channel)
                ? Answer(http, await channel.OpenAsync(Token(http), cancellation))
                : Results.NotFound());
        conversations.MapPost("/{id:guid}/reconnect", async (
            string kind, Guid id, HttpContext http, CancellationToken cancellation) =>
            channels.TryGetValue(kind, out var channel)
                && await channel.ReconnectAsync(id, Token(http), cancellation) is { } view
                ? Answer(http, view)
                : Results.NotFound());
        conversations.MapPost("/{id:guid}/messages", async (
            string kind, Guid id, ChatMessage message, HttpContext http, CancellationToken cancellation) =>
        {
            if (message.Text is not { Length: > 0 and <= LongestMessage } text)
            {
                return Results.BadRequest();
            }

            return channels.TryGetValue(kind, out var channel)
                && await channel.SendAsync(id, Token(http), text, cancellation) is { } view
                ? Answer(http, view)
                : Results.NotFound();
        });
    }

    private static string Token(HttpContext http) => http.Request.Headers[TokenHeader].ToString();

    private static IResult Answer(HttpContext http, DeskView view)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            view, statusCode: view.Refusal == null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);
    }
}
