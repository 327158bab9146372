using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Web;
using System.Web.Script.Serialization;
using System.Xml;

namespace ChatAuth.NetFramework;

/// <summary>Chat tokens and public keys for a portal on ASP.NET (.NET Framework). This folder can be copied.</summary>
/// <remarks>
/// <code>
/// // Global.asax, Application_Start
/// ChatAuthHandler.Site = new ChatAuthSite(new CrmServiceClientDataverse(client)) { ContactOf = http => … };
/// // or, with several application users, one client for each: new ChatAuthSite(one, two)
/// </code>
/// <code>
/// // web.config, system.webServer/handlers
/// &lt;add name="ChatAuth" path="auth/*" verb="*" type="ChatAuth.NetFramework.ChatAuthHandler" /&gt;
/// </code>
/// <code>
/// // and for LivePerson's window, whose state is long; system.webServer/security/requestFiltering has such a limit too
/// &lt;httpRuntime maxQueryStringLength="8192" /&gt;
/// </code>
/// It serves <c>POST token</c> to signed-in visitors, <c>GET antiforgery</c> to pages of this site, and
/// <c>GET publickey</c> and <c>GET jwks</c> to everyone; where the site says so, <c>GET authorize</c> to LivePerson's
/// window and <c>POST app-token</c> to native apps. Tokens are neither stored nor logged.
/// </remarks>
public sealed class ChatAuthHandler : HttpTaskAsyncHandler
{
    // Context variables: 100 of 4,000 characters at most, as UTF-8; a token takes 8,000 in all.
    private const int LongestBody = 64 * 1024;

    // Of a window's state, its escapes counted as one.
    private const int LongestState = 2000;

    // A GUID as Dataverse writes it; Guid.TryParse reads more forms.
    private const string ContactId = @"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z";

    private static readonly string[] WindowParameters = ["response_type", "redirect_uri", "client_id", "state"];

    // For the log: what is wrong with a parameter, and what to do.
    private static readonly Dictionary<string, string> WindowReasons = new()
    {
        ["response_type"] = "response_type is missing, repeated, or neither id_token nor token. Choose the type oAuth "
            + "2.0, implicit, in Live Assist.",
        ["redirect_uri"] = "redirect_uri is missing, repeated, or none of the portal's redirectUris, letter by letter. "
            + "Compare them with what stands in the address bar of the refused window.",
        ["client_id"] = "client_id is missing, repeated, or another than the portal's clientId. Give the portal and "
            + "Live Assist the same.",
        ["state"] = "state is repeated, longer than 2,000 characters, or not written as in an address. Ask "
            + "LivePerson's support.",
    };

    // As every browser reads it: an address of a window, and a path of this site, which is no other host's.
    private static readonly Regex WindowAddress =
        new(@"^https://[\w.-]+(:\d+)?([/?][!""$-Z\[\]-~]*)?\z", RegexOptions.ECMAScript);

    private static readonly Regex PlainPath = new(
        @"^(/([\w.~-]|%(?!2f|5c|7f)[2-9a-f][\da-f])+)+(\?|\z)", RegexOptions.ECMAScript | RegexOptions.IgnoreCase);

    /// <summary>The portal, set once when it starts.</summary>
    internal static ChatAuthSite? Site { get; set; }

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    public override async Task ProcessRequestAsync(HttpContext context)
    {
        _ = context ?? throw new ArgumentNullException(nameof(context));
        var site = Site ?? throw new InvalidOperationException(
            "ChatAuthHandler.Site is not set. Set it in Application_Start.");
        // A refusal stays what it is: IIS would put a page of its own there, forms authentication its sign-in page.
        context.Response.TrySkipIisCustomErrors = true;
        context.Response.SuppressFormsAuthenticationRedirect = true;
        context.Response.AppendHeader("X-Content-Type-Options", "nosniff");
        var path = context.Request.Path;
        switch (path.Substring(path.LastIndexOf('/') + 1))
        {
            case "token" when IsAskedBy(context, "POST"):
                await ServeTokenAsync(context, site);
                break;
            case "antiforgery" when IsAskedBy(context, "GET"):
                ServeAntiforgery(context, site);
                break;
            case "publickey" when IsAskedBy(context, "GET", "HEAD"):
                await ServeKeysAsync(context, site, site.ShowsPem ? "Pem" : "KeySet");
                break;
            case "jwks" when IsAskedBy(context, "GET", "HEAD"):
                await ServeKeysAsync(context, site, "Jwks");
                break;
            case "authorize" when site.RedirectUris.Count > 0 && PlainPath.IsMatch(context.Request.RawUrl):
                if (IsAskedBy(context, "GET"))
                {
                    await ServeWindowAsync(context, site);
                }

                break;
            case "app-token" when site.ContactOfApp != null:
                if (IsAskedBy(context, "POST"))
                {
                    await ServeAppTokenAsync(context, site, site.ContactOfApp);
                }

                break;
            case "token":
            case "antiforgery":
            case "publickey":
            case "jwks":
                break;
            default:
                Refuse(context, 404, "There is nothing here.");
                break;
        }
    }

