using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Tokens;

/// <summary>A key beside those of our kind.</summary>
/// <param name="What">What it is, as the middle of a sentence; nothing secret.</param>
/// <param name="Key">Its public numbers, where they are RSA and can be read; whatever its kid, alg or use.</param>
/// <param name="MayBeAny">Whether it may be any RSA key, in a form that others may read.</param>
internal sealed record OtherKey(string What, VerificationKey? Key, bool MayBeAny = false);

/// <summary>
/// What a text, a file or an address holds, read for public keys: the one reader of every place that has them.
/// </summary>
/// <remarks>
/// PEM, its base64 on one line, Omnichannel's key set, a JWK set, a JWK. A member of a set that is not for RS256, or
/// that cannot be used, is skipped and does not condemn the set (RFC 7517 section 5). Nothing here throws over a text:
/// whether a stranger's key, a private part or no key at all is an error is for whoever asked. Of private parts no
/// number is kept but the public ones.
/// </remarks>
internal sealed partial class PublicKeys
{
    // A chat service answers within 10 seconds or the visitor is not signed in (facts, section 7).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Fifty 4096-bit keys in a key set have 60 KB.
    private const int MaximumLength = 256 * 1024;

    // A private key of 4096 bits has 3,200 characters.
    private const int LongestLine = 8192;

    private const string TooLong = "it has more than 256 KB";

    // RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1; priv is that of the AKP type.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

    // RFC 7468 sections 10 and 13, and PKCS#1 in PEM as openssl writes it.
    private static readonly string[] Labels = ["PUBLIC KEY", "RSA PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY"];

    private readonly List<VerificationKey> keys = [];
    private readonly List<OtherKey> skipped = [];
    private readonly List<OtherKey> exposed = [];
    private string? fault;

    private PublicKeys()
    {
    }

    /// <summary>The keys of our kind: RSA of 2048 to 4096 bits, for RS256.</summary>
    public IReadOnlyList<VerificationKey> Keys => keys;

    /// <summary>Members that are not for us.</summary>
    public IReadOnlyList<OtherKey> Skipped => skipped;

    /// <summary>Keys that are here with their private parts, whether of our kind or not: whoever reads this can sign
    /// by them.</summary>
    public IReadOnlyList<OtherKey> Exposed => exposed;

    /// <summary>Whether it holds nothing at all: an empty text or an empty set.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Whether it is JSON, as key files are.</summary>
    public bool IsJson { get; private set; }

    /// <summary>Whether it is a web page.</summary>
    public bool IsWebPage { get; private set; }

    /// <summary>Whether it cannot be turned into text, or has too much of it: nobody knows what it holds.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>How long caches may keep the answer, as <see cref="LifetimeOf"/>; null too where it did not come from
    /// an address.</summary>
    public TimeSpan? CacheLifetime { get; private set; }

    /// <summary>What it is instead of keys, as the end of a sentence; null where a key of our kind is here, and of a
    /// set that is empty.</summary>
    public string? Fault => fault ?? (keys.Count > 0 || IsEmpty ? null
        : skipped.Count > 0 ? $"it has no key for RS256, but {skipped[0].What}"
        : "it is text of another kind");

    /// <summary>Why nobody knows which keys are there, or whether a reader that takes more finds one, as the end of a
    /// sentence: a web page, several blocks of PEM, a certificate, JSON with a comma too many; null where every key is
    /// known.</summary>
    public string? Doubt =>
        fault ?? (skipped.Find(other => other.MayBeAny) is { } hidden ? $"it has {hidden.What}" : null);

    /// <summary>Every RSA key in it, skipped and exposed ones too.</summary>
    public IEnumerable<VerificationKey> All =>
        keys.Concat(skipped.Concat(exposed).Select(other => other.Key).OfType<VerificationKey>());

    /// <summary>Reads a text.</summary>
    public static PublicKeys Parse(string text)
    {
        PublicKeys read = new();
        string trimmed = text.Trim('\uFEFF', ' ', '\t', '\r', '\n', '\0');
        if (trimmed.Length > MaximumLength)
        {
            (read.fault, read.IsUnreadable) = (TooLong, true);
        }
        else
        {
            read.Read(trimmed);
        }

        // In whatever it is wrapped.
        if (read.exposed.Count == 0 && text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            read.exposed.Add(new OtherKey("a private key in PEM", null));
        }

        return read;
    }

