using System.Collections.Generic;
using System.Globalization;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Jose;

/// <summary>What is remembered of a key that has left the set: nothing that is secret; immutable.</summary>
internal sealed class PastKey
{
    /// <summary>A key from its names.</summary>
    /// <param name="keyId">kid.</param>
    /// <param name="thumbprint">RFC 7638.</param>
    /// <param name="expiresAt">exp that it had, NumericDate.</param>
    internal PastKey(string keyId, string thumbprint, long expiresAt)
    {
        KeyId = keyId;
        Thumbprint = thumbprint;
        ExpiresAt = expiresAt;
    }

    /// <summary>kid.</summary>
    internal string KeyId { get; }

    /// <summary>RFC 7638.</summary>
    internal string Thumbprint { get; }

    /// <summary>exp that it had, NumericDate.</summary>
    internal long ExpiresAt { get; }

    /// <summary>What is remembered of a key.</summary>
    internal static PastKey Of(Jwk key) => new PastKey(key.KeyId, key.Thumbprint, key.ExpiresAt);

    /// <summary>Reads a list of them.</summary>
    /// <param name="set">The object that holds the list.</param>
    /// <param name="member">Its name: an array of objects with "kid", "thumbprint" and perhaps "exp"; absent is
    /// empty.</param>
    /// <exception cref="ChatAuthException">3002: a list that cannot be read would let a revoked key
    /// through.</exception>
    internal static IReadOnlyList<PastKey> ParseList(JsonValue set, string member)
    {
        var keys = new List<PastKey>();
        if (set[member] == null)
        {
            return keys;
        }

        if (set[member]!.Kind != JsonKind.Array)
        {
            throw Errors.KeysNotJwkSet($"\"{member}\" is not an array");
        }

        foreach (var item in set[member]!.Items)
        {
            if (item.Kind != JsonKind.Object
                || item["kid"]?.Kind != JsonKind.String
                || item["thumbprint"]?.Kind != JsonKind.String)
            {
                throw Errors.KeysNotJwkSet($"an entry of \"{member}\" lacks \"kid\" or \"thumbprint\"");
            }

            long.TryParse(item["exp"]?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresAt);
            keys.Add(new PastKey(item["kid"]!.Text, item["thumbprint"]!.Text, expiresAt));
        }

        return keys;
    }
}
