using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ChatAuth.Keys;

namespace ChatAuth.Fuzz;

/// <summary>
/// Key files of other programs, byte by byte: PEM, DER, PFX, JWK sets with foreign members and XML in their encodings,
/// and DER of any depth.
/// </summary>
internal sealed class KeyFileParser : Parser
{
    private static readonly RSAParameters Key = Parts();

    private static readonly byte[][] Forms = [.. MakeForms()];

    private static readonly Func<byte[], byte[]>[] Encodings =
    [
        bytes => bytes,
        bytes => [0xEF, 0xBB, 0xBF, .. bytes],
        bytes => Recoded(bytes, Encoding.Unicode),
        bytes => [0xFF, 0xFE, .. Recoded(bytes, Encoding.Unicode)],
        bytes => [0xFE, 0xFF, .. Recoded(bytes, Encoding.BigEndianUnicode)],
        Base64,
        bytes => Base64(Base64(bytes)),
        bytes => [(byte)'"', .. Replaced(bytes, "\n", "\\n"), (byte)'"'],
        bytes => Replaced(bytes, "\n", "\r\n"),
    ];

    // Every form of the one key that no dice have changed, in every encoding that it can have.
    private static readonly HashSet<string> Sound =
    [
        .. Forms.SelectMany(form => Encodings.Where((_, i) => IsText(form) || i is 0 or 5 or 6)
            .Select(encode => Text(encode(form)))),
    ];

    private static readonly string[] Codes =
    [
        .. Enumerable.Range(4205, 8).Concat(Enumerable.Range(3004, 3)).Select(code => FormattableString.Invariant(
            $"CHATAUTH{code}")),
    ];

    /// <inheritdoc/>
    public override string Name => "keyfile";

    /// <inheritdoc/>
    public override int Share => 40;

    /// <summary>A PFX is opened with the rounds that it asks for, of which .NET takes 300,000.</summary>
    public override double MaximumMilliseconds(string input) => 2000;

    /// <summary>A PFX is copied and decrypted several times by .NET.</summary>
    public override long MaximumBytes => 4 * base.MaximumBytes;

    /// <inheritdoc/>
    public override string Make(Dice dice)
    {
        if (dice.OneIn(8))
        {
            return Text(dice.Pick(Encodings)(Nested(dice, dice.Below(dice.OneIn(4) ? 20_000 : 60))));
        }

        byte[] form = dice.Pick(Forms);
        if (dice.OneIn(4))
        {
            return Text((IsText(form) ? dice.Pick(Encodings) : dice.Pick([Encodings[0], Encodings[5]]))(form));
        }

        byte[] changed = [.. form];
        for (int changes = 1 + dice.Below(3); changes > 0 && changed.Length > 0; changes--)
        {
            int at = dice.Below(changed.Length);
            switch (dice.Below(4))
            {
                case 0:
                    changed[at] ^= (byte)(1 << dice.Below(8));
                    break;
                case 1:
                    changed = [.. changed[..at], .. changed[dice.Below(changed.Length)..]];
                    break;
                case 2:
                    changed[at] = dice.Pick<byte>([0, 0x30, 0x80, 0x84, 0xFF, (byte)'"', (byte)'\\', (byte)'-']);
                    break;
                default:
                    byte[] other = dice.Pick(Forms);
                    changed = [.. changed[..at], .. other[dice.Below(other.Length)..]];
                    break;
            }
        }

        return Text(dice.Pick(Encodings)(changed));
    }

    /// <inheritdoc/>
    public override object Prepare(string input) => RawBytes.Of(input);

    /// <inheritdoc/>
    public override object Read(object prepared) => KeyFile.From(
        ImportedKey.Read((byte[])prepared, "key", Corpus.Passphrase), 1_700_000_000, 1_900_000_000);

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal) =>
        result is KeyFile { Keys: [var key] }
            ? RsaNumbers.AreOneKey(RsaNumbers.Of(key.Parts)) ? null : "its numbers are not one key"
        : Sound.Contains(input) ? "acceptance is right"
        : !Codes.Contains(refusal!.Code, StringComparer.Ordinal)
        ? "a code of key files is right"
        : null;

    private static RSAParameters Parts()
    {
        using RSA rsa = RSA.Create();
        rsa.ImportFromPem(Corpus.Text("pkcs8.pem"));
        return rsa.ExportParameters(includePrivateParameters: true);
    }

    private static IEnumerable<byte[]> MakeForms()
    {
        using RSA rsa = RSA.Create(Key);
        yield return rsa.ExportPkcs8PrivateKey();
        yield return rsa.ExportRSAPrivateKey();
        yield return Utf8(rsa.ExportPkcs8PrivateKeyPem());
        yield return Utf8(rsa.ExportSubjectPublicKeyInfoPem() + "\n" + rsa.ExportRSAPrivateKeyPem());
        yield return Utf8(rsa.ToXmlString(includePrivateParameters: true));
        string jwk = string.Concat(
            Corpus.Numbers.Zip((byte[][])[
                Key.Modulus!, Key.Exponent!, Key.D!, Key.P!, Key.Q!, Key.DP!, Key.DQ!, Key.InverseQ!])
                .Select(pair => $",\"{pair.First}\":\"{Plugins.Jose.Base64Url.Encode(pair.Second)}\""));
        yield return Utf8("{\"kty\":\"RSA\"" + jwk + ",\"x5c\":[\"AA==\"],\"made\":{\"by\":[null,1]}}");
        yield return Utf8(
            "{\"issuer\":\"x\",\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"},"
                + "{\"kty\":\"AKP\",\"pub\":\"AA\"},{\"kty\":\"RSA\",\"x5t\":\"AA\"" + jwk + "},{}]}");
        CertificateRequest request = new("CN=chat", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate =
            request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(70));
        yield return certificate.Export(X509ContentType.Pfx, Corpus.Passphrase);
        yield return Utf8(certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem());
    }

    // From the inside out, into a buffer that is filled from its end; lengths that the rest has, or indefinite ones.
    private static byte[] Nested(Dice dice, int depth)
    {
        if (dice.OneIn(2))
        {
            return
            [
                .. Enumerable.Repeat<byte[]>([0x30, 0x80], depth).SelectMany(pair => pair),
                .. new byte[dice.OneIn(2) ? 2 * depth : 0],
            ];
        }

        byte[] der = new byte[5 * depth];
        int at = der.Length;
        for (int i = 0; i < depth; i++)
        {
            int length = der.Length - at;
            der[--at] = (byte)length;
            if (length > 127)
            {
                der[--at] = (byte)(length >> 8);
                der[--at] = (byte)(length >> 16);
                der[--at] = 0x83;
            }

            der[--at] = dice.Pick<byte>([0x30, 0x31, 0xA0, 0x24]);
        }

        return dice.OneIn(2) ? der[at..]
            : Utf8(PemEncoding.WriteString(dice.Pick(["PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]), der.AsSpan(at)));
    }

    // PEM, JSON and XML are ASCII.
    private static bool IsText(byte[] bytes) => bytes.All(one => one is < 0x80 and not 0);

    private static byte[] Recoded(byte[] bytes, Encoding encoding) =>
        encoding.GetBytes(Encoding.Latin1.GetString(bytes));

    private static byte[] Base64(byte[] bytes) => Utf8(Convert.ToBase64String(bytes));

    private static byte[] Replaced(byte[] bytes, string what, string by) =>
        Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(bytes).Replace(what, by, StringComparison.Ordinal));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) =>
        string.Concat(bytes.Select(one => one < 0x80 ? (char)one : (char)(0xDC00 + one)));
}
