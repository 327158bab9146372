using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ChatAuth.AspNetCore;

/// <summary>
/// LivePerson's chat in a window of its own, which asks at <c>prefix/authorize</c>: to whom the portal hands a token.
/// </summary>
public sealed class ExternalWindow
{
    /// <summary>The addresses of LivePerson's window, as liveAssist.externalWindow.redirectUris has them.</summary>
    public IList<string> RedirectUris { get; } = [];

    /// <summary>The client id that the window must name; null where any will do.</summary>
    public string? ClientId { get; set; }

    /// <summary>The portal's sign-in page, a path; it is given returnUrl, the way back into the window.</summary>
    public string SignInPath { get; set; } = "/sign-in";
}

/// <summary>What a window asks for: an authorization request of the implicit flow (RFC 6749, section 4.2.1).</summary>
/// <remarks>
/// Whatever is wrong with it is told on a page and never by a redirect, since nobody can say where that would lead. The
/// token stands in the fragment alone, which no server is sent and no server logs.
/// </remarks>
/// <param name="RedirectUri">Where the window is sent back to: one of the list, letter by letter.</param>
/// <param name="State">The window's own, as it stood in the address; null for none.</param>
internal sealed partial record WindowRequest(string RedirectUri, string? State)
{
    /// <summary>For the log: what asks is no window.</summary>
    public const string NoNavigation =
        "a frame, an image or a script asks for it (Sec-Fetch-Dest). Let the chat open in a window of its own.";

    /// <summary>For the log: whoever is signed in is no contact.</summary>
    public const string NoContact =
        "the signed-in visitor has no contact. Look at how the portal finds the contact of its visitor.";

    private const int LongestState = 2000;
    private static readonly string[] Names = ["response_type", "redirect_uri", "client_id", "state"];
    private static readonly string[] ResponseTypes = ["id_token", "token"];

    /// <summary>Reads a request.</summary>
    /// <param name="request">The browser's.</param>
    /// <param name="window">To whom a token is handed.</param>
    /// <param name="fault">The parameter that is wrong; null when none is.</param>
    /// <returns>Null when one is.</returns>
    public static WindowRequest? Read(HttpRequest request, ExternalWindow window, out string? fault)
    {
        var written = (request.QueryString.Value ?? string.Empty).TrimStart('?').Split('&')
            .Select(part => part.Split('=', 2))
            .ToLookup(part => Decoded(part[0]), part => part.Length > 1 ? part[1] : string.Empty);
        string? Value(string name) => written[name].FirstOrDefault() is { } text ? Decoded(text) : null;
        var (type, uri, state) = (Value("response_type"), Value("redirect_uri"), written["state"].FirstOrDefault());
        fault = Names.FirstOrDefault(name => written[name].Count() > 1)
            ?? (type == null || !ResponseTypes.Contains(type) ? "response_type"
                : uri == null || !window.RedirectUris.Contains(uri) ? "redirect_uri"
                : window.ClientId is { Length: > 0 } client && Value("client_id") != client ? "client_id"
                : state != null && !IsState(state) ? "state"
                : null);
        return fault == null ? new WindowRequest(uri!, state) : null;
    }

    /// <summary>For the log: what is wrong with a parameter, and what to do.</summary>
    /// <param name="fault">Of <see cref="Read"/>.</param>
    public static string Reason(string? fault) => fault switch
    {
        "response_type" => "response_type is missing, repeated, or neither id_token nor token. Choose the type oAuth "
            + "2.0, implicit, in Live Assist.",
        "redirect_uri" => "redirect_uri is missing, repeated, or none of the portal's redirectUris, letter by letter. "
            + "Compare them with what stands in the address bar of the refused window.",
        "client_id" => "client_id is missing, repeated, or another than the portal's clientId. Give the portal and "
            + "Live Assist the same.",
        _ => "state is repeated, longer than 2,000 characters, or not written as in an address. Ask LivePerson's "
            + "support.",
    };

    /// <summary>Where the window goes.</summary>
    /// <param name="name">id_token, or error.</param>
    /// <param name="value">The token, or a code of OAuth.</param>
    public string Answer(string name, string value) =>
        $"{RedirectUri}#{name}={value}{(State == null ? string.Empty : "&state=" + State)}";

    /// <summary>Whether a text is a token, and so can stand in an address.</summary>
    /// <param name="text">What Dataverse gave.</param>
    public static bool IsToken(string text) => Token().IsMatch(text);

    /// <summary>Whether a browser loads a page into a window, or cannot say; not into a frame, an image, a script.
    /// </summary>
    /// <param name="request">The browser's.</param>
    public static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document";

    /// <summary>Whether every browser reads a text as an address of a window: printable, without # and \.</summary>
    /// <param name="address">One of the list.</param>
    public static bool IsAddress(string address) => Address().IsMatch(address);

    /// <summary>Whether a path, perhaps with a query, is one of this site and no other host's.</summary>
    /// <param name="path">As it stands in an address.</param>
    public static bool IsPlainPath(string path) => PlainPath().IsMatch(path);

    // State is passed on as it was written, so that it is the window's own to decode.
    private static bool IsState(string state) =>
        Plain().IsMatch(state) && Escape().Replace(state, "x").Length <= LongestState;

    private static string Decoded(string text) =>
        Uri.UnescapeDataString(text.Replace('+', ' '));

    [GeneratedRegex(@"^[!-~]*\z")]
    private static partial Regex Plain();

    [GeneratedRegex("""^https?://([\w.-]+|\[::1])(:\d+)?([/?][!"$-Z\[\]-~]*)?\z""", RegexOptions.ECMAScript)]
    private static partial Regex Address();

    [GeneratedRegex(@"^(/([\w.~-]|%(?!2f|5c|7f)[2-9a-f][\da-f])+)+(\?|\z)",
        RegexOptions.ECMAScript | RegexOptions.IgnoreCase)]
    private static partial Regex PlainPath();

    [GeneratedRegex("%[0-9a-fA-F]{2}")]
    private static partial Regex Escape();

    [GeneratedRegex(@"^[\w-]+\.[\w-]+\.[\w-]+\z", RegexOptions.ECMAScript)]
    private static partial Regex Token();
}
