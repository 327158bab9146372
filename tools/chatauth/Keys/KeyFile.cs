using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Keys;

/// <summary>A place at which keys were published; it is only ever looked at.</summary>
/// <param name="Name">How people see it.</param>
/// <param name="Url">Where everyone reads it.</param>
internal sealed record PublishedPlace(string Name, Uri Url);

/// <summary>
/// Private keys as a file or as a step's secure configuration holds them: a JWK set (RFC 7517), and in the secure
/// configuration what the environment remembers beside them.
/// </summary>
/// <remarks>
/// Whatever a key comes from, it passes the plug-in's own reader before it is handed out, so no key leaves this command
/// that the plug-in would refuse. A key that leaves is remembered by its thumbprint (RFC 7638): as revoked for good, or
/// as one of the last that left by their own end. Members that this version does not know are written back as they
/// were. Immutable.
/// </remarks>
internal sealed class KeyFile
{
    // Codes of the plug-in's reader for a text that is no set at all.
    private const int NoText = 3001;
    private const int NoJwkSet = 3002;

    // Of the keys that left by their own end the last ones are remembered: twenty monthly rotations.
    private const int MostFormer = 20;

    // Fifty private keys of 4096 bits have 170 KB.
    private const int MaximumBytes = 256 * 1024;

    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string CurrentMember = "current";
    private const string ShownMember = "shown";

    private readonly JwkSet set;

    private KeyFile(JwkSet set)
    {
        this.set = set;
    }

    /// <summary>The kid of the first key.</summary>
    public string KeyId => set.Keys[0].KeyId;

    /// <summary>The keys in the order they were made.</summary>
    public IReadOnlyList<Jwk> Keys => set.Keys;

    /// <summary>The organization the keys are for; the empty Guid in a file.</summary>
    public Guid Organization => set.Organization;

    /// <summary>The keys that must never be used again, the one revoked last behind.</summary>
    public IReadOnlyList<PastKey> Revoked => set.Revoked;

    /// <summary>The last keys that left by their own end, the latest behind.</summary>
    public IReadOnlyList<PastKey> Former { get; private init; } = [];

    /// <summary>Thumbprints of keys that came with a copy of another environment.</summary>
    public IReadOnlyList<string> Copied { get; private init; } = [];

    /// <summary>The places that may still serve a key of this environment.</summary>
    public IReadOnlyList<PublishedPlace> Targets { get; private init; } = [];

    /// <summary>Thumbprint of the pending key whose line was shown, to be pasted before the next run; null for
    /// none.</summary>
    public string? Shown { get; private init; }

    /// <summary>What each thumbprint is to this environment.</summary>
    public KnownKeys Known => field ??= new KnownKeys(Keys, Revoked, Former, Copied);

    /// <summary>The keys that are revoked and were put back, by a write that was overtaken or by a restore.</summary>
    public IReadOnlyList<Jwk> Condemned => [.. Keys.Where(set.IsRevoked)];

    // As it was read, for the members that this version does not know.
    private JsonObject? Source { get; init; }

    /// <summary>Reads the text of a secure configuration.</summary>
    /// <exception cref="ChatAuthException">3001 to 3007.</exception>
    public static KeyFile Parse(string? text)
    {
        JwkSet set = JwkSet.Parse(text);
        Plugins.Json.JsonValue row = JsonReader.Parse(text!, JwkSet.MaximumValues);
        return new KeyFile(set)
        {
            Former = PastKey.ParseList(row, "former"),
            Copied = [.. Items(row, "copied").Where(item => item.Kind == JsonKind.String).Select(item => item.Text)],
            Targets = [.. Items(row, "targets").Select(PlaceIn).OfType<PublishedPlace>()],
            Shown = row[ShownMember]?.Text,
            Source = JsonNode.Parse(text!)!.AsObject(),
        };
    }

    /// <summary>No keys, for one organization.</summary>
    public static KeyFile Empty(Guid organization) => new(new JwkSet(organization, []));

    /// <summary>The keys that the step of GetPublicKeys names in its own configuration.</summary>
    /// <param name="configuration">The step's; null for none.</param>
    /// <returns>Those that are revoked, and those that were there when it was touched; none when the text is something
    /// else: then the step is to be touched.</returns>
    public static (IReadOnlyList<PastKey> Revoked, IReadOnlyList<PastKey> Current) NamedIn(string? configuration)
    {
        try
        {
            return string.IsNullOrWhiteSpace(configuration)
                ? ([], [])
                : (JwkSet.ParseRevoked(configuration),
                    PastKey.ParseList(JsonReader.Parse(configuration, JwkSet.MaximumValues), CurrentMember));
        }
        catch (Exception exception) when (exception is ChatAuthException or Plugins.Json.JsonSyntaxException)
        {
            return ([], []);
        }
    }

