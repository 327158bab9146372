using System.Globalization;
using System.Net;
using System.Text.Json;
using ChatAuth.Plugins;

namespace ChatAuth.Dataverse;

/// <summary>A request to the Web API that went wrong: the coded line to show, and the numbers to decide by.</summary>
internal sealed class WebApiException : CommandException
{
    private WebApiException(CodedError error, HttpStatusCode? status, uint? dataverseCode, string? pluginCode)
        : base(error)
    {
        Status = status;
        DataverseCode = dataverseCode;
        PluginCode = pluginCode;
    }

    /// <summary>Status of HTTP; null when there was no answer, or none that could be used.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>Dataverse's own code; null when the answer has none.</summary>
    public uint? DataverseCode { get; }

    /// <summary><c>CHATAUTH</c> and four digits, when a plug-in of ours refused; else null.</summary>
    public string? PluginCode { get; }

    /// <summary>A refused request: a plug-in's own line where one refused it.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="text">The answer's text.</param>
    /// <param name="secrets">What was sent and must not come back on the screen.</param>
    public static WebApiException Refused(
        string method, string path, HttpStatusCode status, string text, params string[] secrets)
    {
        string request = Label(method, path);
        uint? code = CodeOf(text);
        string? message = MessageOf(text);
        (string? pluginCode, string line) = PluginLine(message);
        CodedError error = status switch
        {
            // ConcurrencyVersionMismatch, or DuplicateRecord for an id that only this product uses.
            HttpStatusCode.PreconditionFailed => ChatAuth.Errors.AnotherWriter(request),
            HttpStatusCode.Unauthorized when pluginCode == null => ChatAuth.Errors.TokenRefused(request),

            // Dataverse repeats values that it cannot convert.
            _ when message != null && secrets.Any(secret => SafeText.SharesPiece(message, secret)) =>
                ChatAuth.Errors.RequestRefused(request, (int)status, "a message that repeats what is secret"),
            _ when pluginCode != null => new CodedError(pluginCode, line, string.Empty),
            _ => ChatAuth.Errors.RequestRefused(request, (int)status, message ?? "no message"),
        };
        return new WebApiException(error, status, code, pluginCode);
    }

    /// <summary>A request without a usable answer.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="fact">What happened.</param>
    public static WebApiException Failed(string method, string path, string fact) =>
        new(ChatAuth.Errors.RequestFailed(Label(method, path), fact), null, null, null);

    /// <summary>A row that another command has changed; no request was made with what is known of it.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    public static WebApiException Changed(string method, string path) =>
        new(ChatAuth.Errors.AnotherWriter(Label(method, path)), HttpStatusCode.PreconditionFailed, null, null);

    /// <summary>Whether an answer's text is the refusal of a plug-in of ours.</summary>
    public static bool IsPlugIns(string text) => PluginLine(MessageOf(text)).Code != null;

    // How a request is named: without the query, since a filter may name a person.
    private static string Label(string method, string path) => method + " " + path.Split('?')[0];

    // What a plug-in throws reaches the wire as its message alone: code, colon, line.
    private static (string? Code, string Line) PluginLine(string? message) =>
        message != null
            && message.StartsWith(ChatAuthException.CodePrefix, StringComparison.Ordinal)
            && message.Split(": ", 2) is [var code, var line] ? (code, line) : (null, string.Empty);

    private static uint? CodeOf(string text) =>
        Member(text, "code") is ['0', 'x', .. var digits]
            && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
            ? code
            : null;

    private static string? MessageOf(string text) => Member(text, "message");

    // A text of the answer's error; null when it has none.
    private static string? Member(string text, string name)
    {
        try
        {
            return ForeignJson.Parse(text)?["error"]?[name]?.GetValue<string>();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
