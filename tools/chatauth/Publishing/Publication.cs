using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>The public keys that every target is to serve at one moment.</summary>
internal sealed class Publication
{
    private readonly IReadOnlyList<Jwk> keys;
    private readonly Jwk? single;

    private Publication(IReadOnlyList<Jwk> keys, Jwk? single)
    {
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
            published, single ?? keys.SigningKeyAt(now) ?? (published.Count == 0 ? null : published[^1]));
    }

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
            && expected.All(key => served.Keys.Any(other => IsSame(key, other)));
    }

    private static bool IsSame(VerificationKey one, VerificationKey other) =>
        one.KeyId == other.KeyId && one.ExpiresAt == other.ExpiresAt
            && one.HasNumber(other.Modulus) && one.Exponent.AsSpan().SequenceEqual(other.Exponent);
}
