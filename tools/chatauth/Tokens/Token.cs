using System.Globalization;
using System.Text;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Tokens;

/// <summary>
/// A token taken apart: a compact JWS (RFC 7515 section 7.1) whose header and payload are JSON objects.
/// </summary>
/// <remarks>Nothing in it is to be trusted before <see cref="TokenVerification"/> accepted it.</remarks>
internal sealed class Token
{
    // A token over 8,000 characters is refused at issue (design, "The token"); ten times that is no token.
    private const int MaximumLength = 80_000;

    private Token(string text, JsonValue header, JsonValue payload, byte[] signature, string? markedPart)
    {
        Text = text;
        MarkedPart = markedPart;
        Header = header;
        Payload = payload;
        Signature = signature;
    }

    /// <summary>The three parts as they came.</summary>
    public string Text { get; }

    /// <summary>The JOSE header.</summary>
    public JsonValue Header { get; }

    /// <summary>The claims.</summary>
    public JsonValue Payload { get; }

    /// <summary>The part whose JSON begins with a byte order mark, which neither RFC 8259 section 8.1 nor a browser
    /// takes; null for none.</summary>
    public string? MarkedPart { get; }

    /// <summary>The signature.</summary>
    public byte[] Signature { get; }

    /// <summary>What is signed: the first two parts and their dot (RFC 7515 section 5.1).</summary>
    public byte[] SigningInput => Encoding.ASCII.GetBytes(Text[..Text.LastIndexOf('.')]);

    /// <summary>Takes a token apart.</summary>
    /// <param name="text">The token; white space and byte order marks around it are left out.</param>
    /// <exception cref="CommandException">4301: it is empty, too long or not three parts of base64url, or a part is not
    /// a JSON object.</exception>
    public static Token Parse(string text)
    {
        text = text.Trim().Trim('\uFEFF').Trim();
        string[] parts = text.Split('.');
        string? fault = text.Length == 0 ? "it is empty"
            : text.Length > MaximumLength ? "it is longer than any token"
            : text[0] == '{' ? "it is JSON, and a token is at most one text in that"
            : text.Any(char.IsWhiteSpace) ? "there is a blank or a line end in it"
            : parts.Length == 5 ? "it has five parts as an encrypted token (JWE) has, not three"
            : parts.Length != 3
            ? string.Create(CultureInfo.InvariantCulture, $"it has {parts.Length} of three parts")
            : parts[1].Length == 0 ? "its payload is left out, as that of a detached signature"
            : null;
        if (fault != null)
        {
            throw Malformed(fault);
        }

        return new Token(
            text,
            Object(parts[0], "header"),
            Object(parts[1], "payload"),
            Bytes(parts[2], "signature"),
            IsMarked(parts[0]) ? "header" : IsMarked(parts[1]) ? "payload" : null);
    }

    /// <summary>A claim that is a string; null when it is missing or anything else.</summary>
    public string? String(string claim) => Payload[claim] is { Kind: JsonKind.String } value ? value.Text : null;

    /// <summary>A claim that is a NumericDate of whole seconds; null when it is missing or anything else.</summary>
    /// <remarks>
    /// RFC 7519 allows fractions and exponents; Live Assist asks for whole seconds (facts, section 7).
    /// </remarks>
    public long? Date(string claim) =>
        Payload[claim] is { Kind: JsonKind.Number } value && long.TryParse(
            value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long date) ? date : null;

    private static bool IsMarked(string part) => Base64Url.Decode(part).AsSpan().StartsWith("\uFEFF"u8);

    private static JsonValue Object(string part, string name)
    {
        string json = Utf8.Decode(Bytes(part, name)) ?? throw Malformed($"its {name} is not UTF-8");
        try
        {
            return JsonReader.Parse(json) is { Kind: JsonKind.Object } value ? value
                : throw Malformed($"its {name} is no JSON object");
        }
        catch (JsonSyntaxException exception)
        {
            throw Malformed($"its {name} is not JSON ({exception.Message})");
        }
    }

    private static byte[] Bytes(string part, string name) =>
        Base64Url.Decode(part) ?? throw Malformed($"its {name} is not base64url without padding");

    private static CommandException Malformed(string rule) => new(Errors.TokenMalformed(rule));
}
