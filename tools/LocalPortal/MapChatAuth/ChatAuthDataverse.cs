using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;

namespace ChatAuth.AspNetCore;

/// <summary>What came of asking for a token.</summary>
/// <param name="Status">HTTP status for the visitor.</param>
/// <param name="Token">The token; empty when there is none.</param>
/// <param name="KeyId">The key that signed it; null when there is no token.</param>
/// <param name="Message">Why there is none; null when no step serves the custom API.</param>
internal sealed record IssuedToken(int Status, string Token, string? KeyId, string? Message);

/// <summary>The two custom APIs, called as the portal's application user.</summary>
/// <remarks>
/// Only the product's own coded messages leave the server: they hold no personal data, other texts of Dataverse may. A
/// status 401 or 403 without a code is about the application user, not the visitor, whom signing in would not help: it
/// becomes 424.
/// </remarks>
internal sealed partial class ChatAuthDataverse(ChatAuthOptions options) : IDisposable
{
    // chatauth.js answers its callers after 9 seconds, whatever comes later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Uri environment = options.Environment ?? throw new InvalidOperationException(
        "ChatAuthOptions.Environment is not set. Give the address of the Dataverse environment.");
    private readonly HttpClient http =
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(15), AllowAutoRedirect = false })
        {
            Timeout = Patience,
        };

    /// <summary>Asks for a visitor's token.</summary>
    /// <param name="visitor">Whom the portal has signed in.</param>
    /// <param name="contextVariables">JSON as the page sent it; or null.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<IssuedToken> IssueAsync(
        ChatVisitor visitor, string? contextVariables, CancellationToken cancellation)
    {
        JsonObject parameters = [];
        foreach (var (name, value) in new (string, JsonNode?)[] { ("ContactId", visitor.ContactId), ("UserName", visitor.UserName), ("ContextVariables", contextVariables) })
        {
            if (value != null)
            {
                parameters[name] = value;
            }
        }

        var (status, answer) = await CallAsync("chatauth_IssueChatToken", parameters, cancellation);
        var token = Text(answer, "Token");
        return status >= 400 || answer == null
            ? new IssuedToken(
                Coded(answer) != null || (status is >= 400 and not (401 or 403)) ? status
                    : status is 401 or 403 ? 424
                    : 502,
                string.Empty,
                null,
                Coded(answer) ?? "The site was refused a chat token.")
            : token.Length == 0 ? new IssuedToken(200, string.Empty, null, null)
            : new IssuedToken(200, token, Text(answer, "KeyId"), null);
    }

    /// <summary>Asks for the public keys.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The response properties; null when there are none.</returns>
    public async Task<JsonObject?> PublicKeysAsync(CancellationToken cancellation) =>
        await CallAsync("chatauth_GetPublicKeys", [], cancellation) is (
            200, { } answer) && Text(answer, "SigningKeyId").Length > 0 ? answer : null;

    /// <summary>A response property; empty when it is not there.</summary>
    public static string Text(JsonObject? answer, string name) =>
        answer?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : string.Empty;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<(int Status, JsonObject? Answer)> CallAsync(
        string api, JsonObject parameters, CancellationToken cancellation)
    {
        try
        {
            // The credential keeps the access token until it is about to expire.
            var access = await options.UsedCredential.GetTokenAsync(
                new TokenRequestContext([new Uri(environment, "/.default").AbsoluteUri]), cancellation);
            using HttpRequestMessage request = new(HttpMethod.Post,
                new Uri(environment, "/api/data/v9.2/" + api))
            { Content = JsonContent.Create(parameters) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.Token);
            using var response = await http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return ((int)response.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or JsonException or AuthenticationFailedException)
        {
            return (502, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (504, null);
        }
    }

    private static string? Coded(JsonObject? answer) =>
        answer?["error"] is JsonObject error && CodedMessage().Match(Text(error, "message")) is { Success: true } coded
            ? coded.Value
            : null;

    [GeneratedRegex(@"CHATAUTH\d{4}: .*", RegexOptions.Singleline)]
    private static partial Regex CodedMessage();
}
