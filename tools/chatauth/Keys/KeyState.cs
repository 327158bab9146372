using ChatAuth.Plugins.Jose;

namespace ChatAuth.Keys;

/// <summary>Where a key is in its life.</summary>
internal enum KeyState
{
    /// <summary>Published, never signs, until a date is given to it.</summary>
    Pending,

    /// <summary>Published; signs from a date on.</summary>
    Scheduled,

    /// <summary>Signs.</summary>
    Signing,

    /// <summary>Published until its last tokens have ended; a newer one signs.</summary>
    Retiring,

    /// <summary>Neither used nor published.</summary>
    Expired,

    /// <summary>Neither used nor published, ever again; whatever holds or serves it is left over.</summary>
    Revoked,
}

/// <summary>Tells the states of keys.</summary>
internal static class KeyStates
{
    /// <summary>The state of one key of a set.</summary>
    /// <param name="keys">All keys.</param>
    /// <param name="key">One of them.</param>
    /// <param name="now">NumericDate.</param>
    public static KeyState StateOf(this KeyFile keys, Jwk key, long now) =>
        keys.Known.Revoked.Contains(key.Thumbprint) || keys.Condemned.Contains(key) ? KeyState.Revoked
        : key.ExpiresAt <= now ? KeyState.Expired
        : key.NotBefore == Jwk.PendingNotBefore ? KeyState.Pending
        : key.NotBefore > now ? KeyState.Scheduled
        : keys.SigningKeyAt(now) == key ? KeyState.Signing
        : KeyState.Retiring;
}