    private static async Task ServeTokenAsync(HttpContext context, ChatAuthSite site)
    {
        if (!IsSameOrigin(context.Request))
        {
            Refuse(context, 403, "Ask for a chat token from a page of this site.");
        }
        else if (!(site.ContactOf(context) is { } contact))
        {
            Refuse(context, 401, "Nobody is signed in.");
        }
        else if (!site.IsGenuine(context, context.Request.Headers["__RequestVerificationToken"]))
        {
            Refuse(
                context,
                400,
                "The anti-forgery token is missing or belongs to another session. Load the page again.");
        }
        else
        {
            (await IssueAsync(site, contact, context.Request)).AnswerTo(context);
        }
    }

    // Of a native app: who its user is says the bearer token alone. A browser sends none by itself, so that no page of
    // another site can ask here, and a cookie counts for nothing.
    private static async Task ServeAppTokenAsync(
        HttpContext context, ChatAuthSite site, Func<string, string?> contactOfApp)
    {
        const string Route = "POST app-token";
        string? claim = null;
        string reason;
        var bearer = Regex.Match(
            context.Request.Headers["Authorization"] ?? string.Empty, "^Bearer +([!-~]+)$", RegexOptions.IgnoreCase);
        try
        {
            claim = bearer.Success ? contactOfApp(bearer.Groups[1].Value) : null;
            reason = bearer.Success ? AccessTokenFault.NoContact : AccessTokenFault.NoToken;
        }
#pragma warning disable CA1031 // each library has an exception of its own for a token that is not valid
        catch (Exception failure)
#pragma warning restore CA1031
        {
            reason = AccessTokenFault.Reason(failure);
        }

        if (Regex.IsMatch(claim ?? string.Empty, ContactId))
        {
            (await IssueAsync(site, Guid.Parse(claim), context.Request)).AnswerTo(context);
            return;
        }

        if (!string.IsNullOrEmpty(claim))
        {
            site.TellRefusal(Route, "what is to be the contact's id is no GUID: what ContactOfApp gives. Let it give "
                + "the id of the visitor's contact.");
            Refuse(context, 424, "The site was refused a chat token.");
            return;
        }

        site.TellRefusal(Route, reason);
        context.Response.AppendHeader("WWW-Authenticate", "Bearer");
        Refuse(context, 401, "The app's access token is missing or not valid.");
    }

    // Of LivePerson's window: a navigation from another site, which carries the session alone. So nothing of it is
    // trusted, and the token goes, in the fragment, to an address of the list only. Whatever is wrong is told on a page
    // and never by a redirect, since nobody can say where it would lead.
    private static async Task ServeWindowAsync(HttpContext context, ChatAuthSite site)
    {
        context.Response.AppendHeader("Referrer-Policy", "no-referrer");
        context.Response.AppendHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        const string Route = "GET authorize";
        if (!(context.Request.Headers["Sec-Fetch-Dest"] is null or "document"))
        {
            site.TellRefusal(Route, "a frame, an image or a script asks for it (Sec-Fetch-Dest). Let the chat open in "
                + "a window of its own.");
            Answer(context, 403, "The chat opens in a window of its own only.", "text/plain", "no-store");
        }
        else if (WindowFault(context.Request.RawUrl, site, out var uri, out var state) is { } fault)
        {
            var isListed = fault == "redirect_uri" && uri != null && site.RedirectUris.Contains(uri);
            site.TellRefusal(Route, isListed && !WindowAddress.IsMatch(uri)
                ? "redirect_uri is in redirectUris, and no https address in ASCII without user name and #. Give the "
                    + "addresses of LivePerson's window."
                : WindowReasons[fault]);
            var text = "The chat cannot be opened: this site does not know what asks for it (" + fault
                + "). Tell its owner.";
            Answer(context, 400, text, "text/plain", "no-store");
        }
        else if (!(site.ContactOf(context) is { } contact))
        {
            if (context.User?.Identity?.IsAuthenticated == true)
            {
                // Signed in, without a contact: to sign in again would not help.
                site.TellRefusal(Route, "the signed-in visitor has no contact. Look at how the portal finds the "
                    + "contact of its visitor.");
                Redirect(context, uri + "#error=access_denied" + (state == null ? string.Empty : "&state=" + state));
                return;
            }

            var sign = site.SignInPath.IndexOf('?') < 0 ? "?returnUrl=" : "&returnUrl=";
            Redirect(context, site.SignInPath + sign + Uri.EscapeDataString(context.Request.RawUrl));
        }
        else
        {
            var issued = await IssueAsync(site, contact, null);
            var isToken = Regex.IsMatch(issued.Token ?? string.Empty, @"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}\z");
            var outcome = isToken ? "id_token=" + issued.Token
                : issued.Status == 401 || issued.Status == 403 ? "error=access_denied"
                : "error=server_error";
            Redirect(context, uri + "#" + outcome + (state == null ? string.Empty : "&state=" + state));
        }
    }

