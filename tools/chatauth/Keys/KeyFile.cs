using System.Security.Cryptography;
using System.Text;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Keys;

/// <summary>Private keys as a file or as a step's secure configuration holds them: a JWK set (RFC 7517).</summary>
/// <remarks>
/// Whatever a key comes from, it passes the plug-in's own reader before it is handed out, so no key leaves this command
/// that the plug-in would refuse.
/// </remarks>
internal sealed class KeyFile
{
    // Codes of the plug-in's reader for a text that is no set at all.
    private const int NoText = 3001;
    private const int NoJwkSet = 3002;

    private readonly JwkSet set;

    private KeyFile(JwkSet set) => this.set = set;

    /// <summary>The kid of the first key.</summary>
    public string KeyId => set.Keys[0].KeyId;

    /// <summary>The keys in the order they were made.</summary>
    public IReadOnlyList<Jwk> Keys => set.Keys;

    /// <summary>The organization the keys are for; the empty Guid in a file.</summary>
    public Guid Organization => set.Organization;

    /// <summary>Reads the text of a secure configuration.</summary>
    /// <exception cref="ChatAuthException">3001 to 3007.</exception>
    public static KeyFile Parse(string? text) => new(JwkSet.Parse(text));

    /// <summary>No keys, for one organization.</summary>
    public static KeyFile Empty(Guid organization) => new(new JwkSet(organization, []));

    /// <summary>Refuses keys that were copied along with their environment.</summary>
    /// <exception cref="ChatAuthException">3003.</exception>
    public void EnsureOrganization(Guid organization) => set.EnsureOrganization(organization);

    /// <summary>These keys and those of another file behind them.</summary>
    public KeyFile With(KeyFile other) => Where([.. Keys, .. other.Keys]);

    /// <summary>The keys that are to stay.</summary>
    public KeyFile Where(Func<Jwk, bool> stays) => Where(Keys.Where(stays));

    /// <summary>The same keys with other dates.</summary>
    /// <param name="dates">nbf and exp of each key.</param>
    public KeyFile Dated(Func<Jwk, (long NotBefore, long ExpiresAt)> dates) =>
        Where(Keys.Select(key =>
        {
            (long notBefore, long expiresAt) = dates(key);
            return new Jwk(key.Parts, key.KeyId, notBefore, expiresAt);
        }));

    /// <summary>A key from its numbers.</summary>
    /// <exception cref="ChatAuthException">3005, 3006: its size, or its numbers do not belong together.</exception>
    /// <exception cref="CommandException">It would expire later than a key may.</exception>
    public static KeyFile From(RSAParameters parts, long notBefore, long expiresAt)
    {
        if (expiresAt > Jwk.LatestExpiresAt)
        {
            throw new CommandException(Errors.KeyExpiresTooLate());
        }

        Jwk key = new(parts, null, notBefore, expiresAt);
        return new KeyFile(JwkSet.ParseKeyFile(new KeyFile(new JwkSet(Guid.Empty, [key])).Write()));
    }

    /// <summary>Reads the text of a key file.</summary>
    /// <param name="path">How errors name it.</param>
    /// <exception cref="CommandException">The file is not there or is no key file.</exception>
    /// <exception cref="ChatAuthException">3004 to 3007: a key in it is not one the plug-in takes.</exception>
    public static KeyFile Read(string path)
    {
        try
        {
            JwkSet set = JwkSet.ParseKeyFile(Utf8.Decode(DiskFile.Read(path)) ?? string.Empty);
            return set.Keys.Count > 0 ? new KeyFile(set) : throw new CommandException(Errors.KeyFileBad(path));
        }
        catch (ChatAuthException exception) when (exception.Code is NoText or NoJwkSet)
        {
            // The plug-in's texts speak of its secure configuration.
            throw new CommandException(Errors.KeyFileBad(path));
        }
    }

    /// <summary>The text: a key file, or the secure configuration of one organization. It is secret.</summary>
    /// <param name="organization">The organization the keys are for; none in a file.</param>
    public string Write(Guid? organization = null)
    {
        JsonWriter writer = new JsonWriter(4096).BeginObject();
        if (organization is { } id)
        {
            writer.Name("organization").String(id.ToString("D"));
        }

        writer.Name("keys").BeginArray();
        foreach (Jwk key in set.Keys)
        {
            writer.BeginObject()
                .Name("kty").String("RSA").Name("use").String("sig").Name("alg").String("RS256")
                .Name("kid").String(key.KeyId).Name("nbf").Number(key.NotBefore).Name("exp").Number(key.ExpiresAt);
            Number(writer, "n", key.Parts.Modulus);
            Number(writer, "e", key.Parts.Exponent);
            Number(writer, "d", key.Parts.D);
            Number(writer, "p", key.Parts.P);
            Number(writer, "q", key.Parts.Q);
            Number(writer, "dp", key.Parts.DP);
            Number(writer, "dq", key.Parts.DQ);
            Number(writer, "qi", key.Parts.InverseQ);
            writer.EndObject();
        }

        return writer.EndArray().EndObject().ToString();
    }

    /// <summary>Writes a new file that only its owner can read.</summary>
    /// <exception cref="CommandException">The file exists, or cannot be written.</exception>
    public void Save(string path) => DiskFile.WriteSecret(path, Encoding.UTF8.GetBytes(Write() + "\n"));

    /// <summary>The key that signs at a time; null when none may.</summary>
    /// <param name="now">NumericDate.</param>
    public Jwk? SigningKeyAt(long now) => set.SigningKeyAt(now);

    /// <summary>The keys that are published at a time.</summary>
    /// <param name="now">NumericDate.</param>
    public IReadOnlyList<Jwk> PublishedAt(long now) => set.PublishedAt(now);

    private KeyFile Where(IEnumerable<Jwk> keys) => new(new JwkSet(Organization, [.. keys]));

    // RFC 7518 section 2, Base64urlUInt: the fewest octets; .NET pads to a fixed length.
    private static void Number(JsonWriter writer, string name, byte[]? bigEndian) =>
        writer.Name(name).String(Plugins.Jose.Base64Url.Encode(bigEndian.AsSpan().TrimStart((byte)0).ToArray()));
}
