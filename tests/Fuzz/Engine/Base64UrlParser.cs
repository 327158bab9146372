using System;
using System.Buffers;
using System.Linq;
using Microsoft.IdentityModel.Tokens;
using Own = ChatAuth.Plugins.Jose.Base64Url;

namespace ChatAuth.Fuzz;

/// <summary>The plug-in's base64url against System.Buffers.Text and Microsoft.IdentityModel.</summary>
internal sealed class Base64UrlParser : Parser
{
    private static readonly string[] Texts =
        ["", "AA", "AQAB", "_-_-", "eyJhbGciOiJSUzI1NiJ9", Corpus.Keys[0]["n"], Corpus.Keys[1]["d"]];

    /// <inheritdoc/>
    public override string Name => "base64url";

    /// <inheritdoc/>
    public override int Share => 60;

    /// <inheritdoc/>
    public override string Make(Dice dice) => TextMutation.Of(dice, dice.Pick(Texts), Texts);

    /// <inheritdoc/>
    public override object Read(object prepared) =>
        Own.Decode((string)prepared)
        ?? throw new CommandException(new CodedError("none", "no base64url", string.Empty));

    /// <summary>The bytes of the one canonical text for them; null for any other text.</summary>
    /// <remarks>
    /// The framework's own decoder also takes white space, padding and stray bits: what it would not write itself is
    /// refused.
    /// </remarks>
    public static byte[]? Canonical(string text)
    {
        byte[] bytes = new byte[text.Length];
        return System.Buffers.Text.Base64Url.DecodeFromChars(text, bytes, out _, out int length) == OperationStatus.Done
            && System.Buffers.Text.Base64Url.EncodeToString(bytes.AsSpan(0, length)) == text ? bytes[..length] : null;
    }

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        byte[]? expected = Canonical(input);
        return expected == null != (result == null)
            ? "the framework " + (expected == null ? "refuses" : "accepts") + " it"
            : result is byte[] bytes && !(
                bytes.SequenceEqual(expected!) && bytes.SequenceEqual(Base64UrlEncoder.DecodeBytes(input))
                    && Base64UrlEncoder.Encode(bytes) == input && Own.Encode(bytes) == input)
            ? "Microsoft.IdentityModel reads or writes it otherwise"
            : null;
    }
}