    /// <summary>Refuses keys that were copied along with their environment.</summary>
    /// <exception cref="ChatAuthException">3003.</exception>
    public void EnsureOrganization(Guid organization) => set.EnsureOrganization(organization);

    /// <summary>These keys and that of another file behind them; one that is here already takes its dates, and keeps
    /// its kid, by which tokens of it that are under way name it.</summary>
    /// <param name="other">A key file with one key.</param>
    /// <exception cref="CommandException">5307 it is revoked, under whatever kid, or its kid is, or was, another
    /// key's.</exception>
    public KeyFile With(KeyFile other)
    {
        Jwk key = other.Keys[0];
        Jwk? same = Keys.FirstOrDefault(each => each.Thumbprint == key.Thumbprint);
        key = new Jwk(key.Parts, same?.KeyId ?? key.KeyId, key.NotBefore, key.ExpiresAt);
        return set.IsRevoked(key) ? throw new CommandException(Errors.KeyIsRevoked(
                key.KeyId, "it was revoked in it, and stays so under whatever kid"))
            : Keys.Select(PastKey.Of).Concat(Former).Any(
                each => each.KeyId == key.KeyId && each.Thumbprint != key.Thumbprint)
            ? throw new CommandException(Errors.KeyIsRevoked(
                key.KeyId, "its kid is, or was, that of another key there; leave \"kid\" out of its file"))
            : Of([.. Keys.Where(each => each != same), key], Revoked);
    }

    /// <summary>These keys and one that a person gives; the same where it is among them.</summary>
    /// <param name="given">A key file with one key; null for none.</param>
    /// <exception cref="CommandException">5307 as <see cref="With"/>, or it is the live key of the environment that
    /// this one is a copy of.</exception>
    public KeyFile WithGiven(KeyFile? given) =>
        given == null || Keys.Any(key => key.Thumbprint == given.Keys[0].Thumbprint) ? this
            : Known.Copied.Contains(given.Keys[0].Thumbprint)
            ? throw new CommandException(Errors.KeyIsRevoked(
                given.KeyId, "it is one of the environment that this one is a copy of; each would sign for the other"))
            : With(given);

    /// <summary>The same without some keys, which left by their own end and are remembered.</summary>
    /// <param name="leaves">Which.</param>
    public KeyFile Retire(Func<Jwk, bool> leaves)
    {
        KeyFile left = Of([.. Keys.Where(key => !leaves(key))], Revoked);
        IEnumerable<PastKey> former = Former.Concat(
            Keys.Where(key => leaves(key) && !set.IsRevoked(key)).Select(PastKey.Of));
        return left.Remembering(former: [.. former.DistinctBy(key => key.Thumbprint).TakeLast(MostFormer)]);
    }

    /// <summary>The same without some keys, which are revoked for good.</summary>
    /// <param name="leaves">Which; keys that are revoked already leave too.</param>
    public KeyFile Revoke(Func<Jwk, bool> leaves)
    {
        Jwk[] gone = [.. Keys.Where(key => leaves(key) || set.IsRevoked(key))];
        return AlsoRevoked(gone.Select(PastKey.Of)).Without(gone);
    }

    /// <summary>The same, of which the keys that left by their own end under a kid are revoked for good.</summary>
    /// <param name="keyId">kid.</param>
    public KeyFile RevokeFormer(string keyId) => AlsoRevoked(Former.Where(key => key.KeyId == keyId)).Remembering(
        former: [.. Former.Where(key => key.KeyId != keyId)]);

    /// <summary>The same, of which further keys are revoked; those that are there stay, and are of no use.</summary>
    /// <param name="revoked">Named elsewhere than in the row.</param>
    public KeyFile AlsoRevoked(IEnumerable<PastKey> revoked) => Of(Keys, set.WithRevoked([.. revoked]).Revoked);

    /// <summary>The same, of which further keys count as ones that left by their own end.</summary>
    /// <param name="former">Named elsewhere than in the row; those that the row names are left as they are.</param>
    public KeyFile AlsoFormer(IEnumerable<PastKey> former)
    {
        PastKey[] lost = [.. former.Where(key => !Known.IsOurs(key.Thumbprint, isInDatabase: true))];
        return lost.Length == 0 ? this : Remembering(former: [.. Former.Concat(lost).TakeLast(MostFormer)]);
    }

    /// <summary>What a copy of an environment begins with: none of its keys, and no place of the original.</summary>
    /// <param name="organization">The copy.</param>
    public KeyFile CopiedTo(Guid organization) =>
        new(new JwkSet(organization, [], Revoked))
        {
            Copied =
            [
                .. Copied.Concat(Keys.Select(key => key.Thumbprint)).Concat(Former.Select(key => key.Thumbprint))
                    .Distinct(),
            ],
            Source = Source,
        };

