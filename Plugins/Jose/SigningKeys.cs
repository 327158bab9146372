using System;
using System.Collections.Generic;
using System.Security.Cryptography;

namespace ChatAuth.Plugins.Jose;

/// <summary>The keys of one plug-in instance, ready to sign. Safe for many threads.</summary>
internal sealed class SigningKeys
{
    private readonly Dictionary<Jwk, SigningKey> ready = new Dictionary<Jwk, SigningKey>();
    private readonly JwkSet set;

    /// <summary>
    /// Makes the keys ready and imports the one that signs now: the first visitor shall not wait for that.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="import">Makes an RSA object that signs.</param>
    /// <param name="now">NumericDate.</param>
    /// <exception cref="ChatAuthException">3010 a key of the set is revoked.</exception>
    internal SigningKeys(JwkSet set, Func<RSAParameters, string, RSA> import, long now)
    {
        set.EnsureNoneRevoked();
        this.set = set;
        foreach (var key in set.Keys)
        {
            ready.Add(key, new SigningKey(key, import));
        }

        var signing = set.SigningKeyAt(now);
        if (signing != null)
        {
            ready[signing].Prepare();
        }
    }

    /// <summary>The key that signs at a time.</summary>
    /// <param name="now">NumericDate.</param>
    /// <param name="organization">The organization that asks.</param>
    /// <exception cref="ChatAuthException">3003 the keys are another organization's, 3008 none may sign.</exception>
    internal SigningKey At(long now, Guid organization)
    {
        set.EnsureOrganization(organization);
        return ready[set.SigningKeyAt(now) ?? throw Errors.NoSigningKey()];
    }
}
