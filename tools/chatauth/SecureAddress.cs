using System.Net;

namespace ChatAuth;

/// <summary>Addresses that keys may be read from and tokens be sent to.</summary>
/// <remarks>
/// In clear, whoever stands between exchanges the keys or takes the token; only this machine itself is reached without
/// TLS. A user name in an address is sent to its host and shown in errors. Backslashes and blanks are read in different
/// ways by different programs.
/// </remarks>
internal static class SecureAddress
{
    /// <summary>What such an address is, to stand in an error.</summary>
    public const string Rule = "an https URL without user name (http on this machine only)";

    /// <summary>The address in a text; null when it is none that is safe.</summary>
    /// <param name="text">https, or http to a loopback address or localhost; absolute.</param>
    public static Uri? Parse(string text) =>
        !text.Contains('\\', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace)
        && text.IndexOf("://", StringComparison.Ordinal) is var at and > 0
        && at + 3 < text.Length && text[at + 3] is not ('/' or '?' or '#')
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && url.Host.Length > 0 && !text[(at + 3)..].Split('/', '?', '#')[0].Contains('@', StringComparison.Ordinal)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsThisMachine(url)))
            ? url
            : null;

    /// <summary>Whether an address is one of this machine, whatever a name server says.</summary>
    public static bool IsThisMachine(Uri url) =>
        string.Equals(url.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
