using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatAuth.Keys;

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

    /// <summary>The mark of keys.</summary>
    /// <param name="keys">The row's keys.</param>
    /// <param name="revoked">The kid that was revoked last, so that a revocation run again knows its own work; or
    /// null.</param>
    public static string Of(KeyFile keys, string? revoked = null)
    {
        string text = string.Concat(
            keys.Keys.Select(
                key => string.Create(CultureInfo.InvariantCulture, $"{key.KeyId} {key.NotBefore} {key.ExpiresAt}\n")));
        return "keys " + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32] + (revoked == null ? string.Empty : Revoked + revoked);
    }

    /// <summary>Whether a description is the mark of these keys.</summary>
    public static bool Is(string? description, KeyFile keys) =>
        description != null && description.Split(Revoked)[0] == Of(keys);

    /// <summary>The kid that a mark says was revoked last; null for none.</summary>
    public static string? RevokedIn(string? description) =>
        description?.Split(Revoked) is [_, var keyId] ? keyId : null;
}
