using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Formats.Asn1;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using ChatAuth.Fuzz;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Keys;

/// <summary>Each form in which a private RSA key lies about, by <c>chatauth key import</c>.</summary>
[TestClass]
public sealed class Key_files_as_people_have_them
{
    // Any passphrase; it opens keys that exist for one test.
    private const string Passphrase = "correct horse";

    private static readonly RSA Rsa = RSA.Create(PreparedKeys.At(80));
    private static readonly RSA Other = RSA.Create(PreparedKeys.At(81));
    private static readonly PbeParameters Encryption =
        new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000);

    private static string Pkcs8 => Rsa.ExportPkcs8PrivateKeyPem();

    private static string Pkcs1 => Rsa.ExportRSAPrivateKeyPem();

    private static string Public => Rsa.ExportSubjectPublicKeyInfoPem();

    private static Dictionary<string, Func<byte[]>> Readable { get; } = new()
    {
        ["private, then public"] = () => Utf8(Pkcs8 + "\n" + Public),
        ["public, then private"] = () => Utf8(Public + "\n" + Pkcs1),
        ["another public key behind"] = () => Utf8(Pkcs8 + "\n" + Other.ExportRSAPublicKeyPem()),
        ["certificate, then private"] = () => Utf8(Certificate().ExportCertificatePem() + "\n" + Pkcs8),
        ["attributes of openssl pkcs12"] = () => Utf8(
            "Bag Attributes\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n" + Pkcs8),
        ["UTF-16 of Windows PowerShell"] = () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Crlf(Pkcs8))],
        ["UTF-16 without a mark"] = () => Encoding.Unicode.GetBytes(Pkcs8),
        ["UTF-16, the other way"] = () => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Pkcs1)],
        ["UTF-8 with a mark"] = () => [0xEF, 0xBB, 0xBF, .. Utf8(Pkcs8)],
        ["literal \\n"] = () => Utf8(Pkcs8.Replace("\n", "\\n")),
        ["literal \\r\\n in quotes"] = () => Utf8('"' + Crlf(Pkcs8).Replace("\r", "\\r").Replace("\n", "\\n") + '"'),
        ["a file of variables"] = () => Utf8("NAME=x\nKEY=\"" + Pkcs8.Replace("\n", "\\n") + "\"\n"),
        ["a line of a script"] = () => Utf8($"export KEY='{Pkcs1}'; echo\n"),
        ["blanks for line ends"] = () => Utf8(Pkcs8.Replace("\n", " ")),
        ["base64 of PEM"] = () => Utf8(Convert.ToBase64String(Utf8(Pkcs8))),
        ["base64 of PEM in lines"] = () => Utf8(
            Convert.ToBase64String(Utf8(Pkcs1), Base64FormattingOptions.InsertLineBreaks)),
        ["base64 of base64"] = () => Utf8(Convert.ToBase64String(Utf8(Convert.ToBase64String(Utf8(Pkcs8))))),
        ["base64 of UTF-16"] = () => Utf8(Convert.ToBase64String(Encoding.Unicode.GetBytes(Pkcs8))),
        ["base64url of DER"] = () => Utf8(Plugins.Jose.Base64Url.Encode(Rsa.ExportPkcs8PrivateKey())),
        ["DER, PKCS#8"] = Rsa.ExportPkcs8PrivateKey,
        ["DER, PKCS#1"] = Rsa.ExportRSAPrivateKey,
        ["base64 of DER"] = () => Utf8(Convert.ToBase64String(Rsa.ExportRSAPrivateKey())),
        ["DER, encrypted"] = () => Rsa.ExportEncryptedPkcs8PrivateKey(Passphrase, Encryption),
        ["PEM, encrypted, and public"] = () =>
            Utf8(Public + "\n" + Rsa.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption)),
        ["PFX"] = () => Certificate().Export(X509ContentType.Pfx, Passphrase),
        ["PFX in base64"] = () => Utf8(Convert.ToBase64String(Certificate().Export(X509ContentType.Pfx, Passphrase))),
        ["PFX with AES"] = () =>
            Certificate().ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, Passphrase),
        ["JWK"] = () => Utf8(Jwk(Rsa)),
        ["JWK set"] = () => Utf8($$"""{"keys":[{{Jwk(Rsa)}},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}"""),
        ["service account"] = () => Utf8(
            $$"""{"type":"service_account","private_key":"{{Pkcs8.Replace("\n", "\\n")}}"}"""),
        ["a quotation in a mail"] = () => Utf8("Here it is:\r\n\r\n" + Crlf(Marked(Pkcs8, "> ")) + "\r\nRegards"),
        ["a quotation of a quotation"] = () => Utf8(Marked(Pkcs1, ">>")),
        ["a quotation, encrypted"] = () =>
            Utf8(Marked(Rsa.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption), "> ")),
        ["a quotation and itself"] = () => Utf8(Marked(Pkcs8, "> ") + Pkcs8),
        ["the source of a mail"] = () => Utf8(Marked(Pkcs8, "> ").Replace("=", "=3D")),
        ["a comment"] = () => Utf8(Marked(Pkcs8, "# ")),
        ["a table"] = () => Utf8(Marked(Pkcs8, "| ").Replace("\n", " |\n")),
        ["indented in YAML"] = () => Utf8("key: |\n" + Marked(Pkcs8, "    ") + "other: 1\n"),
        ["indented by tabs"] = () => Utf8(Marked(Pkcs1, "\t\t")),
        ["blank lines between"] = () => Utf8(Crlf(Pkcs8.Replace("\n", "\n\n"))),
        ["line ends of old Macs"] = () => Utf8(Pkcs8.Replace("\n", "\r")),
        ["blanks that do not break"] = () => Utf8(Pkcs8.Replace("\n", "\u00A0\n")),
        ["a blank of no width"] = () => Utf8("\u200B" + Pkcs8),
        ["dashes of a word processor"] = () => Utf8(Dashed(Pkcs8, "\u2014\u2014-")),
        ["four hyphens"] = () => Utf8(Dashed(Pkcs8, "----")),
        ["lower case"] = () => Utf8(Pkcs8.Replace("BEGIN PRIVATE KEY", "begin private key")
            .Replace("END PRIVATE KEY", "End Private Key")),
        ["a JSON string"] = () => Utf8(JsonSerializer.Serialize(Crlf(Pkcs8))),
        ["a JSON string in a JSON string"] = () =>
            Utf8(JsonSerializer.Serialize(JsonSerializer.Serialize(new { key = Pkcs8 }))),
        ["a member of a member"] = () => Utf8(JsonSerializer.Serialize(new { data = new { data = new { Pkcs1 } } })),
        ["an array of lines"] = () => Utf8(JsonSerializer.Serialize(Pkcs8.Split('\n'))),
        ["an array with one PEM"] = () => Utf8(JsonSerializer.Serialize(new[] { Pkcs8 })),
        ["pieces of a program"] = () => Utf8("key = \"" + Pkcs8.Replace("\n", "\\n\" +\n    \"") + "\";"),
        ["an address"] = () => Utf8(Uri.EscapeDataString(Pkcs8)),
        ["a secret of Kubernetes"] = () => Utf8(
            $"data:\n  tls.crt: {Base64(Certificate().ExportCertificatePem())}\n  tls.key: {Base64(Pkcs8)}\n"),
        ["the same in JSON"] = () => Utf8(JsonSerializer.Serialize(new { data = new { key = Base64(Pkcs1) } })),
        ["twice"] = () => Utf8(Pkcs8 + "\n" + Crlf(Pkcs8)),
        ["a chain, then private"] = () => Utf8(
            Certificate().ExportCertificatePem() + "\n" + Certificate().ExportCertificatePem() + "\n" + Pkcs8),
        ["private, then a chain"] = () => Utf8(
            Pkcs1 + "\n" + Certificate().ExportCertificatePem() + "\n" + Certificate().ExportCertificatePem()),
        ["lines without BEGIN and END"] = () => Utf8(string.Join('\n', Pkcs8.Split('\n')[1..^1])),
        ["a JWK with nulls"] = () => Utf8(Jwk(Rsa, ""","oth":null,"key_ops":null,"use":null,"alg":null""")),
        ["PFX of 400,000 rounds"] = () => Certificate().ExportPkcs12(
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 400_000), Passphrase),
        ["a PFX in Azure Key Vault"] = () => Utf8(JsonSerializer.Serialize(new
        {
            contentType = "application/x-pkcs12",
            cer = Convert.ToBase64String(Certificate().RawData),
            value = Convert.ToBase64String(Certificate().Export(X509ContentType.Pfx, Passphrase)),
        })),
        ["XML of .NET"] = () => Utf8(Rsa.ToXmlString(true)),
    };

    private static Dictionary<string, (Func<byte[]> File, string Code, string Word)> Named { get; } = new()
    {
        ["OpenSSH's own format"] = (
            () => Utf8(PemEncoding.WriteString("OPENSSH PRIVATE KEY", new byte[300])),
            "CHATAUTH4206", "ssh-keygen -p -m PEM -f FILE"),
        ["SSH.COM"] = (() => Utf8("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"me\"\nAAAA\n"
            + "---- END SSH2 ENCRYPTED PRIVATE KEY ----"), "CHATAUTH4206", "ssh-keygen -i -f FILE"),
        ["SSH.COM's public key"] = (() => Utf8("---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"me\"\nAAAA\n"
            + "---- END SSH2 PUBLIC KEY ----"), "CHATAUTH4205", "public key only"),
        ["PGP"] = (() => Utf8("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----"),
            "CHATAUTH4206", "it is of PGP"),
        ["numbered lines"] = (
            () => Utf8(string.Join('\n', Pkcs8.Split('\n').Select((line, at) => $"{at,4} {line}"))),
            "CHATAUTH4206", "with nothing before or behind a line"),
        ["no BEGIN line"] = (() => Utf8(Pkcs8[28..]), "CHATAUTH4206", "END line"),
        ["two keys in one JSON"] = (
            () => Utf8(JsonSerializer.Serialize(new { a = Pkcs8, b = Other.ExportPkcs8PrivateKeyPem() })),
            "CHATAUTH4207", "several private keys"),
        ["a quoted public key"] = (() => Utf8(Marked(Public, "> ")), "CHATAUTH4205", "public key only"),
        ["PuTTY"] = (() => Utf8("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n"), "CHATAUTH4206", "PuTTYgen"),
        ["scrypt"] = (
            () => Utf8(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", OfScrypt())),
            "CHATAUTH4206", "by scrypt, which cannot be opened here"),
        ["PVK"] = (() => [0x1E, 0xF1, 0xB5, 0xB0, 0, 0, 0, 0], "CHATAUTH4206", "openssl rsa -inform MSBLOB"),
        ["a blob of CryptoAPI"] = (
            () => [7, 2, 0, 0, 0, 0xA4, 0, 0, .. "RSA2"u8], "CHATAUTH4206", "openssl rsa -inform MSBLOB"),
        ["gzip"] = (() => [0x1F, 0x8B, 8, 0], "CHATAUTH4206", "it is compressed. Unpack it"),
        ["zip"] = (() => [0x50, 0x4B, 3, 4, 20], "CHATAUTH4206", "it is compressed. Unpack it"),
        ["text that is base64, too"] = (
            () => Utf8(Convert.ToHexString(Rsa.ExportPkcs8PrivateKey())), "CHATAUTH4206", "text of another kind"),
        ["XML that is nested"] = (
            () => Utf8(string.Concat(Enumerable.Repeat("<a>", 80_000))), "CHATAUTH4206", "no RSA key in the XML"),
        ["Java keystore"] = (() => [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2], "CHATAUTH4206", "keytool"),
        ["elliptic curve, DER"] = (ECDsa.Create().ExportPkcs8PrivateKey, "CHATAUTH4206", "chatauth key new"),
        ["Ed25519"] = (() => Of("1.3.101.112"), "CHATAUTH4206", "its key is of another kind"),
        ["X25519"] = (() => Of("1.3.101.110"), "CHATAUTH4206", "its key is of another kind"),
        ["RSA-PSS"] = (() => Of("1.2.840.113549.1.1.10"), "CHATAUTH4206", "its key is of another kind"),
        ["DSA"] = (() => Of("1.2.840.10040.4.1"), "CHATAUTH4206", "its key is of another kind"),
        ["a damaged RSA key"] = (() => Of("1.2.840.113549.1.1.1"), "CHATAUTH4206", "or is damaged"),
        ["nothing"] = (() => [], "CHATAUTH4206", "it is empty"),
        ["blank lines"] = (() => Utf8(" \r\n\n"), "CHATAUTH4206", "it is empty"),
        ["certificate request"] = (() => Pem("CERTIFICATE REQUEST"), "CHATAUTH4205", "public key only"),
        ["trusted certificate"] = (() => Pem("TRUSTED CERTIFICATE"), "CHATAUTH4205", "public key only"),
        ["PKCS#7"] = (() => Pem("PKCS7"), "CHATAUTH4205", "public key only"),
        ["elliptic curve, JWK"] = (
            () => Utf8("""{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}"""), "CHATAUTH4206", "not an RSA key"),
        ["symmetric JWK"] = (() => Utf8("""{"kty":"oct","k":"c2VjcmV0"}"""), "CHATAUTH4206", "not an RSA key"),
        ["certificate"] = (() => Utf8(Certificate().ExportCertificatePem()), "CHATAUTH4205", "public key only"),
        ["certificate, DER"] = (() => Certificate().RawData, "CHATAUTH4205", "public key only"),
        ["PFX without its key"] = (
            () => X509CertificateLoader.LoadCertificate(Certificate().RawData).Export(X509ContentType.Pfx, Passphrase),
            "CHATAUTH4205", "public key only"),
        ["PFX with two keys"] = (
            () => new X509Certificate2Collection { Certificate(), Certificate() }
                .Export(X509ContentType.Pfx, Passphrase)!,
            "CHATAUTH4207", "several private keys"),
        ["SSH's public key"] = (() => Utf8("ssh-rsa AAAAB3NzaC1yc2E me@here"), "CHATAUTH4205", "public key only"),
        ["public JWK"] = (() => Utf8("""{"kty":"RSA","n":"AQAB","e":"AQAB"}"""), "CHATAUTH4205", "public key only"),
        ["public XML"] = (() => Utf8(Rsa.ToXmlString(false)), "CHATAUTH4205", "public key only"),
        ["two JWKs"] = (() => Utf8($"[{Jwk(Rsa)},{Jwk(Other)}]"), "CHATAUTH4207", "several private keys"),
        ["half a PEM"] = (() => Utf8(Pkcs8[..900]), "CHATAUTH4206", "END line"),
        ["half a DER"] = (() => Rsa.ExportPkcs8PrivateKey()[..900], "CHATAUTH4206", "DER of another kind"),
        ["JSON without a key"] = (() => Utf8("""{"issuer":"contosohelp.com"}"""), "CHATAUTH4206", "without a key"),
        ["broken JSON"] = (() => Utf8("""{"keys":["""), "CHATAUTH4206", "not JSON"),
        ["broken XML"] = (() => Utf8("<RSAKeyValue><Modulus>"), "CHATAUTH4206", "XML"),
        ["a picture"] = (() => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "CHATAUTH4206", "neither text nor"),
        ["a megabyte"] = (() => new byte[1 << 20], "CHATAUTH4206", "256 KB"),
    };

    public static IEnumerable<object[]> ReadableNames => Readable.Keys.Select(name => new object[] { name });

    public static IEnumerable<object[]> NamedNames => Named.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(ReadableNames))]
    public async Task Are_read(string form)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await ImportAsync(folder, Readable[form](), Passphrase);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        RSAParameters parts = Rsa.ExportParameters(false);
        StringAssert.Contains(run.Error, JwkThumbprint.Compute(parts.Modulus!, parts.Exponent!));
    }

    [TestMethod]
    [DynamicData(nameof(NamedNames))]
    public async Task Are_named_where_they_cannot_be_taken(string form)
    {
        (Func<byte[]> file, string code, string word) = Named[form];
        using TemporaryFolder folder = new();
        CommandRun run = await ImportAsync(folder, file(), Passphrase);
        Assert.AreEqual($"1 {code}", $"{run.ExitCode} {run.Codes}", run.Error);
        StringAssert.Contains(run.Error, word);
        Assert.IsFalse(File.Exists(folder.File("key.json")));
        RSAParameters parts = Rsa.ExportParameters(true);
        foreach (byte[] secret in (byte[][])[parts.D!, parts.P!, parts.Q!])
        {
            Assert.DoesNotContain(Convert.ToBase64String(secret)[..16], run.Out + run.Error);
        }
    }

    [TestMethod]
    [DataRow(null, "CHATAUTH4208")]
    [DataRow("wrong", "CHATAUTH4209")]
    public async Task A_pfx_stays_closed_without_its_passphrase(string? passphrase, string code)
    {
        using TemporaryFolder folder = new();
        CommandRun run =
            await ImportAsync(folder, Certificate().Export(X509ContentType.Pfx, Passphrase), passphrase);
        Assert.AreEqual($"1 {code}", $"{run.ExitCode} {run.Codes}", run.Error);
        Assert.DoesNotContain(Passphrase, run.Error);
    }

    [TestMethod]
    [DataRow(100_000, false, DisplayName = "0.8 MB, which overflows the stack")]
    [DataRow(100_000, true, DisplayName = "indefinite lengths, which are quadratic")]
    [DataRow(8_000, true)]
    [DataRow(15_000, false)]
    [DataRow(40, false)]
    public async Task Are_not_followed_into_the_depth(int depth, bool isIndefinite)
    {
        byte[] der = Nested(depth, isIndefinite);
        byte[][] files =
        [
            der,
            Utf8(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", der)),
            Utf8(PemEncoding.WriteString("PRIVATE KEY", der)),
            Utf8(Convert.ToBase64String(der)),
        ];
        using TemporaryFolder folder = new();
        foreach (byte[] file in files)
        {
            long start = Stopwatch.GetTimestamp();
            CommandRun run = await ImportAsync(folder, file, Passphrase);
            Assert.AreEqual("1 CHATAUTH4206", $"{run.ExitCode} {run.Codes}", run.Error);
            Assert.IsLessThan(5, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    [TestMethod]
    public async Task Public_ones_may_have_anything_behind_them_since_nobody_reads_it()
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(0));
        using TemporaryFolder folder = new();
        byte[] der = [.. rsa.ExportRSAPublicKey(), .. Nested(40, isIndefinite: true)];
        await File.WriteAllTextAsync(folder.File("key.pem"), PemEncoding.WriteString("RSA PUBLIC KEY", der));
        CommandRun run = await CommandRun.OfAsync(["key", "public", folder.File("key.pem")]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [TestMethod]
    [DataRow(".", "is a folder, not a file")]
    [DataRow("gone.pem", "is not there")]
    public async Task A_path_that_leads_to_no_file_is_told_as_what_it_is(string path, string fact)
    {
        using TemporaryFolder folder = new();
        foreach (string[] words in (string[][])[["key", "import", "--out", folder.File("key.json")], ["key", "public"],
            ["token", "inspect"]])
        {
            CommandRun run = await CommandRun.OfAsync([.. words, Path.Combine(folder.Path, path)]);
            Assert.AreEqual($"1 CHATAUTH4001", $"{run.ExitCode} {run.Codes}", run.Error);
            StringAssert.Contains(run.Error, fact);
        }
    }

    [TestMethod]
    public async Task Marks_without_end_are_not_searched_for_long()
    {
        using TemporaryFolder folder = new();
        foreach (string piece in (string[])["-", "\\", "\" ", "-----BEGIN ", ">", "LS0tLS1CRUdJTi", "-----BEGIN\"+"])
        {
            long start = Stopwatch.GetTimestamp();
            string text = "-----BEGIN PRIVATE KEY-----"
                + string.Concat(Enumerable.Repeat(piece, 250_000 / piece.Length));
            CommandRun run = await ImportAsync(folder, Utf8(text), null);
            Assert.AreEqual("1 CHATAUTH4206", $"{run.ExitCode} {run.Codes}", run.Error);
            Assert.IsLessThan(5, Stopwatch.GetElapsedTime(start).TotalSeconds, piece);
        }
    }

    [TestMethod]
    public async Task Public_keys_go_to_a_file_as_UTF_8()
    {
        using TemporaryFolder folder = new();
        await ImportAsync(folder, Utf8(Pkcs8), null);
        CommandRun printed = await CommandRun.OfAsync(["key", "public", folder.File("key.json")]);
        CommandRun run = await CommandRun.OfAsync(
            ["key", "public", folder.File("key.json"), "--out", folder.File("publickey.json")]);
        Assert.AreEqual("0 ", $"{run.ExitCode} {run.Out}", run.Error);
        CollectionAssert.AreEqual(
            Utf8(printed.Out), await File.ReadAllBytesAsync(folder.File("publickey.json")));
    }

    [TestMethod]
    public async Task A_key_file_may_be_UTF_16()
    {
        using TemporaryFolder folder = new();
        await ImportAsync(folder, Utf8(Pkcs8), null);
        string text = await File.ReadAllTextAsync(folder.File("key.json"));
        await File.WriteAllTextAsync(folder.File("wide.json"), text, Encoding.Unicode);
        CommandRun run = await CommandRun.OfAsync(["key", "public", folder.File("wide.json")]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    internal static async Task<CommandRun> ImportAsync(TemporaryFolder folder, byte[] file, string? passphrase)
    {
        await File.WriteAllBytesAsync(folder.File("in"), file);
        return await CommandRun.OfAsync(
            ["key", "import", folder.File("in"), "--out", folder.File("key.json")],
            environment: name => name == "CHATAUTH_PEM_PASSPHRASE" ? passphrase : null);
    }

    internal static string Jwk(RSA rsa, string more = "")
    {
        RSAParameters parts = rsa.ExportParameters(true);
        string Member(string name, byte[]? number) => $",\"{name}\":\"{Plugins.Jose.Base64Url.Encode(number!)}\"";
        return "{\"kty\":\"RSA\"" + more + Member("n", parts.Modulus) + Member("e", parts.Exponent)
            + Member("d", parts.D) + Member("p", parts.P) + Member("q", parts.Q) + Member("dp", parts.DP)
            + Member("dq", parts.DQ) + Member("qi", parts.InverseQ) + "}";
    }

    // EncryptedPrivateKeyInfo of RFC 5958 section 3 by PBES2 (RFC 8018 appendix A.4) and scrypt (RFC 7914 section 7).
    private static byte[] OfScrypt()
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.5.13");
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.3.6.1.4.1.11591.4.11");
                }
            }

            writer.WriteOctetString(new byte[32]);
        }

        return writer.Encode();
    }

    private static byte[] Nested(int depth, bool isIndefinite) =>
        KeyFileParser.Nested(depth, isIndefinite, () => 0x30);

    private static byte[] Pem(string label) => Utf8(PemEncoding.WriteString(label, Certificate().RawData));

    // PKCS#8 of some algorithm, whose key is none.
    private static byte[] Of(string algorithm)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
            }

            writer.WriteOctetString(new byte[34]);
        }

        return Utf8(PemEncoding.WriteString("PRIVATE KEY", writer.Encode()));
    }

    private static X509Certificate2 Certificate()
    {
        CertificateRequest request = new("CN=chat", Rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(70));
    }

    private static string Marked(string text, string mark) =>
        string.Concat(text.Split('\n').Select(line => mark + line + "\n"));

    private static string Dashed(string text, string dashes) => text.Replace("-----", dashes);

    private static string Base64(string text) => Convert.ToBase64String(Utf8(text));

    private static string Crlf(string text) => text.Replace("\n", "\r\n");

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
