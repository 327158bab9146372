using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.Plugins.Jose;

namespace ChatAuth.Keys;

/// <summary>The public halves of a key file at one moment, in the formats that chat services read.</summary>
/// <param name="keys">The file.</param>
/// <param name="now">NumericDate.</param>
internal sealed class PublicKeys(KeyFile keys, long now)
{
    /// <summary>Omnichannel's key set: every key that has not expired.</summary>
    /// <exception cref="CommandException">All keys have expired.</exception>
    public string KeySet() => PublicKeyFormats.KeySet(Published());

    /// <summary>A JWK set of public keys: every key that has not expired.</summary>
    /// <exception cref="CommandException">All keys have expired.</exception>
    public string Jwks() => PublicKeyFormats.Jwks(Published());

    /// <summary>The key that signs now, or the only one, as PEM with CRLF line ends.</summary>
    /// <exception cref="CommandException">All keys have expired, or several are there and none signs now.</exception>
    public string Pem() => PublicKeyFormats.Pem(
        keys.SigningKeyAt(now) ?? (Published() is [var only] ? only : throw new CommandException(Errors.NoKeySignsNow())));

    /// <summary>The same on one line without header and footer, as Live Assist wants it pasted.</summary>
    /// <exception cref="CommandException">As <see cref="Pem"/>.</exception>
    public string Line() => OneLine(Pem());

    /// <summary>A PEM text without header, footer and line ends.</summary>
    public static string OneLine(string pem) => string.Concat(
        pem.Split("\r\n").Where(line => !line.StartsWith("-----", StringComparison.Ordinal)));

    private IReadOnlyList<Jwk> Published()
    {
        IReadOnlyList<Jwk> published = keys.PublishedAt(now);
        return published.Count > 0 ? published : throw new CommandException(Errors.KeysExpired());
    }
}
