using System;
using System.Security.Claims;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace ChatAuth.AspNetCore;

/// <summary>A token for a visitor whom the portal knows, by whichever route it is asked for.</summary>
/// <param name="limit">How often a visitor may ask, by all routes together.</param>
/// <param name="dataverse">Issues it.</param>
/// <param name="keys">Told of the key that signed.</param>
/// <param name="failures">Told of a visitor who cannot be named to Dataverse.</param>
internal sealed class TokenRequest(
    VisitorLimit limit, ChatAuthDataverse dataverse, PublicKeyCache keys, FailureLog failures)
{
    // Context variables: 100 of 4,000 characters at most, as UTF-8; a token takes 8,000 in all.
    private const int LongestBody = 64 * 1024;

    /// <summary>Asks.</summary>
    /// <param name="http">The request, in whose body the context variables are; one by GET has none.</param>
    /// <param name="visitor">Who asks; the body names nobody.</param>
    /// <param name="rule">The portal's, which found the visitor.</param>
    /// <param name="route">Method and route, for the log.</param>
    public async Task<IssuedToken> IssueAsync(
        HttpContext http, ChatVisitor visitor, Func<ClaimsPrincipal, ChatVisitor?> rule, string route)
    {
        if (visitor.ContactId == null && string.IsNullOrEmpty(visitor.UserName))
        {
            failures.TellRefusal(
                route,
                rule == ChatAuthOptions.ByContactClaim
                    ? $"what is to be the contact's id is no GUID: the claim {ChatAuthOptions.ContactClaim}. Let the "
                        + "claim hold the id of the visitor's contact, or give Visitor a rule of your own."
                    : "the portal's own rule (Visitor, AppVisitor) gives neither contact id nor user name. Let it give "
                        + "one of the two.");
            return new IssuedToken(424, string.Empty, Message: ChatAuthDataverse.Refused);
        }

        if (!limit.Allows(visitor, out var wait))
        {
            return new IssuedToken(
                429,
                string.Empty,
                Message: "The visitor asked for too many chat tokens. Wait a minute, then open the chat again.",
                RetryAfter: wait);
        }

        string? variables = null;
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            var buffer = new byte[LongestBody + 1];
            var length = await http.Request.Body.ReadAtLeastAsync(
                buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
            if (length > LongestBody)
            {
                return new IssuedToken(413, string.Empty, Message: "The body is too long.");
            }

            if (!TryReadVariables(buffer.AsMemory(0, length), out variables))
            {
                return new IssuedToken(400, string.Empty, Message: "The body is not JSON.");
            }
        }

        var answer = await dataverse.IssueAsync(visitor, variables, http.RequestAborted);
        if (answer.KeyId != null)
        {
            keys.Expect(answer.KeyId);
        }

        return answer;
    }

    // The context variables as JSON, unchecked: the custom API has the rules. Null for none; false when it is not JSON.
    private static bool TryReadVariables(ReadOnlyMemory<byte> text, out string? variables)
    {
        variables = null;
        if (text.IsEmpty)
        {
            return true;
        }

        try
        {
            using var body = JsonDocument.Parse(text);
            if (body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("contextVariables", out var found)
                && found.ValueKind != JsonValueKind.Null)
            {
                variables = found.GetRawText();
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false; // the latter is half of a surrogate pair, or bytes that are no UTF-8
        }
    }
}
