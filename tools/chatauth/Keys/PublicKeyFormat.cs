namespace ChatAuth.Keys;

/// <summary>The forms in which public keys are published.</summary>
internal enum PublicKeyFormat
{
    /// <summary>Omnichannel's key set; holds every key.</summary>
    KeySet,

    /// <summary>A JWK set (RFC 7517); holds every key.</summary>
    Jwks,

    /// <summary>One key as PEM with CRLF.</summary>
    Pem,

    /// <summary>One key as PEM on one line, without header and footer.</summary>
    Line,
}