    /// <summary>The same with other places that may serve a key.</summary>
    public KeyFile At(IReadOnlyList<PublishedPlace> targets) => Remembering(targets: targets);

    /// <summary>The same, where the line of a pending key was shown.</summary>
    public KeyFile ShownTo(Jwk pending) => Copy(set, Former, Targets, pending.Thumbprint);

    /// <summary>The same keys with other dates.</summary>
    /// <param name="dates">nbf and exp of each key; a key that is revoked keeps its own.</param>
    /// <exception cref="CommandException">5305 one would end before it signs, since its place was waited for too
    /// long.</exception>
    public KeyFile Dated(Func<Jwk, (long NotBefore, long ExpiresAt)> dates) => Of(
        [
            .. Keys.Select(key =>
            {
                (long notBefore, long expiresAt) = set.IsRevoked(key) ? (key.NotBefore, key.ExpiresAt) : dates(key);
                return notBefore != Jwk.PendingNotBefore && notBefore >= expiresAt
                    ? throw new CommandException(Errors.LeadTooLong())
                    : new Jwk(key.Parts, key.KeyId, notBefore, expiresAt);
            }),
        ],
        Revoked);

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
    /// <exception cref="CommandException">The file is not there; 4201 it is no key file, or a key in it is not one the
    /// plug-in takes; 4212 a key is not fit to sign.</exception>
    public static KeyFile Read(string path)
    {
        try
        {
            byte[] bytes = DiskFile.Read(path);
            string text = bytes.Length > MaximumBytes ? string.Empty : UnicodeText.Decode(bytes) ?? string.Empty;
            foreach (Plugins.Json.JsonValue jwk in ItemsIn(text))
            {
                KeyQuality.EnsureSuited(jwk, path);
            }

            JwkSet set = JwkSet.ParseKeyFile(text);
            foreach (Jwk key in set.Keys)
            {
                KeyQuality.Ensure(key.Parts, key.ToString());
            }

            return set.Keys.Count > 0 ? new KeyFile(set) : throw new CommandException(Errors.KeyFileBad(path));
        }
        catch (ChatAuthException exception)
        {
            // The plug-in's remedies, and its texts of what is no set, speak of its secure configuration.
            throw new CommandException(exception.Code is NoText or NoJwkSet
                ? Errors.KeyFileBad(path) : Errors.KeyFileBad(path, exception.Fact.TrimEnd('.')));
        }
    }

    /// <summary>Reads a key file with one key that is to be taken in: pending, until every place serves it.</summary>
    /// <param name="path">How errors name it.</param>
    /// <param name="now">NumericDate.</param>
    /// <exception cref="CommandException">As <see cref="Read"/>; 4203 the key has expired, 4207 there are
    /// several.</exception>
    public static KeyFile ReadGiven(string path, long now)
    {
        KeyFile file = Read(path);
        return file.Keys.Count > 1 ? throw new CommandException(Errors.PemSeveralKeys(path))
            : file.Keys[0].ExpiresAt <= now ? throw new CommandException(Errors.KeysExpired())
            : file.Dated(key => (Jwk.PendingNotBefore, key.ExpiresAt));
    }

    /// <summary>The text: a key file, or the secure configuration of one organization. It is secret.</summary>
    /// <param name="organization">The organization the keys are for; none in a file.</param>
    public string Write(Guid? organization = null)
    {
        JsonObject row = Source?.DeepClone().AsObject() ?? [];
        if (organization is { } id)
        {
            row["organization"] = id.ToString("D");
        }

        Put(row, "keys", set.Keys.Select(Entry), "n");
        row["keys"] ??= new JsonArray();
        if (organization != null)
        {
            Put(row, "revoked", Revoked.Select(Entry), "thumbprint");
            Put(row, "former", Former.Select(Entry), "thumbprint");
            Put(row, "copied", Copied.Select(thumbprint => (JsonNode)thumbprint), null);
            Put(row, "targets", Targets.Select(Entry), "url");
            row.Remove(ShownMember);
            if (Keys.Any(key => key.NotBefore == Jwk.PendingNotBefore && key.Thumbprint == Shown))
            {
                row[ShownMember] = Shown;
            }
        }

        return row.ToJsonString(Plain);
    }

