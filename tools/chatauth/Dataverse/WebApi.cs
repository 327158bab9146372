using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAuth.SignIn;

namespace ChatAuth.Dataverse;

/// <summary>The Web API of one environment, as one user.</summary>
/// <remarks>
/// Every failure names the request, and Dataverse's own message where there is one. Bodies are never shown: they may
/// hold keys. A busy server is asked again, as its Retry-After says, and once with a new token where one was refused; a
/// broken connection is not, since nobody knows what was done.
/// </remarks>
internal sealed class WebApi : IDisposable
{
    /// <summary>The column of the secure configuration's text: no error ever repeats what is sent in it.</summary>
    public const string SecretColumn = "secureconfig";

    // Dataverse ends a request itself after two minutes.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private const int Attempts = 6;

    // Of 5,000 rows each, which Dataverse gives at once (Microsoft Learn, power-apps/developer/data-platform/webapi/
    // query/page-results).
    private const int MostPages = 200;

    private readonly HttpClient http;
    private readonly IAccessTokens tokens;
    private readonly TimeProvider clock;
    private readonly HttpMessageHandler? network;
    private TimeSpan lead;

    /// <summary>Connects; no request is made yet.</summary>
    /// <param name="environment">URL of the environment.</param>
    /// <param name="accessToken">Bearer token of the user.</param>
    /// <param name="clock">Paces repeated requests.</param>
    /// <param name="network">Answers the requests; null for the network.</param>
    public WebApi(Uri environment, string accessToken, TimeProvider clock, HttpMessageHandler? network = null)
        : this(environment, new ReadyToken(accessToken), clock, network)
    {
    }

    /// <summary>Connects; no request is made yet, also none for a token.</summary>
    /// <param name="environment">URL of the environment.</param>
    /// <param name="tokens">Bearer tokens of the user.</param>
    /// <param name="clock">Paces repeated requests.</param>
    /// <param name="network">Answers the requests; null for the network.</param>
    public WebApi(Uri environment, IAccessTokens tokens, TimeProvider clock, HttpMessageHandler? network)
    {
        this.tokens = tokens;
        this.clock = clock;
        this.network = network;
        http = new HttpClient(network ?? CommandHost.Direct, disposeHandler: false);
        http.BaseAddress = new Uri(environment, "/api/data/v9.2/");
        http.Timeout = Timeout;
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        http.DefaultRequestHeaders.Add("OData-Version", "4.0");
        http.DefaultRequestHeaders.Add("OData-MaxVersion", "4.0");
    }

    /// <summary>
    /// The environment's time, UTC: by the <c>Date</c> header of its last answer (RFC 9110 section 6.6.1, whole
    /// seconds), since keys live by its clock and the one of this machine may be off.
    /// </summary>
    public DateTimeOffset Now => clock.GetUtcNow() + lead;

    /// <summary>The same environment, as another user for whom this one acts.</summary>
    /// <param name="user">Id of the system user.</param>
    public WebApi As(Guid user)
    {
        WebApi other = new(http.BaseAddress!, tokens, clock, network);
        other.http.DefaultRequestHeaders.Add("MSCRMCallerID", user.ToString("D"));
        return other;
    }