    /// <summary>Reads bytes: UTF-8, or UTF-16 with or without a byte order mark.</summary>
    public static PublicKeys Parse(byte[] bytes) => bytes.Length > MaximumLength ? Unreadable(TooLong)
        : UnicodeText.Decode(bytes) is { } text ? Parse(text)
        : Unreadable(bytes is [0x1F, 0x8B, ..]
            ? "it is compressed with gzip, and no Content-Encoding says so"
            : "it is neither UTF-8 nor UTF-16");

    /// <summary>Reads what verifies tokens.</summary>
    /// <param name="place">A path, or an address as <see cref="SecureAddress"/> takes it.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends the request early.</param>
    /// <exception cref="CommandException">4001, 4310, 4312: no answer; 4308, 4309, 4313: no keys, or two with one kid;
    /// 4314: an address shows private parts.</exception>
    public static async Task<IReadOnlyList<VerificationKey>> ReadAsync(
        string place, HttpMessageHandler? network, CancellationToken cancellation)
    {
        bool isUrl = place.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
            || place.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
        PublicKeys read = !isUrl ? Parse(DiskFile.Read(place))
            : await FetchAsync(
                SecureAddress.Parse(place) ?? throw new CommandException(
                    Errors.KeyUrlFailed("The address that was given", "is not " + SecureAddress.Rule)),
                network, cancellation);
        return isUrl && read.exposed.Count > 0
            ? throw new CommandException(Errors.PrivateKeyServed(place, read.exposed[0].What))
            : read.Verifying(place);
    }

    /// <summary>Reads what an address serves to anyone; a redirect is not followed.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends the request early.</param>
    /// <exception cref="CommandException">4310, 4312: no answer, or one that is no success.</exception>
    public static async Task<PublicKeys> FetchAsync(
        Uri url, HttpMessageHandler? network, CancellationToken cancellation) =>
        await AskAsync(url, network, _ => false, cancellation) ?? Parse(string.Empty);

    /// <summary>The same, where an address at which nothing is any more is an answer: null.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends the request early.</param>
    /// <exception cref="CommandException">As <see cref="FetchAsync"/>, but for the statuses 404 and 410.</exception>
    public static Task<PublicKeys?> FindAsync(
        Uri url, HttpMessageHandler? network, CancellationToken cancellation) => AskAsync(
        url, network, status => status is HttpStatusCode.NotFound or HttpStatusCode.Gone, cancellation);

    private static async Task<PublicKeys?> AskAsync(
        Uri url, HttpMessageHandler? network, Func<HttpStatusCode, bool> isAbsence, CancellationToken cancellation)
    {
        string place = url.OriginalString;
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        using HttpResponseMessage response = await SendAsync(request, network, cancellation);
        return isAbsence(response.StatusCode) ? null
            : response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest
            ? throw new CommandException(Errors.KeyUrlRedirects(place, (int)response.StatusCode))
            : !response.IsSuccessStatusCode
            ? throw new CommandException(
                Errors.KeyUrlFailed(place, $"answered with HTTP status {(int)response.StatusCode}"))
            : await ReadAsync(response, cancellation);
    }

    /// <summary>Sends a request as anybody may: no credential, no cookie, no redirect, 10 seconds, 256 KB.</summary>
    /// <param name="request">To an absolute address.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The answer, whatever its status, its body in memory.</returns>
    /// <exception cref="CommandException">4310 there is none, or a longer one.</exception>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpMessageHandler? network, CancellationToken cancellation)
    {
        string place = request.RequestUri!.OriginalString;
        using HttpClient client = new(network ?? CommandHost.Direct, disposeHandler: false)
        { Timeout = Patience, MaxResponseContentBufferSize = MaximumLength };
        try
        {
            return await client.SendAsync(request, cancellation);
        }
        catch (HttpRequestException exception) when (
            exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new CommandException(Errors.KeyUrlFailed(place, "answered with more than 256 KB"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new CommandException(Errors.KeyUrlFailed(place, "cannot be reached"));
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(Errors.KeyUrlFailed(place, "did not answer within 10 seconds"));
        }
    }

    /// <summary>Reads the body of an answer, whatever its status.</summary>
    /// <param name="response">What <see cref="SendAsync"/> gave.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<PublicKeys> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        PublicKeys read = ReadBody(
            await response.Content.ReadAsByteArrayAsync(cancellation), [.. response.Content.Headers.ContentEncoding]);
        read.IsWebPage |= response.Content.Headers.ContentType?.MediaType is "text/html"
            && read is { Fault: not null, IsUnreadable: false, skipped: [] };
        read.CacheLifetime = LifetimeOf(response);
        return read;
    }

