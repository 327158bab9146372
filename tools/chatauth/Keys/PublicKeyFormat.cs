using ChatAuth.Plugins.Jose;

namespace ChatAuth.Keys;

/// <summary>A form in which public keys are published.</summary>
/// <param name="Name">The word of settings and command line.</param>
/// <param name="MimeType">As what it is served.</param>
/// <param name="Extension">Of a file that holds it.</param>
/// <param name="HoldsOneKey">Whether only one key fits, so that a rotation is an outage.</param>
internal sealed record PublicKeyFormat(string Name, string MimeType, string Extension, bool HoldsOneKey)
{
    /// <summary>Omnichannel's key set; holds every key.</summary>
    public static readonly PublicKeyFormat KeySet =
        new("keyset", "application/json", ".json", false) { Write = (keys, _) => PublicKeyFormats.KeySet(keys) + "\n" };

    /// <summary>A JWK set (RFC 7517); holds every key.</summary>
    public static readonly PublicKeyFormat Jwks =
        new("jwks", "application/json", ".json", false) { Write = (keys, _) => PublicKeyFormats.Jwks(keys) + "\n" };

    /// <summary>One key as PEM with CRLF.</summary>
    public static readonly PublicKeyFormat Pem = new("pem", "text/plain", ".txt", true)
    {
        Write = (_, single) => single == null ? string.Empty : PublicKeyFormats.Pem(single),
    };

    /// <summary>One key as PEM on one line, without header and footer, as Live Assist wants it pasted.</summary>
    public static readonly PublicKeyFormat Line = new("line", "text/plain", ".txt", true)
    {
        Write = (_, single) => single == null ? string.Empty : OneLine(PublicKeyFormats.Pem(single)) + "\n",
    };

    /// <summary>All of them, the usual one first.</summary>
    public static IReadOnlyList<PublicKeyFormat> All { get; } = [KeySet, Jwks, Pem, Line];

    /// <summary>The text of every key that is published, or of the one that is to sign.</summary>
    public required Func<IReadOnlyList<Jwk>, Jwk?, string> Write { get; init; }

    private static string OneLine(string pem) => string.Concat(
        pem.Split("\r\n").Where(line => !line.StartsWith("-----", StringComparison.Ordinal)));
}
