using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAuth.Plugins;

namespace ChatAuth.Dataverse;

/// <summary>What a request to the Web API that went wrong is told as.</summary>
internal static class WebApiError
{
    /// <summary>The error of a refused request: a plug-in's own line where one refused it.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="text">The answer's text.</param>
    /// <param name="secrets">What was sent and must not come back on the screen.</param>
    public static Exception Of(
        string method, string path, HttpStatusCode status, string text, params string[] secrets) => status switch
        {
            HttpStatusCode.BadRequest when text.Contains(
                VersionsNotKeptException.WireCode, StringComparison.OrdinalIgnoreCase) => new VersionsNotKeptException(),

            // ConcurrencyVersionMismatch, or DuplicateRecord for an id that only this product uses.
            HttpStatusCode.PreconditionFailed => new CommandException(Errors.AnotherWriter(Label(method, path))),
            HttpStatusCode.Unauthorized when !IsPlugIns(text) =>
                new CommandException(Errors.TokenRefused(Label(method, path))),
            _ => Refused(method, path, (int)status, text, secrets),
        };

    /// <summary>The error of a request without a usable answer.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="fact">What happened.</param>
    public static CommandException Failed(string method, string path, string fact) =>
        new(Errors.RequestFailed(Label(method, path), fact));

    /// <summary>How a request is named: without the query, since a filter may name a person.</summary>
    public static string Label(string method, string path) => method + " " + path.Split('?')[0];

    /// <summary>Whether an answer's text is the refusal of a plug-in of ours.</summary>
    public static bool IsPlugIns(string text) =>
        MessageOf(text)?.StartsWith(ChatAuthException.CodePrefix, StringComparison.Ordinal) == true;

    private static CommandException Refused(string method, string path, int status, string text, string[] secrets)
    {
        string message = MessageOf(text) ?? "no message";

        // Dataverse repeats values that it cannot convert.
        if (secrets.Any(secret => SafeText.SharesPiece(message, secret)))
        {
            return new CommandException(
                Errors.RequestRefused(Label(method, path), status, "a message that repeats what is secret"));
        }

        return IsPlugIns(text) && message.Split(": ", 2) is [var code, var rest]
            ? new CommandException(new CodedError(code, rest))
            : new CommandException(Errors.RequestRefused(Label(method, path), status, message));
    }

    private static string? MessageOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["error"]?["message"]?.GetValue<string>();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
