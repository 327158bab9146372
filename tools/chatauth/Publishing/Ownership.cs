using ChatAuth.Keys;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>Whose keys a place has, and so whether it may be written over.</summary>
/// <remarks>
/// Ours is what holds at least one key and nothing but keys that are or were this environment's, told by thumbprint:
/// PEM has no kid, and a kid may be given. A member that the reader skips counts as a stranger's key. What is empty is
/// nobody's. Whatever else holds no key is a stranger's, and stays.
/// </remarks>
internal static class Ownership
{
    /// <summary>Why a target must not be written over; null when what it holds is ours or nobody's.</summary>
    /// <param name="target">The target.</param>
    /// <param name="held">What it holds; null for nothing.</param>
    /// <param name="known">What each key is to this environment.</param>
    /// <returns>5205 no keys, 5206 a stranger's, 5208 and 5209 private parts.</returns>
    public static CodedError? Refusal(IPublishingTarget target, PublicKeys? held, KnownKeys known)
    {
        if (held == null || held.IsEmpty)
        {
            return null;
        }

        // The only copy of a private key may lie in a file; what lies in a page or web file anybody has read.
        if (held.Exposed.FirstOrDefault(key => !target.IsInDatabase || !IsRevoked(key, known)) is { } exposed)
        {
            return target.IsInDatabase ? Errors.PrivateKeyInDatabase(target.Name, exposed.What)
                : Errors.PrivateKeyInFile(target.Name, exposed.What);
        }

        return held.Keys.Count + held.Skipped.Count == 0
            ? Errors.TargetForeign(target.Name, held.Fault ?? "it has no key")
            : Stranger(held, known, target.IsInDatabase) is { } stranger
            ? Errors.StrangersKeysHeld(target.Name, stranger)
            : null;
    }

    /// <summary>
    /// Why what a place serves must not be published beside or over; null when nothing is against it.
    /// </summary>
    /// <param name="place">The place.</param>
    /// <param name="served">What it serves; null for nothing.</param>
    /// <param name="known">What each key is to this environment.</param>
    /// <returns>5206 a stranger's keys would be overwritten; 5207 a stranger's key verifies tokens there.</returns>
    public static CodedError? RefusalOfServed(IKeyPlace place, PublicKeys? served, KnownKeys known)
    {
        // An upload replaces the whole text; anywhere else only a key of our kind matters, and not a foreign member.
        if (served != null && place is IPublishingTarget { IsUploaded: true })
        {
            return served.Keys.Count + served.Skipped.Count > 0 && Stranger(served, known, false) is { } lost
                ? Errors.StrangersKeysHeld(place.Name, lost)
                : null;
        }

        bool isInDatabase = place is IPublishingTarget { IsInDatabase: true };
        return Strangers(served, known, isInDatabase).FirstOrDefault() is not { } key ? null
            : place is IPublishingTarget { IsWritten: true }
            ? Errors.StrangersKeysHeld(place.Name, $"the key '{key.KeyId ?? key.Thumbprint}'")
            : Errors.StrangersKeyServed(place.Name, key.KeyId ?? key.Thumbprint);
    }

    /// <summary>The keys of our kind that are not ours.</summary>
    /// <param name="served">What a place serves; null for nothing.</param>
    /// <param name="known">What each key is to this environment.</param>
    /// <param name="isInDatabase">Whether it lies in a row of this environment.</param>
    public static IEnumerable<VerificationKey> Strangers(PublicKeys? served, KnownKeys known, bool isInDatabase) =>
        (served?.Keys ?? []).Where(key => !known.IsOurs(key.Thumbprint, isInDatabase));

    private static bool IsRevoked(OtherKey exposed, KnownKeys known) =>
        exposed.Key is { } key && known.Revoked.Contains(key.Thumbprint);

    private static string? Stranger(PublicKeys held, KnownKeys known, bool isInDatabase) =>
        Strangers(held, known, isInDatabase).FirstOrDefault() is { } key ? $"the key '{key.KeyId ?? key.Thumbprint}'"
            : held.Skipped is [var skipped, ..] ? skipped.What
            : null;
}