    /// <summary>How long caches may keep an answer (RFC 9111 section 5.2.2 and 5.3): the longest that it says; null
    /// where it does not say.</summary>
    /// <remarks>Not by .NET's reader, which takes nothing of a header in which one directive is not as it should be: a
    /// cache may be less strict.</remarks>
    public static TimeSpan? LifetimeOf(HttpResponseMessage response)
    {
        string header = response.Headers.NonValidated.TryGetValues("Cache-Control", out HeaderStringValues lines)
            ? string.Join(',', lines) : string.Empty;
        double[] ages =
        [
            .. Ages().Matches(header)
                .Select(age => double.Parse(age.Groups[1].Value, CultureInfo.InvariantCulture)),
        ];
        return NotKept().IsMatch(header) ? TimeSpan.Zero
            : ages.Length > 0 ? TimeSpan.FromSeconds(Math.Min(ages.Max(), int.MaxValue))
            : response.Content.Headers.Expires - response.Headers.Date is { } span && span > TimeSpan.Zero ? span
            : null;
    }

    /// <summary>Whether a key is in it, in whatever form.</summary>
    /// <param name="modulus">n, big-endian.</param>
    public bool Holds(byte[] modulus) => All.Any(key => key.HasNumber(modulus));

    /// <summary>The keys, as whoever verifies by them needs them: at least one, and none in doubt.</summary>
    /// <param name="name">How errors name the place.</param>
    /// <exception cref="CommandException">4308, 4309, 4313: no keys, or two with one kid.</exception>
    public IReadOnlyList<VerificationKey> Verifying(string name) =>
        ErrorAt(name) is { } error ? throw new CommandException(error)
        : IsEmpty ? throw new CommandException(Errors.VerificationKeyBad(name, "it is empty"))
        : keys.DistinctBy(key => key.KeyId, StringComparer.Ordinal).Count() < keys.Count
        ? throw new CommandException(Errors.VerificationKeyBad(name, "two keys have one kid"))
        : keys;

    /// <summary>The error that <see cref="Fault"/> is; null where there is none.</summary>
    /// <param name="name">How it names the place.</param>
    public CodedError? ErrorAt(string name) => Fault is not { } what ? null
        : IsWebPage ? Errors.KeyUrlHtml(name)
        : IsUnreadable ? Errors.KeysUndecodable(name, what)
        : Errors.VerificationKeyBad(name, what);

    private static PublicKeys Unreadable(string what) => new() { fault = what, IsUnreadable = true };

    // RFC 9110 section 8.4: the codings in the order in which they were applied.
    private static PublicKeys ReadBody(byte[] body, string[] codings)
    {
        foreach (string coding in codings.Reverse())
        {
            try
            {
                if (Decompress(body, coding.ToUpperInvariant()) is not { } plain)
                {
                    return Unreadable("its Content-Encoding is none of gzip, br and deflate");
                }

                body = plain;
            }
            catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
            {
                return Unreadable("it is not compressed as its Content-Encoding says");
            }
        }

        return Parse(body);
    }

