using Microsoft.AspNetCore.Http;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>A request to the Web API.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="ServiceRoot">Address of the Web API, ending in a slash.</param>
/// <param name="Uri">Address asked for.</param>
/// <param name="Query">Query options.</param>
/// <param name="Headers">Headers.</param>
/// <param name="Body">Body, empty when there is none.</param>
internal sealed record WebRequest(
    string Method, Uri ServiceRoot, Uri Uri, IQueryCollection Query, IHeaderDictionary Headers,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>What follows the service root in the path.</summary>
    public string Path { get; } = Uri.UnescapeDataString(Uri.AbsolutePath[ServiceRoot.AbsolutePath.Length..]);

    /// <summary>A header's only value, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values)
        ? values.Count == 1 ? values[0] : throw Refusal.Invalid($"The header {name} is given more than once.")
        : null;

    /// <summary>Ensures that the request has no query options but these.</summary>
    public void AllowOptions(params ReadOnlySpan<string> allowed)
    {
        foreach (var (name, values) in Query)
        {
            if (!allowed.Contains(name) || values.Count != 1)
            {
                throw Refusal.Query($"The query parameter {name} is not supported.");
            }
        }
    }
}

/// <summary>An answer of the Web API.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body, or null.</param>
/// <param name="ContentType">What the body is.</param>
internal sealed record WebAnswer(
    int Status, byte[]? Body = null, string ContentType = "application/json; odata.metadata=minimal")
{
    /// <summary>Headers.</summary>
    public Dictionary<string, string> Headers { get; } = [];
}
