using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Plugins;

namespace ChatAuth.Dataverse;

/// <summary>The Web API of one environment, as one user.</summary>
/// <remarks>Every failure names the request, and Dataverse's own message where there is one. Bodies are never shown: they may hold keys.</remarks>
internal sealed class WebApi : IDisposable
{
    // Dataverse ends a request itself after two minutes.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly HttpClient http;

    /// <summary>Connects; no request is made yet.</summary>
    /// <param name="environment">URL of the environment.</param>
    /// <param name="accessToken">Bearer token of the user.</param>
    /// <param name="network">Answers the requests; null for the network.</param>
    public WebApi(Uri environment, string accessToken, HttpMessageHandler? network = null)
    {
        http = network == null ? new HttpClient() : new HttpClient(network, disposeHandler: false);
        http.BaseAddress = new Uri(environment, "/api/data/v9.2/");
        http.Timeout = Timeout;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        http.DefaultRequestHeaders.Add("OData-Version", "4.0");
        http.DefaultRequestHeaders.Add("OData-MaxVersion", "4.0");
    }

    /// <summary>Reads a row, rows or a function's answer.</summary>
    /// <param name="path">Below <c>/api/data/v9.2/</c>.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001 refused, 5002 no answer.</exception>
    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellation) =>
        await SendAsync(HttpMethod.Get, path, null, cancellation) ?? throw Failed("GET", path, "the answer is empty");

    /// <summary>Creates a row or runs an action.</summary>
    /// <param name="path">Below <c>/api/data/v9.2/</c>.</param>
    /// <param name="body">Column values or request parameters.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The action's response properties; null for a created row.</returns>
    /// <exception cref="CommandException">5001 refused, 5002 no answer; a plug-in's own code where it has one.</exception>
    public Task<JsonObject?> PostAsync(string path, JsonObject body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, body, cancellation);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<JsonObject?> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        try
        {
            using HttpRequestMessage request = new(method, path) { Content = body == null ? null : JsonContent.Create(body) };
            using HttpResponseMessage response = await http.SendAsync(request, cancellation);
            string text = await response.Content.ReadAsStringAsync(cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw Refused(method.Method, path, (int)response.StatusCode, text);
            }

            return text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject ?? throw Failed(method.Method, path, "the answer is no JSON object");
        }
        catch (HttpRequestException exception)
        {
            throw Failed(method.Method, path, "no connection (" + exception.HttpRequestError + ")");
        }
        catch (JsonException)
        {
            throw Failed(method.Method, path, "the answer is no JSON");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(method.Method, path, "no answer within two minutes");
        }
    }

    private static CommandException Refused(string method, string path, int status, string text)
    {
        string message = MessageOf(text) ?? "no message";

        // A plug-in of ours refused: its line is the one to act on.
        return message.StartsWith(ChatAuthException.CodePrefix, StringComparison.Ordinal) && message.Split(": ", 2) is [var code, var rest]
            ? new CommandException(new CodedError(code, rest))
            : new CommandException(Errors.RequestRefused(Label(method, path), status, message));
    }

    private static CommandException Failed(string method, string path, string fact) => new(Errors.RequestFailed(Label(method, path), fact));

    // Without the query: a filter may name a person.
    private static string Label(string method, string path) => method + " " + path.Split('?')[0];

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
