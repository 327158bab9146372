using System.Collections.Frozen;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.Net.Http.Headers;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>
/// What the headers of a request say; one that nobody here understands is refused, since it might have changed the
/// answer.
/// </summary>
internal static class RequestHeaders
{
    /// <summary>
    /// The stand-in's own header: contact of the visitor a portals client calls for; absent is an anonymous visitor.
    /// </summary>
    public const string PortalsContactId = "LocalDataverse-PortalsContactId";

    /// <summary>Name of an uploaded file.</summary>
    public const string FileName = "x-ms-file-name";

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control",
            "Connection", "Content-Length", "Content-Type",
            "Expect", "Host", "OData-MaxVersion", "OData-Version", "Prefer", "If-Match", "If-None-Match",
            "Sec-Fetch-Mode", "Transfer-Encoding", "User-Agent",
            "traceparent", "tracestate", "Request-Id", "Correlation-Context", "x-ms-client-request-id", "MSCRMCallerID",
            "CallerObjectId", FileName, PortalsContactId,
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Ensures that every header is understood.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayHoldCookies">Whether the environment sets one.</param>
    public static void Check(WebRequest request, bool mayHoldCookies)
    {
        if (request.Headers.Keys.FirstOrDefault(
            h => !Known.Contains(h) && !(mayHoldCookies && h == HeaderNames.Cookie)) is { } unknown)
        {
            throw Refusal.NotKnown($"the header {unknown}");
        }

        if (request.Header("OData-Version") is { } version && version != "4.0")
        {
            throw Refusal.Invalid("OData-Version must be 4.0.");
        }

        if (request.Header("Prefer") is { } prefer && prefer != "return=representation"
            && (PageRequest.SizeOf(prefer) == null || request.Method != "GET"
                || Schema.Known.Tables.All(table => table.SetName != request.Path)))
        {
            throw Refusal.NotKnown(
                "a preference other than return=representation, and odata.maxpagesize of a set of rows");
        }
    }

    /// <summary>Who the request comes from; null when the token is missing or unknown.</summary>
    /// <exception cref="DataverseException">The user is disabled, or may not say what it says.</exception>
    public static Caller? Caller(Users users, WebRequest request, Call call)
    {
        const string Bearer = "Bearer ";
        if (request.Header("Authorization") is not { } authorization
            || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || users.OfToken(authorization[Bearer.Length..].Trim()) is not { } user)
        {
            return null;
        }

        users.RequireEnabled(user);
        var contact = Contact(request, user);
        var initiating = Impersonated(users, request, user) ?? users.ActingFor(user, contact);
        call.UserId = initiating.Id;
        return new Caller(initiating, user, contact, request.Header("User-Agent"), call);
    }

    // Microsoft Learn: impersonate another user: by systemuser id or by Entra object id; null for nobody.
    private static LocalUser? Impersonated(Users users, WebRequest request, LocalUser user)
    {
        var (byId, byObject) = (request.Header("MSCRMCallerID"), request.Header("CallerObjectId"));
        if (byId == null && byObject == null)
        {
            return null;
        }

        user.Require("prvActOnBehalfOfAnotherUser");
        if (byId != null && byObject != null)
        {
            throw Refusal.NotKnown("impersonation by two headers at once");
        }

        var id = Guid.TryParse(byId ?? byObject, out var parsed) ? parsed
            : throw Refusal.Invalid("An impersonation header must hold a GUID.");
        return (byId != null ? users.Get(id) : users.OfObject(id)).ImpersonatedBy(user);
    }

    private static Guid Contact(WebRequest request, LocalUser user) => request.Header(PortalsContactId) is not { } text
        ? Guid.Empty
        : user.IsPortalsClient && Guid.TryParse(text, out var contact)
            ? contact
            : throw Refusal.Invalid($"The header {PortalsContactId} holds a GUID and is sent by portals clients only.");
}
