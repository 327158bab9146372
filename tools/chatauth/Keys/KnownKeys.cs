using ChatAuth.Plugins.Jose;

namespace ChatAuth.Keys;

/// <summary>What a public key is to an environment: told by its thumbprint (RFC 7638), never by its kid.</summary>
/// <param name="keys">The keys that are there.</param>
/// <param name="revoked">Those that must never be used again.</param>
/// <param name="former">The last that left by their own end.</param>
/// <param name="copied">Thumbprints of those of the environment that this one is a copy of.</param>
internal sealed class KnownKeys(
    IReadOnlyList<Jwk> keys,
    IReadOnlyList<PastKey> revoked,
    IReadOnlyList<PastKey> former,
    IReadOnlyList<string> copied)
{
    /// <summary>Thumbprints of the keys that are there and may be used.</summary>
    public IReadOnlySet<string> Current =>
        field ??= keys.Select(key => key.Thumbprint).Except(Revoked).ToHashSet();

    /// <summary>Thumbprints of the keys that must never be used again.</summary>
    public IReadOnlySet<string> Revoked => field ??= revoked.Select(key => key.Thumbprint).ToHashSet();

    /// <summary>Thumbprints of the last keys that left by their own end.</summary>
    public IReadOnlySet<string> Former => field ??= former.Select(key => key.Thumbprint).ToHashSet();

    /// <summary>Thumbprints of the keys of the environment that this one is a copy of.</summary>
    public IReadOnlySet<string> Copied => field ??= copied.ToHashSet();

    /// <summary>Whether a key is, or was, this environment's own.</summary>
    /// <param name="thumbprint">Of the key.</param>
    /// <param name="isInDatabase">
    /// Whether it lies in a row of this database: there the keys of the original came with the copy; anywhere else they
    /// are the original's own, and live.
    /// </param>
    public bool IsOurs(string thumbprint, bool isInDatabase) =>
        Current.Contains(thumbprint) || Revoked.Contains(thumbprint) || Former.Contains(thumbprint)
            || (isInDatabase && Copied.Contains(thumbprint));

    /// <summary>The kid of a key that must never be used again; null when it is none.</summary>
    /// <param name="thumbprint">Of the key.</param>
    public string? RevokedKeyId(string thumbprint) =>
        revoked.FirstOrDefault(key => key.Thumbprint == thumbprint)?.KeyId;
}