    [GeneratedRegex(@"(?<![\w-])(?:s-maxage|max-age)\s*=\s*""?([0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Ages();

    [GeneratedRegex(@"(?<![\w-])no-(?:store|cache)(?![\w-]|\s*=)", RegexOptions.IgnoreCase)]
    private static partial Regex NotKept();

    private static byte[]? Decompress(byte[] body, string coding)
    {
        using MemoryStream packed = new(body);
        using Stream? unpacking = coding switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(packed, CompressionMode.Decompress),
            "BR" => new BrotliStream(packed, CompressionMode.Decompress),

            // RFC 9110 section 8.4.1.2: zlib's wrapper, which some servers leave out.
            "DEFLATE" when body is [var first, var second, ..] && (first & 15) == 8 && ((first << 8) + second) % 31 == 0
                => new ZLibStream(packed, CompressionMode.Decompress),
            "DEFLATE" => new DeflateStream(packed, CompressionMode.Decompress),
            "IDENTITY" => packed,
            _ => null,
        };
        if (unpacking == null)
        {
            return null;
        }

        // One byte more than may be read tells what is too long from what is not.
        byte[] plain = new byte[MaximumLength + 1];
        int length = unpacking.ReadAtLeast(plain, plain.Length, throwOnEndOfStream: false);
        return plain[..length];
    }

    private void Read(string text)
    {
        IsJson = text is ['{' or '[', ..];
        try
        {
            switch (text)
            {
                case "":
                    IsEmpty = true;
                    break;
                case ['<', ..]:
                    fault = "it is a web page";
                    IsWebPage = true;
                    break;
                case ['{', ..]:
                    ReadObject(JsonReader.Parse(text));
                    break;
                case ['[', ..]:
                    ReadMembers(JsonReader.Parse(text).Items);
                    IsEmpty = keys.Count + skipped.Count == 0;
                    break;
                default:
                    ReadPem(text, null, null);
                    break;
            }
        }
        catch (JsonSyntaxException exception)
        {
            fault = "it is not JSON, " + exception.Message;
        }
    }

    private void ReadObject(JsonValue value)
    {
        if (value["keys"] is { Kind: JsonKind.Array } members)
        {
            ReadMembers(members.Items);
            IsEmpty = members.Items.Count == 0 && value.Members.Count == 1;
            fault = members.Items.Count == 0 && !IsEmpty ? "it is JSON of another kind" : null;
        }
        else if (value["kty"] != null || value["publicKey"] != null)
        {
            ReadMembers([value]);
        }
        else
        {
            fault = "it is JSON of another kind";
        }
    }

    private void ReadMembers(IReadOnlyList<JsonValue> members)
    {
        foreach (JsonValue member in members)
        {
            int before = exposed.Count;
            (string? reason, VerificationKey? key) =
                member["kty"] != null || member["publicKey"] == null ? Jwk(member) : Entry(member);
            Add(reason, key, key == null && (member["publicKey"] != null || member["kty"]?.Text == "RSA"));
            if (exposed.Count == before
                && PrivateMembers.Any(name => member[name] is { Kind: not JsonKind.Null }))
            {
                exposed.Add(new OtherKey(Named(member), key));
            }
        }

        // Omnichannel needs the kid with several keys; one that stands alone is the only candidate.
        if (keys.Count > 1)
        {
            skipped.AddRange(
                keys.Where(key => key.KeyId == null).Select(key => new OtherKey("a key without kid", key)));
            keys.RemoveAll(key => key.KeyId == null);
        }
    }

    private void Add(string? reason, VerificationKey? key, bool mayBeAny = false)
    {
        if (reason == null)
        {
            keys.Add(key!);
        }
        else
        {
            skipped.Add(new OtherKey(reason, key, mayBeAny));
        }
    }

    // Why it is skipped, null for a key of our kind; its numbers, whatever else it is.
    private static (string? Reason, VerificationKey? Key) Jwk(JsonValue jwk)
    {
        VerificationKey? key = jwk["kty"]?.Text == "RSA" && Number(jwk, "n") is { } n && Number(jwk, "e") is { } e
            ? new VerificationKey(KeyId(jwk), n, e, Date(jwk, "exp"))
            : null;
        return (jwk["kty"]?.Text is not "RSA" ? "a key of another type than RSA"
            : jwk["use"]?.Text is not (null or "sig") ? "a key for another use than sig"
            : jwk["key_ops"] is { } uses && !uses.Items.Any(use => use.Text is "verify" or "sign")
                ? "a key for another use than signatures"
            : jwk["alg"]?.Text is not (null or "RS256") ? "a key for another algorithm than RS256"
            : key == null ? "an RSA key whose n or e is no base64url number"
            : ReasonOf(jwk, "exp", key), key);
    }

    // Omnichannel's entry: publicKey is the base64 of a whole PEM text (facts, section 7).
    private (string? Reason, VerificationKey? Key) Entry(JsonValue entry)
    {
        byte[] pem = new byte[entry["publicKey"]!.Text.Length];
        if (!Convert.TryFromBase64String(entry["publicKey"]!.Text, pem, out int length))
        {
            return ("an entry whose publicKey is no base64 of PEM", null);
        }

        VerificationKey? key = Pem(Encoding.ASCII.GetString(pem, 0, length), KeyId(entry), Date(entry, "expiry"));
        return (
            key == null ? "an entry whose publicKey is no PEM of one RSA key" : ReasonOf(entry, "expiry", key), key);
    }

    private static string? ReasonOf(JsonValue member, string date, VerificationKey key) =>
        member["kid"] is { } && key.KeyId == null ? "a key whose kid is no text"
        : member[date] is { } && key.ExpiresAt == null ? $"a key whose {date} is not a whole number of seconds"
        : ReasonOf(key);

    // RFC 7518 section 3.3: RS256 needs 2048 bits or more; by the exponent 1 everybody signs.
    private static string? ReasonOf(VerificationKey key) =>
        key.Modulus.Length < RsaParts.MinimumBits / 8 || key.Modulus.Length > RsaParts.MaximumBits / 8
            || key.Exponent.Length is 0 or > 4 || key.Exponent is [<= 1] || key.Exponent[^1] % 2 == 0
            ? "an RSA key that does not have 2048 to 4096 bits and a sound exponent"
            : null;

    private void ReadPem(string text, string? keyId, long? expiresAt)
    {
        bool isPem = text.Contains("-----BEGIN ", StringComparison.Ordinal);
        VerificationKey? key = isPem ? Pem(text, keyId, expiresAt) : Line(text);
        if (key != null)
        {
            Add(ReasonOf(key), key);
        }
        else
        {
            fault = isPem ? "it is not the PEM text of exactly one RSA key" : "it is text of another kind";
        }
    }

    private VerificationKey? Line(string base64) => base64.Length > LongestLine ? null
        : Labels
            .Select(
                label => Pem($"-----BEGIN {label}-----\n{base64}\n-----END {label}-----", null, null, isWrapped: true))
            .FirstOrDefault(key => key != null);

    // The one key; every private one is noted on the way. A wrapped one is private only if it can be read as one.
    private VerificationKey? Pem(string pem, string? keyId, long? expiresAt, bool isWrapped = false)
    {
        if (!PemKey.HasFewBlocks(pem))
        {
            return null;
        }

        VerificationKey? one = Import(pem, keyId, expiresAt);
        for (int start = 0; PemEncoding.TryFind(pem.AsSpan(start), out PemFields fields);)
        {
            ReadOnlySpan<char> rest = pem.AsSpan(start);
            if (rest[fields.Label].EndsWith("PRIVATE KEY"))
            {
                VerificationKey? secret = Import(rest[fields.Location].ToString(), keyId, expiresAt);
                if (secret != null || !isWrapped)
                {
                    exposed.Add(new OtherKey(keyId == null ? "a private key in PEM" : $"the key '{keyId}'", secret));
                }
            }

            start += fields.Location.End.Value;
        }

        return one;
    }

    private static VerificationKey? Import(string pem, string? keyId, long? expiresAt)
    {
        try
        {
            using RSA rsa = RSA.Create();
            if (!PemEncoding.TryFind(pem, out PemFields fields) || !PemKey.IsBounded(pem.AsSpan()[fields.Base64Data]))
            {
                return null;
            }

            rsa.ImportFromPem(pem);
            RSAParameters parts = rsa.ExportParameters(includePrivateParameters: false);
            return new VerificationKey(keyId, parts.Modulus!, parts.Exponent!, expiresAt);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static string Named(JsonValue member) =>
        KeyId(member) is { } keyId ? $"the key '{keyId}'" : "a key without kid";

    private static string? KeyId(JsonValue value) =>
        value["kid"] is { Kind: JsonKind.String, Text: { Length: > 0 } text } ? text : null;

    private static byte[]? Number(JsonValue jwk, string member) =>
        jwk[member] is { Kind: JsonKind.String } value && Plugins.Jose.Base64Url.Decode(value.Text) is { } bytes
            && bytes.AsSpan().TrimStart((byte)0).ToArray() is { Length: > 0 } number
            ? number
            : null;

    private static long? Date(JsonValue value, string member) =>
        value[member] is { Kind: JsonKind.Number } number
            && long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long date)
            ? date
            : null;
}