    /// <summary>Reads a row, rows or a function's answer.</summary>
    /// <param name="path">Below <c>/api/data/v9.2/</c>.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="WebApiException">5001 refused, 5002 no answer.</exception>
    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellation) =>
        await SendAsync(HttpMethod.Get, path, null, null, cancellation)
            ?? throw WebApiException.Failed("GET", path, "the answer is empty");

    /// <summary>Reads the one row that a filter finds; null when it finds none.</summary>
    /// <param name="path">An entity set with <c>$select</c> and <c>$filter</c>.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="WebApiException">5001, 5002; 5002 too when there are several.</exception>
    public async Task<JsonObject?> FindAsync(string path, CancellationToken cancellation) =>
        await ListAsync(path, cancellation) switch
        {
            [] => null,
            [var row] => row,
            _ => throw WebApiException.Failed("GET", path, "the answer is not one row"),
        };

    /// <summary>Reads rows, all pages of them.</summary>
    /// <param name="path">An entity set with its query.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001 they may not be read, or there is no such table; 5002, also where there
    /// is no end of them.</exception>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, CancellationToken cancellation) =>
        await PagesAsync(path, await GetAsync(path, cancellation), cancellation);

    /// <summary>Reads the rows of a table that an environment need not have; null when it does not.</summary>
    /// <param name="path">An entity set with <c>$select</c> and <c>$filter</c>.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="WebApiException">5001, 5002.</exception>
    public async Task<IReadOnlyList<JsonObject>?> ListIfKnownAsync(string path, CancellationToken cancellation) =>
        await SendAsync(HttpMethod.Get, path, null, null, cancellation, isAbsenceAnswer: true) is { } first
            ? await PagesAsync(path, first, cancellation)
            : null;

    /// <summary>Links a row to another, many to many (Learn, associate and disassociate rows).</summary>
    /// <exception cref="WebApiException">5001, 5002; 5006 it is linked already.</exception>
    public Task AssociateAsync(string collection, string target, CancellationToken cancellation) =>
        PostAsync(
            collection + "/$ref",
            new JsonObject { ["@odata.id"] = new Uri(http.BaseAddress!, target).AbsoluteUri },
            cancellation);

    /// <summary>Creates a row or runs an action.</summary>
    /// <param name="path">Below <c>/api/data/v9.2/</c>.</param>
    /// <param name="body">Column values or request parameters.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The action's response properties; null for a created row.</returns>
    /// <exception cref="WebApiException">5001 refused, 5002 no answer; a plug-in's own code where it has
    /// one.</exception>
    public Task<JsonObject?> PostAsync(string path, JsonObject body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, body, null, cancellation);

    /// <summary>Creates a row and says which version it has.</summary>
    /// <param name="path">The entity set, and a <c>$select</c> of its id so that nothing else comes back.</param>
    /// <param name="body">Column values.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The ETag; null when Dataverse keeps none for the table.</returns>
    /// <exception cref="WebApiException">5006 the row is there already; 5001, 5002.</exception>
    public async Task<string?> CreateAsync(string path, JsonObject body, CancellationToken cancellation) =>
        ETagOf(await SendAsync(HttpMethod.Post, path, body, Representation, cancellation));

    /// <summary>Changes the given columns of a row, if nobody has changed it since.</summary>
    /// <remarks>
    /// By its ETag where Dataverse keeps versions of the table's rows. The secure configuration's table has no version
    /// column (Microsoft Learn, its table reference), and whether its rows can be guarded by one is unknown: then the
    /// row is read again and compared.
    /// </remarks>
    /// <param name="path">The row, and a <c>$select</c> of its id so that nothing else comes back.</param>
    /// <param name="etag">The version that was read; null when there was none.</param>
    /// <param name="body">Column values.</param>
    /// <param name="isAsRead">Reads the row again and compares; null for a table whose versions are known to be
    /// kept.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The new ETag; null when there is none.</returns>
    /// <exception cref="WebApiException">5006 the row has changed; 5001, 5002.</exception>
    public async Task<string?> PatchAsync(
        string path, string? etag, JsonObject body, Func<Task<bool>>? isAsRead, CancellationToken cancellation)
    {
        if (etag != null)
        {
            try
            {
                return ETagOf(
                    await SendAsync(HttpMethod.Patch, path, body, headers => Guarded(headers, etag), cancellation));
            }
            catch (WebApiException refusal)
                when (refusal.DataverseCode == DataverseCode.OptimisticConcurrencyNotEnabled)
            {
                if (isAsRead == null)
                {
                    throw WebApiException.Failed("PATCH", path, "Dataverse keeps no versions of this table's rows");
                }
            }
        }

        return isAsRead == null || await isAsRead()
            ? ETagOf(await SendAsync(HttpMethod.Patch, path, body, headers => Guarded(headers, "*"), cancellation))
            : throw WebApiException.Changed("PATCH", path);
    }

    /// <summary>Deletes a row; one that is gone already is deleted.</summary>
    /// <param name="path">The row.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="etag">The version that was read; null for any.</param>
    /// <exception cref="WebApiException">5006 the row has changed; 5001, 5002.</exception>
    public Task DeleteAsync(string path, CancellationToken cancellation, string? etag = null) => SendAsync(
        HttpMethod.Delete,
        path,
        null,
        etag == null ? null : headers => headers.TryAddWithoutValidation("If-Match", etag),
        cancellation,
        isAbsenceAnswer: true);

    /// <summary>The text in a file column.</summary>
    /// <param name="path">The row and the column, for example <c>powerpagecomponents(id)/filecontent</c>; the column
    /// must hold a file.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="WebApiException">5001, 5002.</exception>
    public async Task<string> DownloadAsync(string path, CancellationToken cancellation) =>
        (await SendTextAsync(HttpMethod.Get, path + "/$value", () => null, null, false, cancellation))!;

    /// <summary>Puts a text into a file column, in one piece (Microsoft Learn, use file column data).</summary>
    /// <param name="path">The row and the column.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="text">The text, sent as UTF-8.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="WebApiException">5001, 5002.</exception>
    public Task UploadAsync(string path, string name, string text, CancellationToken cancellation) => SendTextAsync(
        HttpMethod.Patch, path, () => new ByteArrayContent(Encoding.UTF8.GetBytes(text))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
        },
        headers => headers.Add("x-ms-file-name", name), isAbsenceAnswer: false, cancellation);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<IReadOnlyList<JsonObject>> PagesAsync(
        string path, JsonObject first, CancellationToken cancellation)
    {
        List<JsonObject> rows = [.. first.Rows("value")];
        JsonObject page = first;
        for (int pages = 1; page.Column<string>("@odata.nextLink") is { } next; pages++)
        {
            // The access token goes nowhere else.
            string below = http.BaseAddress!.AbsoluteUri;
            page = pages == MostPages ? throw WebApiException.Failed("GET", path, "the answer has no end")
                : Uri.TryCreate(next, UriKind.Absolute, out Uri? url)
                    && url.AbsoluteUri.StartsWith(below, StringComparison.OrdinalIgnoreCase)
                ? await GetAsync(url.AbsoluteUri[below.Length..], cancellation)
                : throw WebApiException.Failed("GET", path, "its next page is said to be at another address");
            rows.AddRange(page.Rows("value"));
        }

        return rows;
    }

    private static void Guarded(HttpRequestHeaders headers, string version)
    {
        Representation(headers);
        headers.TryAddWithoutValidation("If-Match", version);
    }

    private static void Representation(HttpRequestHeaders headers) => headers.Add("Prefer", "return=representation");

    private async Task<JsonObject?> SendAsync(
        HttpMethod method, string path, JsonObject? body, Action<HttpRequestHeaders>? addHeaders,
        CancellationToken cancellation, bool isAbsenceAnswer = false)
    {
        string text = await SendTextAsync(
            method, path, () => body == null ? null : JsonContent.Create(body), addHeaders,
            isAbsenceAnswer, cancellation) ?? string.Empty;
        try
        {
            return text.Length == 0 ? null : ForeignJson.Parse(text) as JsonObject
                ?? throw WebApiException.Failed(method.Method, path, "the answer is no JSON object");
        }
        catch (JsonException)
        {
            throw WebApiException.Failed(method.Method, path, "the answer is no JSON");
        }
    }

    // The answer's text; null when the row is not there and that is an answer.
    private async Task<string?> SendTextAsync(
        HttpMethod method, string path, Func<HttpContent?> content, Action<HttpRequestHeaders>? addHeaders,
        bool isAbsenceAnswer, CancellationToken cancellation)
    {
        bool isRenewed = false;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                using HttpRequestMessage request = new(method, path) { Content = content() };
                addHeaders?.Invoke(request.Headers);
                string bearer = await tokens.GetAsync(cancellation);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
                using HttpResponseMessage response = await http.SendAsync(request, cancellation);
                lead = (response.Headers.Date - clock.GetUtcNow()) ?? lead;
                if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                    && attempt < Attempts)
                {
                    await Task.Delay(
                        BusyServer.Pause(response.Headers.RetryAfter, attempt, clock), clock, cancellation);
                    continue;
                }

                byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
                string text = UnicodeText.Decode(bytes) ?? Encoding.UTF8.GetString(bytes);
                if (response.StatusCode == HttpStatusCode.Unauthorized
                    && !isRenewed
                    && !WebApiException.IsPlugIns(text)
                    && tokens.Forget())
                {
                    isRenewed = true; // nothing was done, and the next token may be better; a third one would not be
                    continue;
                }

                if ((int)response.StatusCode is >= 300 and < 400)
                {
                    throw WebApiException.Failed(method.Method, path,
                        $"the answer is a redirect ({(int)response.StatusCode}), and none is followed");
                }

                return response.StatusCode == HttpStatusCode.NotFound && isAbsenceAnswer ? null
                    : response.IsSuccessStatusCode ? text
                    : throw WebApiException.Refused(
                        method.Method, path, response.StatusCode, text, bearer, SecretIn(request.Content));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw WebApiException.Failed(method.Method, path,
                $"no connection ({(exception as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown})");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw WebApiException.Failed(method.Method, path, "no answer within two minutes");
        }
    }

    private static string SecretIn(HttpContent? content) =>
        (content as JsonContent)?.Value is JsonObject body && body[SecretColumn] is { } text
            ? text.GetValue<string>()
            : string.Empty;

    private static string? ETagOf(JsonObject? answer) => answer?.Column<string>("@odata.etag");
}
