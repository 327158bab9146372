using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAuth.SignIn;

/// <summary>The token by which a workload says what it is, so that it needs no secret.</summary>
/// <remarks>
/// A file (Kubernetes), GitHub's endpoint (GitHub Docs, "OpenID Connect reference") or Azure Pipelines' (Learn,
/// "Oidctoken - Create"). It lives for minutes only, so it is asked for anew each time.
/// </remarks>
internal static class Federation
{
    /// <summary>The environment variables of which one must be there.</summary>
    public const string Variables = $"{TokenFile}, {GitHubUrl} (permission id-token: write) or {PipelinesUrl} with "
        + $"{Connection} and {PipelinesToken}";

    private const string TokenFile = "AZURE_FEDERATED_TOKEN_FILE";
    private const string GitHubUrl = "ACTIONS_ID_TOKEN_REQUEST_URL";
    private const string PipelinesUrl = "SYSTEM_OIDCREQUESTURI";
    private const string PipelinesToken = "SYSTEM_ACCESSTOKEN";
    private const string Connection = "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The variable that leads to the token; null when there is none.</summary>
    /// <param name="variable">Reads an environment variable; null when it is empty.</param>
    public static string? SourceOf(Func<string, string?> variable) =>
        variable(TokenFile) != null ? TokenFile
        : variable(GitHubUrl) != null ? GitHubUrl
        : variable(PipelinesUrl) != null && variable(Connection) != null && variable(PipelinesToken) != null
        ? PipelinesUrl
        : null;

    /// <summary>Asks for the token.</summary>
    /// <param name="source">What <see cref="SourceOf"/> said.</param>
    /// <param name="audience">For whom GitHub's token is to be, see <see cref="Cloud.Audience"/>.</param>
    /// <param name="host">Network and environment variables.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5023 it cannot be had; 4001 the file cannot be read.</exception>
    public static async Task<string> AssertionAsync(
        string source, string audience, CommandHost host, CancellationToken cancellation)
    {
        string Variable(string name) => host.Environment(name)?.Trim() ?? string.Empty;
        return source switch
        {
            TokenFile => Utf8.Decode(DiskFile.Read(Variable(TokenFile)))?.Trim() ?? string.Empty,
            GitHubUrl => await AskAsync(
                HttpMethod.Get, $"{Variable(GitHubUrl)}&audience={Uri.EscapeDataString(audience)}",
                Variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN"), "value", source, host, cancellation),
            _ => await AskAsync(
                HttpMethod.Post,
                $"{Variable(PipelinesUrl).TrimEnd('/')}?api-version=7.1"
                    + $"&serviceConnectionId={Uri.EscapeDataString(Variable(Connection))}",
                Variable(PipelinesToken), "oidcToken", source, host, cancellation),
        };
    }

    private static async Task<string> AskAsync(
        HttpMethod method, string url, string bearer, string member, string source, CommandHost host,
        CancellationToken cancellation)
    {
        Uri address = SecureAddress.Parse(url) ?? throw Unavailable(source);
        using HttpClient client = new(host.Network, disposeHandler: false) { Timeout = Patience };
        try
        {
            using HttpRequestMessage request = new(method, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            // else Azure Pipelines answers a stranger with a page
            request.Headers.Add("X-TFS-FedAuthRedirect", "Suppress");
            request.Content =
                method == HttpMethod.Post ? new StringContent(string.Empty, null, "application/json") : null;
            using HttpResponseMessage response = await client.SendAsync(request, cancellation);
            string text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode
                && ForeignJson.Parse(text)?[member]?.GetValue<string>() is { Length: > 0 } token
                ? token
                : throw Unavailable(source);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or JsonException
                or InvalidOperationException or FormatException)
        {
            throw Unavailable(source);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unavailable(source);
        }
    }

    private static CommandException Unavailable(string source) => new(Errors.CredentialUnavailable(
        SignInWay.WorkloadIdentity.Credential(),
        $"what {source} leads to gives no token; check the pipeline's permissions and its service connection"));
}
