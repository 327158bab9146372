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

    /// <summary>Whether a text that was fetched says the same as the one that was published.</summary>
    /// <param name="fetched">What a target served; null for nothing.</param>
    /// <param name="format">In which form.</param>
    /// <param name="exactly">Whether there must be nothing else.</param>
    public bool IsServedBy(string? fetched, PublicKeyFormat format, bool exactly) =>
        fetched != null && Parse(fetched) is { } served && Parse(Text(format)) is { } expected
        && (expected.Count == served.Count || !exactly) && expected.All(key => served.Any(other => IsSame(key, other)));

    /// <summary>The keys in a text; null when it holds something else.</summary>
    public static IReadOnlyList<VerificationKey>? Parse(string text)
    {
        // After the last key was revoked.
        if (text.Trim() is "" or "[]" or "{\"keys\":[]}")
        {
            return [];
        }

        try
        {
            return VerificationKeys.Parse(text, "The text");
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private static bool IsSame(VerificationKey one, VerificationKey other) =>
        one.KeyId == other.KeyId && one.ExpiresAt == other.ExpiresAt
            && one.HasNumber(other.Modulus) && one.Exponent.AsSpan().SequenceEqual(other.Exponent);
}
