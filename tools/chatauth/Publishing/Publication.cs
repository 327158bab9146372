using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>The public keys that every target is to serve at one moment.</summary>
internal sealed class Publication
{
    private readonly IReadOnlyList<Jwk> keys;
    private readonly Jwk? single;

    private Publication(KnownKeys known, IReadOnlyList<Jwk> keys, Jwk? single)
    {
        Known = known;
        this.keys = keys;
        this.single = single;
    }

    /// <summary>
    /// Every key that has not expired; in formats that hold one, the one that signs, or else the newest.
    /// </summary>
    /// <param name="keys">The environment's keys.</param>
    /// <param name="now">NumericDate.</param>
    /// <param name="single">The key for formats that hold one, when it is to be another.</param>
    public static Publication Of(KeyFile keys, long now, Jwk? single = null)
    {
        IReadOnlyList<Jwk> published = keys.PublishedAt(now);
        return new Publication(
            keys.Known, published, single ?? keys.SigningKeyAt(now) ?? (published.Count == 0 ? null : published[^1]));
    }

    /// <summary>What each key is to the environment.</summary>
    public KnownKeys Known { get; }

    /// <summary>The text a target is to hold.</summary>
    public string Text(PublicKeyFormat format) => format.Write(keys, single);

    /// <summary>Whether what was fetched says the same as the text that was published.</summary>
    /// <param name="served">What a target served; null for nothing.</param>
    /// <param name="format">In which form.</param>
    /// <param name="exactly">Whether there must be nothing else.</param>
    public bool IsServedBy(PublicKeys? served, PublicKeyFormat format, bool exactly)
    {
        IReadOnlyList<VerificationKey> expected = PublicKeys.Parse(Text(format)).Keys;
        return served is { Fault: null }
            && (!exactly || expected.Count == served.Keys.Count)
            && expected.All(key => served.Keys.Any(other => IsSame(key, other, exactly)));
    }

    /// <summary>Whether an address of which only the keys matter serves them: each, or where it holds one key, the one
    /// for such formats.</summary>
    /// <param name="served">What it serves; null for nothing.</param>
    public bool IsServedInAnyForm(PublicKeys? served)
    {
        IEnumerable<Jwk> expected = served is { Keys: [{ KeyId: null }] } && single != null ? [single] : keys;
        return served is { Fault: null } && expected.All(key => served.Keys.Any(other =>
            other.HasNumber(key.Parts.Modulus!) && (other.KeyId == null || other.KeyId == key.KeyId)));
    }

    // A later end than the published one does no harm: the key is there for its last token.
    private static bool IsSame(VerificationKey one, VerificationKey other, bool exactly) =>
        one.KeyId == other.KeyId && one.HasNumber(other.Modulus)
            && one.Exponent.AsSpan().SequenceEqual(other.Exponent)
            && (exactly ? one.ExpiresAt == other.ExpiresAt : one.ExpiresAt == null || one.ExpiresAt <= other.ExpiresAt);
}
