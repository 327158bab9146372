using System.Net;

namespace ChatAuth.Tokens;

/// <summary>
/// Where the keys for a verification come from: a file, or a public key URL asked as a chat service would.
/// </summary>
internal static class KeySource
{
    // A chat service answers within 10 seconds or the visitor is not signed in (facts, section 7).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Fifty 4096-bit keys in a key set have 60 KB.
    private const int MaximumLength = 256 * 1024;

    /// <summary>The keys at a place.</summary>
    /// <param name="place">A path, or an http or https URL.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends the request early.</param>
    /// <exception cref="CommandException">The place does not answer, or not with keys.</exception>
    public static async Task<IReadOnlyList<VerificationKey>> ReadAsync(
        string place, HttpMessageHandler? network, CancellationToken cancellation)
    {
        string text = IsUrl(place, out Uri? url)
            ? await FetchAsync(url!, network, cancellation)
            : Utf8.Decode(DiskFile.Read(place)) ?? string.Empty;
        return VerificationKeys.Parse(text, place);
    }

    /// <summary>The text that a public key URL serves.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends the request early.</param>
    /// <exception cref="CommandException">4309, 4310: no answer, or a web page.</exception>
    public static async Task<string> FetchAsync(Uri url, HttpMessageHandler? network, CancellationToken cancellation) =>
        await AskAsync(url, network, _ => false, cancellation) ?? string.Empty;

    /// <summary>The same, where an address at which nothing is any more is an answer: null.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends the request early.</param>
    /// <exception cref="CommandException">As <see cref="FetchAsync"/>, but for the statuses 404 and 410.</exception>
    public static Task<string?> FindAsync(Uri url, HttpMessageHandler? network, CancellationToken cancellation) =>
        AskAsync(
            url, network, status => status is HttpStatusCode.NotFound or HttpStatusCode.Gone, cancellation);

    private static async Task<string?> AskAsync(
        Uri url, HttpMessageHandler? network, Func<HttpStatusCode, bool> isAbsence, CancellationToken cancellation)
    {
        string place = url.OriginalString;
        using HttpClientHandler own = new();
        using HttpClient client = new(
            network ?? own, disposeHandler: false)
        { Timeout = Patience, MaxResponseContentBufferSize = MaximumLength };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(url, cancellation);
            if (isAbsence(response.StatusCode))
            {
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new CommandException(
                    Errors.KeyUrlFailed(place, $"answered with HTTP status {(int)response.StatusCode}"));
            }

            string text = Utf8.Decode(await response.Content.ReadAsByteArrayAsync(cancellation)) ?? string.Empty;
            return text.TrimStart().StartsWith('<')
                || response.Content.Headers.ContentType?.MediaType is "text/html" && !StartsLikeKeys(text)
                ? throw new CommandException(Errors.KeyUrlHtml(place))
                : text;
        }
        catch (HttpRequestException exception) when (
            exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new CommandException(Errors.KeyUrlFailed(place, "answered with more than 256 KB"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new CommandException(Errors.KeyUrlFailed(place, "cannot be reached"));
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(Errors.KeyUrlFailed(place, "did not answer within 10 seconds"));
        }
    }

    private static bool IsUrl(string place, out Uri? url) =>
        Uri.TryCreate(place, UriKind.Absolute, out url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);

    // Some portals serve plain keys as text/html.
    private static bool StartsLikeKeys(string text) => text.TrimStart() is ['{' or '[' or '-', ..];
}
