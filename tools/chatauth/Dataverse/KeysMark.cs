using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;

namespace ChatAuth.Dataverse;

/// <summary>
/// What the description of both steps says of the keys: which state of them the steps were touched for.
/// </summary>
/// <remarks>
/// Nothing shows that cached plug-in instances notice a change of the secure configuration alone (facts, section 1). A
/// step whose mark is not that of the row was left behind by a command that was killed, and is touched first by the
/// next one. The mark is over kids and dates, since an activation changes only dates.
/// </remarks>
internal static class KeysMark
{
    private const string Revoked = ", revoked ";

    /// <summary>The mark of keys: with the kid that was revoked last, which is all that 0.1.0 knows of it.</summary>
    /// <param name="keys">The row's keys.</param>
    public static string Of(KeyFile keys) =>
        StateOf(keys) + (keys.Revoked is [.., var last] ? Revoked + last.KeyId : string.Empty);

    /// <summary>Whether a description is the mark of these keys.</summary>
    public static bool Is(string? description, KeyFile keys) =>
        description != null && description.Split(Revoked)[0] == StateOf(keys);

    /// <summary>
    /// What the row and the steps say together: as revoked counts too what only a step names, and as a former key one
    /// that a step was touched for and the row does not have, so that a row which an overtaken write has set back, or
    /// which 0.1.0 left behind, is noticed.
    /// </summary>
    /// <param name="keys">The row's.</param>
    /// <param name="steps">The steps; null for one that is not there.</param>
    public static KeyFile Remembered(KeyFile keys, params IEnumerable<StepRow?> steps)
    {
        foreach (StepRow step in steps.OfType<StepRow>())
        {
            // 0.1.0 marked the steps before it wrote the row, and knew kids only: each was its key's thumbprint.
            string? keyId = RevokedIn(step.Columns.Description);
            bool isGone = keyId != null && keys.Keys.All(key => key.KeyId != keyId)
                && keys.Revoked.All(key => key.KeyId != keyId);
            (IReadOnlyList<PastKey> revoked, IReadOnlyList<PastKey> current) =
                KeyFile.NamedIn(step.Step == ChatAuthStep.PublishKeys ? step.Columns.Configuration : null);
            keys = keys.AlsoRevoked(
            [
                .. revoked,
                .. keys.Keys.Where(key => key.KeyId == keyId).Select(PastKey.Of),
                .. isGone ? [new PastKey(keyId!, keyId!, 0)] : Array.Empty<PastKey>(),
            ]).AlsoFormer(current);
        }

        return keys;
    }

    /// <summary>Whether the step of GetPublicKeys names every key that is revoked.</summary>
    public static bool NamesRevoked(StepRow step, KeyFile keys)
    {
        IReadOnlyList<PastKey> named = KeyFile.NamedIn(step.Columns.Configuration).Revoked;
        return keys.Revoked.All(key => named.Any(other => other.Thumbprint == key.Thumbprint));
    }

    /// <summary>The kid that a mark says was revoked last; null for none.</summary>
    public static string? RevokedIn(string? description) =>
        description?.Split(Revoked) is [_, var keyId] ? keyId : null;

    private static string StateOf(KeyFile keys)
    {
        string text = string.Concat(
            keys.Keys.Except(keys.Condemned).Select(
                key => string.Create(CultureInfo.InvariantCulture, $"{key.KeyId} {key.NotBefore} {key.ExpiresAt}\n")));
        return "keys " + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
