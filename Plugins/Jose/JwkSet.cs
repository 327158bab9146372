using System;
using System.Collections.Generic;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Jose;

/// <summary>
/// The keys of one organization: a JWK set (RFC 7517 section 5) with the extra members "organization" and "revoked";
/// immutable.
/// </summary>
/// <remarks>
/// A key that is revoked neither signs nor is published, also where a write that was overtaken has put it back.
/// </remarks>
internal sealed class JwkSet
{
    /// <summary>Most values in the text of a set, an administrator's own: each key that was ever revoked has four, for
    /// good.</summary>
    internal const int MaximumValues = 65536;

    private static readonly PastKey[] None = Array.Empty<PastKey>();

    private readonly List<Jwk> usable = new List<Jwk>();

    /// <summary>A set from its parts.</summary>
    /// <param name="organization">Id of the organization it is made for.</param>
    /// <param name="keys">Its keys; the kids differ.</param>
    /// <param name="revoked">The keys that must never be used again; null for none.</param>
    internal JwkSet(Guid organization, IReadOnlyList<Jwk> keys, IReadOnlyList<PastKey>? revoked = null)
    {
        Organization = organization;
        Keys = keys;
        Revoked = revoked ?? None;
        foreach (var key in keys)
        {
            if (!IsRevoked(key))
            {
                usable.Add(key);
            }
        }
    }

    /// <summary>
    /// Id of the organization the set was made for; the empty Guid in a file that belongs to none yet.
    /// </summary>
    internal Guid Organization { get; }

    /// <summary>The keys in the order they were written.</summary>
    internal IReadOnlyList<Jwk> Keys { get; }

    /// <summary>The keys that must never be used again, the one revoked last behind.</summary>
    internal IReadOnlyList<PastKey> Revoked { get; }

    /// <summary>Reads the text of a secure configuration.</summary>
    /// <param name="text">A JSON object with "organization", "keys" and perhaps "revoked"; null or blank is no
    /// set.</param>
    /// <exception cref="ChatAuthException">3001 no text, 3002 no JWK set, 3004 to 3007 a key; one bad key refuses the
    /// whole set.</exception>
    internal static JwkSet Parse(string? text)
    {
        var set = ReadObject(text);
        if (set["organization"]?.Kind != JsonKind.String
            || !Guid.TryParseExact(set["organization"]?.Text, "D", out var organization))
        {
            throw Errors.KeysNotJwkSet("\"organization\" is not the id of an organization");
        }

        return new JwkSet(organization, ParseKeys(set), PastKey.ParseList(set, "revoked"));
    }

    /// <summary>Reads the keys that the step of GetPublicKeys names as revoked in its own configuration.</summary>
    /// <param name="text">A JSON object with "revoked"; null or blank names none.</param>
    /// <exception cref="ChatAuthException">3002.</exception>
    internal static IReadOnlyList<PastKey> ParseRevoked(string? text) =>
        string.IsNullOrWhiteSpace(text) ? None : PastKey.ParseList(ReadObject(text), "revoked");

    /// <summary>Reads a key file: the same without "organization".</summary>
    /// <exception cref="ChatAuthException">As <see cref="Parse"/>.</exception>
    internal static JwkSet ParseKeyFile(string? text) => new JwkSet(Guid.Empty, ParseKeys(ReadObject(text)));

    /// <summary>Refuses a set that was copied along with its environment: both would sign for one another.</summary>
    /// <param name="organization">The organization that asks.</param>
    /// <exception cref="ChatAuthException">3003.</exception>
    internal void EnsureOrganization(Guid organization)
    {
        if (organization != Organization)
        {
            throw Errors.KeysOfAnotherOrganization();
        }
    }

    /// <summary>The same keys, of which further ones are revoked.</summary>
    /// <param name="revoked">Named elsewhere than in the set.</param>
    internal JwkSet WithRevoked(IReadOnlyList<PastKey> revoked)
    {
        var all = new List<PastKey>(Revoked);
        foreach (var key in revoked)
        {
            if (!all.Exists(known => known.KeyId == key.KeyId && known.Thumbprint == key.Thumbprint))
            {
                all.Add(key);
            }
        }

        return new JwkSet(Organization, Keys, all);
    }

    /// <summary>Whether a key is revoked: by its number or by its kid.</summary>
    internal bool IsRevoked(Jwk key)
    {
        foreach (var revoked in Revoked)
        {
            if (revoked.Thumbprint == key.Thumbprint || revoked.KeyId == key.KeyId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Refuses a set that holds a key which is revoked: somebody has put it back.</summary>
    /// <exception cref="ChatAuthException">3010.</exception>
    internal void EnsureNoneRevoked()
    {
        foreach (var key in Keys)
        {
            if (IsRevoked(key))
            {
                throw Errors.KeyRevoked(key.ToString(), key.KeyId);
            }
        }
    }

    /// <summary>The key that signs: among those not revoked with nbf ≤ now &lt; exp the one with the
    /// latest nbf.</summary>
    /// <param name="now">NumericDate.</param>
    /// <returns>The key, or null when none may sign. Of two with one nbf the one written first.</returns>
    internal Jwk? SigningKeyAt(long now)
    {
        Jwk? signing = null;
        foreach (var key in usable)
        {
            if (key.NotBefore <= now && now < key.ExpiresAt && (signing == null || key.NotBefore > signing.NotBefore))
            {
                signing = key;
            }
        }

        return signing;
    }

    /// <summary>The keys that are published: every key whose exp is after now, pending ones included,
    /// revoked ones not.</summary>
    /// <param name="now">NumericDate.</param>
    internal IReadOnlyList<Jwk> PublishedAt(long now)
    {
        var published = new List<Jwk>(usable.Count);
        foreach (var key in usable)
        {
            if (key.ExpiresAt > now)
            {
                published.Add(key);
            }
        }

        return published;
    }

    private static JsonValue ReadObject(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Errors.KeysMissing();
        }

        try
        {
            var set = JsonReader.Parse(text!, MaximumValues);
            return set.Kind == JsonKind.Object ? set : throw Errors.KeysNotJwkSet("no JSON object");
        }
        catch (JsonSyntaxException exception)
        {
            throw Errors.KeysNotJwkSet(exception.Message);
        }
    }

    private static List<Jwk> ParseKeys(JsonValue set)
    {
        if (set["keys"]?.Kind != JsonKind.Array)
        {
            throw Errors.KeysNotJwkSet("\"keys\" is not an array");
        }

        var keys = new List<Jwk>();
        var keyIds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in set["keys"]!.Items)
        {
            var key = Jwk.Parse(item, keys.Count + 1);
            if (!keyIds.Add(key.KeyId))
            {
                throw Errors.KeyIdTwice(key.ToString());
            }

            keys.Add(key);
        }

        return keys;
    }
}
