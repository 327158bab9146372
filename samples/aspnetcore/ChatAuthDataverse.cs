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
/// <param name="RetryAfter">Seconds to wait while Dataverse limits every application user; else null.</param>
internal sealed record IssuedToken(
    int Status, string Token, string? KeyId = null, string? Message = null, int? RetryAfter = null);

/// <summary>What came of asking for the public keys.</summary>
/// <param name="Keys">The response properties; null where there is no set of keys, which may be empty.</param>
/// <param name="TellsNothing">Whether a failure says nothing of the keys: Dataverse is silent, busy or down.</param>
internal sealed record KeysAnswer(JsonObject? Keys, bool TellsNothing);

/// <summary>The two custom APIs, called as one of the portal's application users.</summary>
/// <remarks>
/// Of a refusal the visitor reads the product's own code, and the log the product's own message: it holds no personal
/// data, other texts of Dataverse may. A status 401 or 403 without a code is about the application user, not the
/// visitor, whom signing in would not help: it becomes 424. An answer that makes no sense is 502, silence 504. A call
/// goes on with another user where nothing can have been issued: the user is limited, refused or cannot sign in.
/// Whatever else fails is not asked again.
/// </remarks>
/// <param name="options">The environment, and how long a call takes at most.</param>
/// <param name="users">Who asks.</param>
/// <param name="failures">Told of what brings no token and no keys, but of what the users tell themselves.</param>
/// <param name="clock">Reads a Retry-After that is a date.</param>
internal sealed partial class ChatAuthDataverse(
    ChatAuthOptions options, ApplicationUsers users, FailureLog failures, TimeProvider clock) : IDisposable
{
    /// <summary>What a visitor reads for whom no token was issued.</summary>
    public const string Refused = "The site was refused a chat token.";

    // Microsoft Learn, service protection API limits: a user has 52 requests at once on a web server.
    private const int AtOnce = 52;

    // A user that is disabled: by code (web service error codes, UserNotEnabled) or, since no source gives the code
    // together with the text, by its text. And the plug-in's own word for one that "callers" does not list.
    private static readonly string[] UserNotEnabled = ["0x80040225", "0x8004d24b"];
    private const string CallerNotListed = "CHATAUTH1002";
    private const int CodeLength = 12;

    private const string NotThere = "the custom API is not there. Run chatauth deploy.";
    private const string NoStep = "no step serves it. Run chatauth deploy.";

    // What the log has been told of already.
    private static readonly MessageAnswer SignInFailed = new(502, null);

    private readonly Uri? environment = options.Environment ?? (options.Call != null ? null
        : throw new InvalidOperationException(
            "ChatAuthOptions.Environment is not set. Give the address of the Dataverse environment."));

    // Without cookies no web server of the environment is held to (Microsoft Learn, send parallel requests: affinity).
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        MaxConnectionsPerServer = AtOnce * users.Count,
        AllowAutoRedirect = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
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
        const string Api = "chatauth_IssueChatToken";
        var (status, answer) = await CallAsync(Api, new JsonObject(given), cancellation);
        if (status == 200 && answer != null && (answer["Token"] == null || Text(answer, "Token") != null))
        {
            var token = Text(answer, "Token") ?? string.Empty;
            if (token.Length == 0)
            {
                failures.Tell(Api, 200, NoStep);
            }

            return new IssuedToken(200, token, Text(answer, "KeyId"));
        }

        if (status == 200)
        {
            failures.Tell(Api, 200, "an answer without a token.");
        }

        if (status == 429)
        {
            var wait = Math.Max(1, users.Wait ?? 1);
            return new IssuedToken(
                429, string.Empty, Message: $"The chat is busy. Try again in {wait} s.", RetryAfter: wait);
        }

        var message = CodedMessage(answer);
        var forVisitor = status switch
        {
            < 400 => 502,
            401 or 403 when message == null => 424,
            _ => status,
        };
        return new IssuedToken(
            forVisitor, string.Empty, Message: CodePrefix(message) + Refused);
    }

    /// <summary>Asks for the public keys.</summary>
    public async Task<KeysAnswer> PublicKeysAsync()
    {
        const string Api = "chatauth_GetPublicKeys";
        var (status, answer) = await CallAsync(Api, [], CancellationToken.None);
        if (status == 200 && Text(answer, "KeySet") is { Length: > 0 })
        {
            return new KeysAnswer(answer, TellsNothing: false);
        }

        if (status == 200)
        {
            failures.Tell(Api, 200, answer != null && answer["KeySet"] == null ? NoStep : "an answer without keys.");
        }

        return new KeysAnswer(null, (status == 429 || status >= 500) && CodedMessage(answer) == null);
    }

    /// <summary>A text among the response properties.</summary>
    /// <param name="answer">The response properties; or null.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The text; null when it is not there, or is no text.</returns>
    public static string? Text(JsonObject? answer, string name) =>
        answer?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // 429 when every user is limited.
    private async Task<(int Status, JsonObject? Answer)> CallAsync(
        string api, JsonObject parameters, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(options.Patience);
        MessageAnswer refusal = new(429, null);
        HashSet<ApplicationUser> asked = [];
        try
        {
            while (users.Next(asked) is { } user)
            {
                asked.Add(user);
                try
                {
                    var answer = options.Call is { } call
                        ? await ByPortalAsync(call, api, parameters, time.Token)
                        : await ByHttpAsync(api, parameters, user, time.Token);
                    if (!IsOver(user, answer))
                    {
                        return Told(api, answer);
                    }

                    refusal = answer;
                }
                catch (AuthenticationFailedException exception)
                {
                    users.Refuse(user, EntraCode().Match(exception.ToString()) is { Success: true } code ? code.Value
                        : exception.GetType().Name);
                    refusal = SignInFailed;
                }
            }

            return users.Wait == null ? Told(api, refusal) : (429, null);
        }
        catch (HttpRequestException exception)
        {
            var kind = exception.HttpRequestError != HttpRequestError.Unknown ? $"{exception.HttpRequestError}"
                : (exception.InnerException ?? exception).GetType().Name;
            failures.Tell(api, null, $"no connection ({kind}).");
            return (502, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            failures.Tell(api, null, "no answer in time.");
            return (504, null);
        }
    }

    // The log is told why it is no answer; who cannot sign in or is limited was told by the users.
    private (int Status, JsonObject? Answer) Told(string api, MessageAnswer answer)
    {
        if (answer.Status is not (200 or 429) && answer != SignInFailed)
        {
            var message = CodedMessage(answer.Body);
            var fault = answer.Body?["error"] is JsonObject error && Text(error, "code") is { } code
                && FaultCode().IsMatch(code) ? $" ({code})" : string.Empty;
            var reason = message ?? (answer.Status == 404 ? NotThere : $"no code of ChatAuth{fault}.");
            failures.Tell(api, answer.Status, reason, message?[..CodeLength]);
        }

        return (answer.Status, answer.Body);
    }

    // By the portal's own client: nothing of what it throws is for the visitor.
    private static async Task<MessageAnswer> ByPortalAsync(
        MessageCall call, string api, JsonObject parameters, CancellationToken cancellation)
    {
        try
        {
            return await call(api, parameters, cancellation).WaitAsync(cancellation);
        }
        catch (TimeoutException exception)
        {
            throw new OperationCanceledException(exception.Message, exception, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new HttpRequestException(exception.Message, exception);
        }
    }

    private async Task<MessageAnswer> ByHttpAsync(
        string api, JsonObject parameters, ApplicationUser user, CancellationToken cancellation)
    {
        // The credential keeps the access token until it is about to expire.
        var access = await user.Credential.GetTokenAsync(
            new TokenRequestContext([new Uri(environment!, "/.default").AbsoluteUri]), cancellation);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(environment!, "/api/data/v9.2/" + api));
        request.Content = JsonContent.Create(parameters);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.Token);
        using var response = await http.SendAsync(request, cancellation);
        var told = response.Headers.RetryAfter;
        return new MessageAnswer(
            (int)response.StatusCode,
            Parsed(await response.Content.ReadAsStringAsync(cancellation)),
            told?.Delta ?? (told?.Date - clock.GetUtcNow()));
    }

    // Whether the answer is about the user, so that another one may do better.
    private bool IsOver(ApplicationUser user, MessageAnswer answer)
    {
        if (answer.Status == 429)
        {
            users.Limit(user, answer.RetryAfter);
            return true;
        }

        var message = CodedMessage(answer.Body);
        var error = answer.Body?["error"] as JsonObject;
        if ((answer.Status is 401 or 403 && message == null)
            || message?.StartsWith(CallerNotListed, StringComparison.Ordinal) == true
            || UserNotEnabled.Contains(Text(error, "code"), StringComparer.OrdinalIgnoreCase)
            || UserIsDisabled().IsMatch(Text(error, "message") ?? string.Empty))
        {
            users.Refuse(
                user, message?[..CallerNotListed.Length] ?? FormattableString.Invariant($"status {answer.Status}"));
            return true;
        }

        users.Take(user);
        return false;
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

    private static string CodePrefix(string? message) => message == null ? string.Empty : message[..CodeLength] + ": ";

    private static string? CodedMessage(JsonObject? answer) =>
        Text(answer?["error"] as JsonObject, "message") is { } message
            && Coded().Match(message) is { Success: true } coded
            ? coded.Value
            : null;

    // For example AADSTS7000222, the secret has expired, in one of the inner texts; the rest of them is not logged.
    [GeneratedRegex(@"AADSTS\d+")]
    private static partial Regex EntraCode();

    [GeneratedRegex("^0x[0-9A-Fa-f]{1,8}$")]
    private static partial Regex FaultCode();

    [GeneratedRegex("^The user with SystemUserId=.* is disabled")]
    private static partial Regex UserIsDisabled();

    [GeneratedRegex(@"CHATAUTH\d{4}: .*", RegexOptions.Singleline)]
    private static partial Regex Coded();
}