    // The parameter that is wrong, null for none; the state as it stood in the address.
    private static string? WindowFault(string address, ChatAuthSite site, out string? uri, out string? state)
    {
        var written = address.Substring(address.IndexOf('?') + 1).Split('&').Select(part => part.Split(['='], 2))
            .ToLookup(part => Decoded(part[0]), part => part.Length > 1 ? part[1] : string.Empty);
        string? Value(string name) => written[name].FirstOrDefault() is { } text ? Decoded(text) : null;
        uri = Value("redirect_uri");
        state = written["state"].FirstOrDefault();
        return WindowParameters.FirstOrDefault(name => written[name].Count() > 1)
            ?? (!(Value("response_type") is "id_token" or "token") ? "response_type"
                : uri == null || !site.RedirectUris.Contains(uri) || !WindowAddress.IsMatch(uri) ? "redirect_uri"
                : site.ClientId != null && Value("client_id") != site.ClientId ? "client_id"
                : state != null && !(Regex.IsMatch(state, @"^[!-~]*\z")
                    && Regex.Replace(state, "%[0-9a-fA-F]{2}", "x").Length <= LongestState) ? "state"
                : null);
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static void Redirect(HttpContext context, string address)
    {
#pragma warning disable CA3007 // the portal's own sign-in page, or an address of its list, compared letter by letter
        context.Response.RedirectLocation = address;
#pragma warning restore CA3007
        Answer(context, 302, string.Empty, "text/plain", "no-store");
    }

    // With the context variables of a request's body, where there is one; the body names nobody. The variables go
    // unchecked: the custom API has the rules.
    private static async Task<Issued> IssueAsync(ChatAuthSite site, Guid contact, HttpRequest? request)
    {
        if (!site.Allows(contact))
        {
            return new Issued(
                429, "The visitor asked for too many chat tokens. Wait a minute, then open the chat again.", 60);
        }

        string? variables = null;
        if (request != null)
        {
            if (!(ReadBody(request) is { } body))
            {
                return new Issued(413, "The body is too long.");
            }

            if (!TryReadVariables(body, out variables))
            {
                return new Issued(400, "The body is not JSON.");
            }
        }

        var parameters = new Dictionary<string, object> { ["ContactId"] = contact };
        if (variables != null)
        {
            parameters["ContextVariables"] = variables;
        }

        var answer = await site.Users.AskAsync("chatauth_IssueChatToken", parameters);
        object? token = null;
        answer.Properties?.TryGetValue("Token", out token);
        var isToken = answer.Status == 200 && answer.Properties != null && (token == null || token is string);
        if (answer.Status == 200 && (!isToken || string.IsNullOrEmpty(token as string)))
        {
            site.Tell("chatauth_IssueChatToken", 200, isToken ? ChatAuthSite.NoStep : "an answer without a token.");
        }

        if (isToken)
        {
            if (answer.Text("KeyId") is { } keyId)
            {
                site.Keys.Expect(keyId);
            }

            return new Issued(token as string ?? string.Empty);
        }

        if (answer.RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds));
            return new Issued(
                429, FormattableString.Invariant($"The chat is busy. Try again in {seconds} s."), seconds);
        }

