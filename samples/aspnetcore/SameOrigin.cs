using System;
using Microsoft.AspNetCore.Http;

namespace ChatAuth.AspNetCore;

/// <summary>Whether a page of this very site sends a request.</summary>
/// <remarks>
/// Every browser says so in one of two headers that no page can set: Sec-Fetch-Site (Fetch Metadata) or Origin (Fetch
/// standard, on every POST). The scheme is not compared: behind a proxy TLS has ended before.
/// </remarks>
internal static class SameOrigin
{
    /// <summary>Tells whether it does; false too when neither header is there.</summary>
    /// <param name="request">The visitor's request.</param>
    public static bool Has(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        string? origin = request.Headers.Origin;
        return site == null
            ? origin != null && IsOwn(origin, request)
            : site == "same-origin" && (origin == null || IsOwn(origin, request));
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && string.Equals(from.Authority, request.Host.ToUriComponent(), StringComparison.OrdinalIgnoreCase);
}