    /// <summary>
    /// What the step of GetPublicKeys is told of the keys, nothing of which is secret: the revoked ones, for instances
    /// that do not read the row again, and those that are there or left by their own end; null when there are none.
    /// </summary>
    /// <remarks>
    /// No version guards the row, so a write that was held may set it back to a time before the last key was made. That
    /// key may stand at a target already; by its name here the next command knows it for this environment's own, also
    /// where the step was touched since for the row that was set back.
    /// </remarks>
    public string? NamingConfiguration()
    {
        JsonObject named = [];
        Put(named, "revoked", Revoked.Select(Named), "thumbprint");
        IEnumerable<PastKey> own = Keys.Except(Condemned).Select(PastKey.Of).Concat(Former);
        Put(named, CurrentMember, own.DistinctBy(key => key.Thumbprint).Select(Named), "thumbprint");
        return named.Count == 0 ? null : named.ToJsonString(Plain);
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

    private static IReadOnlyList<Plugins.Json.JsonValue> Items(Plugins.Json.JsonValue row, string member) =>
        row[member]?.Items ?? [];

    private static IReadOnlyList<Plugins.Json.JsonValue> ItemsIn(string text)
    {
        try
        {
            return Items(JsonReader.Parse(text, JwkSet.MaximumValues), "keys");
        }
        catch (Plugins.Json.JsonSyntaxException)
        {
            return []; // whoever reads the set says what is wrong
        }
    }

    // The settings' rule for addresses; what does not keep it is not asked.
    private static PublishedPlace? PlaceIn(Plugins.Json.JsonValue entry) =>
        Uri.TryCreate(entry["url"]?.Text, UriKind.Absolute, out Uri? url)
            && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0
            ? new PublishedPlace(entry["name"]?.Text ?? url.OriginalString, url)
            : null;

    private static JsonObject Entry(PastKey key) =>
        new() { ["kid"] = key.KeyId, ["thumbprint"] = key.Thumbprint, ["exp"] = key.ExpiresAt };

    private static JsonObject Named(PastKey key) => new() { ["kid"] = key.KeyId, ["thumbprint"] = key.Thumbprint };

    private static JsonObject Entry(PublishedPlace place) =>
        new() { ["name"] = place.Name, ["url"] = place.Url.OriginalString };

    private static JsonObject Entry(Jwk key) => new()
    {
        ["kty"] = "RSA",
        ["use"] = "sig",
        ["alg"] = "RS256",
        ["kid"] = key.KeyId,
        ["nbf"] = key.NotBefore,
        ["exp"] = key.ExpiresAt,
        ["n"] = Number(key.Parts.Modulus),
        ["e"] = Number(key.Parts.Exponent),
        ["d"] = Number(key.Parts.D),
        ["p"] = Number(key.Parts.P),
        ["q"] = Number(key.Parts.Q),
        ["dp"] = Number(key.Parts.DP),
        ["dq"] = Number(key.Parts.DQ),
        ["qi"] = Number(key.Parts.InverseQ),
    };

    // RFC 7518 section 2, Base64urlUInt: the fewest octets; .NET pads to a fixed length.
    private static string Number(byte[]? bigEndian) =>
        Plugins.Jose.Base64Url.Encode(bigEndian.AsSpan().TrimStart((byte)0).ToArray());

    // Entries take over the members that this version does not know from the one with the same identity.
    private static void Put(JsonObject row, string member, IEnumerable<JsonNode> entries, string? identity)
    {
        JsonObject[] before = [.. (row[member] as JsonArray ?? []).OfType<JsonObject>()];
        JsonNode[] after = [.. entries];
        foreach (JsonObject entry in after.OfType<JsonObject>())
        {
            JsonObject? same = before.FirstOrDefault(other => JsonNode.DeepEquals(other[identity!], entry[identity!]));
            foreach ((string name, JsonNode? value) in same ?? [])
            {
                if (!entry.ContainsKey(name))
                {
                    entry[name] = value?.DeepClone();
                }
            }
        }

        if (after.Length > 0 || row.ContainsKey(member))
        {
            row[member] = new JsonArray(after);
        }
    }

    private KeyFile Without(IReadOnlyCollection<Jwk> gone) => Of([.. Keys.Where(key => !gone.Any(
        other => other.Thumbprint == key.Thumbprint && other.KeyId == key.KeyId))], Revoked);

    private KeyFile Of(IReadOnlyList<Jwk> keys, IReadOnlyList<PastKey> revoked) => Copy(
        new JwkSet(Organization, keys, revoked), Former, Targets);

    private KeyFile Remembering(
        IReadOnlyList<PastKey>? former = null, IReadOnlyList<PublishedPlace>? targets = null) =>
        Copy(set, former ?? Former, targets ?? Targets);

    private KeyFile Copy(
        JwkSet keys, IReadOnlyList<PastKey> former, IReadOnlyList<PublishedPlace> targets, string? shown = null) =>
        new(keys) { Former = former, Copied = Copied, Targets = targets, Shown = shown ?? Shown, Source = Source };
}
