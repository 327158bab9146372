using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAuth.SignIn;

/// <summary>A token that somebody else asked for; there is no other.</summary>
internal sealed class ReadyToken(string token) : IAccessTokens
{
    // RFC 6750 section 2.1; equals signs may follow.
    private static readonly SearchValues<char> OfTokens = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    // What tools print where there is no token, or none in clear: a shell's query of JSON, a token replacer; names of
    // .NET types, of Get-AzAccessToken as a text and of its token since Az.Accounts 5.
    private static readonly string[] Never = ["Bearer", "null", "None", "undefined", "true", "false"];
    private static readonly string[] Types = ["System.", "Microsoft."];

    private const string Scheme = "Bearer ";
    private const string Header = "Authorization:";

    // az account get-access-token, azd auth token and Get-AzAccessToken, a token endpoint (RFC 6749 section 5.1).
    private static readonly string[] Members = ["accessToken", "token", "access_token"];

    /// <inheritdoc />
    public ValueTask<string> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(token);

    /// <inheritdoc />
    public bool Forget() => false;

    /// <summary>The token in a text as people and pipelines hand it on.</summary>
    /// <param name="text">The token, or its header's value, in quotation marks or not, or the JSON that a tool
    /// answered with.</param>
    /// <returns>The token; null when there is none, or more than one.</returns>
    public static string? Find(string text)
    {
        string token = text.Trim().Trim('\uFEFF').Trim();
        string inner = token is ['"', .., '"'] or ['\'', .., '\''] ? token[1..^1]
            : token.StartsWith(Header, StringComparison.OrdinalIgnoreCase) ? token[Header.Length..]
            : token.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? token[Scheme.Length..]
            : token.StartsWith('{') ? MemberOf(token)
            : token;
        return inner.Length < token.Length ? Find(inner)
            : token.TrimEnd('=').Length > 0 && !token.AsSpan().TrimEnd('=').ContainsAnyExcept(OfTokens)
                && !Never.Contains(token, StringComparer.OrdinalIgnoreCase) && !SignInVariables.IsUnfilled(token)
                && !token.EndsWith('.')
                && !Array.Exists(Types, type => token.StartsWith(type, StringComparison.Ordinal))
                ? token
                : null;
    }

    /// <summary>Whether a token says of itself that it is for another address.</summary>
    /// <param name="token">A JWT whose aud is a URL; anything else says nothing (RFC 7519 section 4.1.3).</param>
    /// <param name="environment">The environment's address.</param>
    public static bool IsForAnother(string token, Uri environment)
    {
        Uri[] audiences = [.. AudiencesOf(token).Select(audience =>
            Uri.TryCreate(audience, UriKind.Absolute, out Uri? url)
                && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? url : null).OfType<Uri>()];
        return audiences.Length > 0 && audiences.All(audience => HostOf(audience) != HostOf(environment));
    }

    // org.api.crm.dynamics.com is org.crm.dynamics.com.
    private static string HostOf(Uri url) =>
        url.Host.TrimEnd('.').ToLowerInvariant().Replace(".api.crm", ".crm", StringComparison.Ordinal) + ":" + url.Port;

    private static IEnumerable<string> AudiencesOf(string token)
    {
        if (token.Split('.') is not [_, var payload, _] || !Base64Url.IsValid(payload))
        {
            return [];
        }

        try
        {
            JsonNode? audience = (JsonNode.Parse(Base64Url.DecodeFromChars(payload)) as JsonObject)?["aud"];
            return (audience is JsonArray several ? several : [audience?.DeepClone()])
                .Select(each => each is JsonValue value && value.TryGetValue(out string? text) ? text : string.Empty);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException
            or InvalidOperationException)
        {
            return [];
        }
    }

    private static string MemberOf(string json)
    {
        try
        {
            return (JsonNode.Parse(json) as JsonObject)?
                .Where(member => Members.Contains(member.Key, StringComparer.OrdinalIgnoreCase))
                .Select(member => member.Value is JsonValue value && value.TryGetValue(out string? text) ? text : null)
                .OfType<string>().FirstOrDefault() ?? string.Empty;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException
            or InvalidOperationException)
        {
            return string.Empty;
        }
    }
}
