using System.Net;
using System.Text;

namespace ChatAuth;

/// <summary>Addresses that keys may be read from and tokens be sent to.</summary>
/// <remarks>
/// In clear, whoever stands between exchanges the keys or takes the token; only this machine itself is reached without
/// TLS. A user name in an address is sent to its host and shown in errors. Backslashes and blanks are read in different
/// ways by different programs, and so are letters beyond ASCII in a host: its xn-- form is the same for all.
/// </remarks>
internal static class SecureAddress
{
    /// <summary>What such an address is, to stand in an error.</summary>
    public const string Rule = "an https URL without user name, its host in ASCII (http on this machine only)";

    /// <summary>The address in a text; null when it is none that is safe.</summary>
    /// <param name="text">https, or http to a loopback address or localhost; absolute.</param>
    public static Uri? Parse(string text) =>
        !text.Contains('\\', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace)
        && text.IndexOf("://", StringComparison.Ordinal) is var at and > 0
        && at + 3 < text.Length && text[at + 3] is not ('/' or '?' or '#')
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && url.Host.Length > 0 && url.Port > 0 && IsPlain(text[(at + 3)..].Split('/', '?', '#')[0])
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsThisMachine(url)))
            ? url
            : null;

    /// <summary>What is wrong with the address of a site whose paths the product knows itself; null for nothing.
    /// </summary>
    /// <param name="text">The address.</param>
    /// <returns>Words that follow the name of what holds it.</returns>
    public static string? FaultOfSite(string text) => Parse(text) is not { } url ? $"takes {Rule}."
        : url.PathAndQuery == "/" && !text.AsSpan().ContainsAny('?', '#') ? null
        : "takes the address of the site alone, without path, ? and #: here "
            + $"{url.GetLeftPart(UriPartial.Authority)}.";

    // User names, zones and encoded characters have no place in it.
    private static bool IsPlain(string authority) =>
        Ascii.IsValid(authority) && !authority.Contains('@', StringComparison.Ordinal)
        && !authority.Contains('%', StringComparison.Ordinal);

    /// <summary>Whether an address is one of this machine, whatever a name server says.</summary>
    public static bool IsThisMachine(Uri url) =>
        string.Equals(url.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
