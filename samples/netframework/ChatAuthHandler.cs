using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography;
using System.Text;
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
/// It serves <c>POST token</c> to signed-in visitors, <c>GET antiforgery</c> to pages of this site, and
/// <c>GET publickey</c> and <c>GET jwks</c> to everyone. Tokens are neither stored nor logged.
/// </remarks>
public sealed class ChatAuthHandler : HttpTaskAsyncHandler
{
    // Context variables: 100 of 4,000 characters at most, as UTF-8; a token takes 8,000 in all.
    private const int LongestBody = 64 * 1024;

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
        switch (Path.GetFileName(context.Request.Path))
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
        else if (!site.Allows(contact))
        {
            context.Response.AppendHeader("Retry-After", "60");
            Refuse(
                context, 429, "The visitor asked for too many chat tokens. Wait a minute, then open the chat again.");
        }
        else if (ReadBody(context.Request) is not { } body)
        {
            Refuse(context, 413, "The body is too long.");
        }
        else if (!TryReadVariables(body, out var variables))
        {
            Refuse(context, 400, "The body is not JSON.");
        }
        else
        {
            await IssueAsync(context, site, contact, variables);
        }
    }

    // The variables go unchecked: the custom API has the rules.
    private static async Task IssueAsync(HttpContext context, ChatAuthSite site, Guid contact, string? variables)
    {
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

            Answer(context, 200, token as string ?? string.Empty, "application/jwt", "no-store");
            return;
        }

        if (answer.RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            context.Response.AppendHeader("Retry-After", seconds);
            Refuse(context, 429, "The chat is busy. Try again in " + seconds + " s.");
            return;
        }

        // A 401 or 403 without a code is about the application user, whom the visitor's signing in would not help.
        var message = ChatAuthSite.CodedMessage(answer);
        var status = answer.Status < 400 ? 502
            : message == null && (answer.Status == 401 || answer.Status == 403) ? 424
            : answer.Status;
        var code = message == null ? string.Empty : message.Substring(0, ChatAuthSite.CodeLength) + ": ";
        Refuse(context, status, code + "The site was refused a chat token.");
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

        var json = new JavaScriptSerializer();
        try
        {
            // The serializer takes names and texts without double quotes too, this reader does not.
            using (var reader = JsonReaderWriterFactory.CreateJsonReader(
                Encoding.UTF8.GetBytes(body), new XmlDictionaryReaderQuotas()))
            {
                while (reader.Read())
                {
                }
            }

            if (json.DeserializeObject(body) is IDictionary<string, object> parts
                && parts.TryGetValue("contextVariables", out var found) && found != null)
            {
                variables = json.Serialize(found);
            }

            return !string.IsNullOrWhiteSpace(body);
        }
        catch (Exception bad) when (bad is XmlException || bad is ArgumentException || bad is InvalidOperationException)
        {
            return false;
        }
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
}