        // A 401 or 403 without a code is about the application user, whom the visitor's signing in would not help.
        var message = ChatAuthSite.CodedMessage(answer);
        var status = answer.Status < 400 ? 502
            : message == null && (answer.Status == 401 || answer.Status == 403) ? 424
            : answer.Status;
        var code = message == null ? string.Empty : message.Substring(0, ChatAuthSite.CodeLength) + ": ";
        return new Issued(status, code + "The site was refused a chat token.");
    }

    // Signing in or out, in this page or another, makes the token of a page stale: this is the one of the moment.
    private static void ServeAntiforgery(HttpContext context, ChatAuthSite site)
    {
        if (IsSameOrigin(context.Request))
        {
            Answer(context, 200, site.AntiforgeryToken(context), "text/plain", "no-store");
        }
        else
        {
            Refuse(context, 403, "Ask for the anti-forgery token from a page of this site.");
        }
    }

    private static async Task ServeKeysAsync(HttpContext context, ChatAuthSite site, string property)
    {
        await site.Keys.RefreshAsync();
        context.Response.AppendHeader("ChatAuth-Application-Users", site.Users.State); // for chatauth doctor
        if (site.Keys.Get(property, out var maxAge) is not { } text)
        {
            context.Response.AppendHeader(
                "Retry-After", PublicKeyCache.RetryAfter.ToString(CultureInfo.InvariantCulture));
            Refuse(context, 503, "The public keys cannot be read at the moment.");
            return;
        }

        using (var sha256 = SHA256.Create())
        {
            var hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(text));
            var etag = '"' + Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '-').Replace('/', '_') + '"';
            context.Response.AppendHeader("ETag", etag);
            var isKnown = context.Request.Headers["If-None-Match"] == etag;
            var lifetime = "public, max-age=" + maxAge.ToString(CultureInfo.InvariantCulture);
            var contentType = property == "Pem" ? "text/plain" : "application/json";
            Answer(context, isKnown ? 304 : 200, isKnown ? string.Empty : text, contentType, lifetime);
        }
    }

    // Every browser says so in one of two headers that no page can set: Sec-Fetch-Site (Fetch Metadata) or Origin
    // (Fetch standard, on every POST). The scheme is not compared: behind a proxy TLS has ended before.
    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        var origin = request.Headers["Origin"];
        var isOwn = Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && string.Equals(from.Authority, request.Headers["Host"], StringComparison.OrdinalIgnoreCase);
        return site == null ? isOwn : site == "same-origin" && (origin == null || isOwn);
    }

    private static string? ReadBody(HttpRequest request)
    {
        var bytes = new byte[LongestBody + 1];
        var length = 0;
        for (int read; length < bytes.Length; length += read)
        {
            read = request.InputStream.Read(bytes, length, bytes.Length - length);
            if (read == 0)
            {
                return Encoding.UTF8.GetString(bytes, 0, length);
            }
        }

        return null;
    }

    // The context variables as JSON, null for none; false when the body is not JSON.
    private static bool TryReadVariables(string body, out string? variables)
    {
        variables = null;
        if (body.Length == 0)
        {
            return true;
        }

        try
        {
            // Read as XML, which keeps numbers and texts as the page wrote them: a serializer has dates of its own.
            var parts = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            using (var reader = JsonReaderWriterFactory.CreateJsonReader(
                Encoding.UTF8.GetBytes(body), new XmlDictionaryReaderQuotas()))
            {
                parts.Load(reader);
            }

            // A body of blanks has no element.
            var found = parts.DocumentElement?.ChildNodes.OfType<XmlElement>()
                .LastOrDefault(part => part.Name == "contextVariables");
            if (found != null && found.GetAttribute("type") != "null")
            {
                variables = ToJson(found);
            }

            return parts.DocumentElement != null;
        }
        catch (Exception bad) when (bad is XmlException || bad is ArgumentException || bad is InvalidOperationException)
        {
            return false;
        }
    }

    private static string ToJson(XmlElement part)
    {
        using var json = new MemoryStream();
        using (var writer = JsonReaderWriterFactory.CreateJsonWriter(json, new UTF8Encoding(false)))
        {
            writer.WriteStartElement("root");
            foreach (XmlAttribute attribute in part.Attributes)
            {
                attribute.WriteTo(writer);
            }

            part.WriteContentTo(writer);
            writer.WriteEndElement();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }

    private static bool IsAskedBy(HttpContext context, params string[] methods)
    {
        if (Array.IndexOf(methods, context.Request.HttpMethod) >= 0)
        {
            return true;
        }

        var allowed = string.Join(", ", methods);
        context.Response.AppendHeader("Allow", allowed);
        Refuse(context, 405, "Ask by " + allowed + ".");
        return false;
    }

    // What chatauth.js reads of a refusal.
    private static void Refuse(HttpContext context, int status, string message) => Answer(
        context, status, new JavaScriptSerializer().Serialize(new { status, message }), "application/json", "no-store");

    private static void Answer(HttpContext context, int status, string text, string contentType, string lifetime)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.AppendHeader("Cache-Control", lifetime);
        context.Response.SuppressContent = status == 304 || context.Request.HttpMethod == "HEAD";
        context.Response.Write(text);
    }

    // What came of asking for a visitor's token: the token, or a refusal and the seconds to wait.
    private sealed class Issued
    {
        private readonly string message = string.Empty;
        private readonly double? wait;

        public Issued(string token)
        {
            Status = 200;
            Token = token;
        }

        public Issued(int status, string message, double? wait = null)
        {
            Status = status;
            this.message = message;
            this.wait = wait;
        }

        public int Status { get; }

        public string? Token { get; }

        public void AnswerTo(HttpContext context)
        {
            if (wait is { } seconds)
            {
                context.Response.AppendHeader("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
            }

            if (Token != null)
            {
                Answer(context, 200, Token, "application/jwt", "no-store");
            }
            else
            {
                Refuse(context, Status, message);
            }
        }
    }
}
