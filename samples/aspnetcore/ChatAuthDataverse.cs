using System;
using System.Collections.Generic;
using System.Linq;
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
/// <param name="Token">The token; empty when it was refused, and when no step serves the custom API.</param>
/// <param name="KeyId">The key that signed it; null when there is no token.</param>
/// <param name="Message">Why it was refused; null when it was not.</param>
internal sealed record IssuedToken(int Status, string Token, string? KeyId, string? Message);

/// <summary>What came of asking for the public keys.</summary>
/// <param name="Keys">The response properties; null where there is no set of keys, which may be empty.</param>
/// <param name="TellsNothing">Whether a failure says nothing of the keys: Dataverse is silent, busy or down.</param>
internal sealed record KeysAnswer(JsonObject? Keys, bool TellsNothing);

/// <summary>The two custom APIs, called as the portal's application user.</summary>
/// <remarks>
/// Only the product's own coded messages leave the server: they hold no personal data, other texts of Dataverse may. A
/// status 401 or 403 without a code is about the application user, not the visitor, whom signing in would not help: it
/// becomes 424. An answer that makes no sense is 502, silence 504.
/// </remarks>
/// <param name="options">The environment, and who signs in to it.</param>
internal sealed partial class ChatAuthDataverse(ChatAuthOptions options) : IDisposable
{
    // chatauth.js answers its callers after 9 seconds, whatever comes later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Uri? environment = options.Environment ?? (options.Call != null ? null
        : throw new InvalidOperationException(
            "ChatAuthOptions.Environment is not set. Give the address of the Dataverse environment."));
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        AllowAutoRedirect = false,
    })
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
        var parameters = new (string Name, JsonNode? Value)[]
        {
            ("ContactId", visitor.ContactId),
            ("UserName", visitor.UserName),
            ("ContextVariables", contextVariables),
        };
        var given = parameters.Where(parameter => parameter.Value != null)
            .Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value));
        var (status, answer) = await AnsweredAsync("chatauth_IssueChatToken", new JsonObject(given), cancellation);
        if (status == 200 && answer != null && (answer["Token"] == null || Text(answer, "Token") != null))
        {
            return new IssuedToken(200, Text(answer, "Token") ?? string.Empty, Text(answer, "KeyId"), null);
        }

        var message = CodedMessage(answer);
        var forVisitor = status switch
        {
            < 400 => 502,
            401 or 403 when message == null => 424,
            _ => status,
        };
        return new IssuedToken(forVisitor, string.Empty, null, message ?? "The site was refused a chat token.");
    }

    /// <summary>Asks for the public keys.</summary>
    public async Task<KeysAnswer> PublicKeysAsync()
    {
        var (status, answer) = await AnsweredAsync("chatauth_GetPublicKeys", [], CancellationToken.None);
        return status == 200 && Text(answer, "KeySet") is { Length: > 0 }
            ? new KeysAnswer(answer, TellsNothing: false)
            : new KeysAnswer(null, (status == 429 || status >= 500) && CodedMessage(answer) == null);
    }

    /// <summary>A text among the response properties.</summary>
    /// <param name="answer">The response properties; or null.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The text; null when it is not there, or is no text.</returns>
    public static string? Text(JsonObject? answer, string name) =>
        answer?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // By the portal's own client or by this one.
    private async Task<(int Status, JsonObject? Answer)> AnsweredAsync(
        string api, JsonObject parameters, CancellationToken cancellation)
    {
        if (options.Call is not { } call)
        {
            return await CallAsync(api, parameters, cancellation);
        }

        try
        {
            return await call(api, parameters, cancellation).WaitAsync(Patience, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // whatever another client throws: nothing of it is for the visitor
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (exception is TimeoutException or OperationCanceledException ? 504 : 502, null);
        }
    }

    private async Task<(int Status, JsonObject? Answer)> CallAsync(
        string api, JsonObject parameters, CancellationToken cancellation)
    {
        try
        {
            // The credential keeps the access token until it is about to expire.
            var access = await options.UsedCredential.GetTokenAsync(
                new TokenRequestContext([new Uri(environment!, "/.default").AbsoluteUri]), cancellation);
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(environment!, "/api/data/v9.2/" + api));
            request.Content = JsonContent.Create(parameters);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.Token);
            using var response = await http.SendAsync(request, cancellation);
            return ((int)response.StatusCode, Parsed(await response.Content.ReadAsStringAsync(cancellation)));
        }
        catch (Exception exception) when (exception is HttpRequestException or AuthenticationFailedException)
        {
            return (502, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (504, null);
        }
    }

    private static JsonObject? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? CodedMessage(JsonObject? answer) =>
        Text(answer?["error"] as JsonObject, "message") is { } message
            && Coded().Match(message) is { Success: true } coded
            ? coded.Value
            : null;

    [GeneratedRegex(@"CHATAUTH\d{4}: .*", RegexOptions.Singleline)]
    private static partial Regex Coded();
}
