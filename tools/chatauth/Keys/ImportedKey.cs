using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Keys;

/// <summary>Reads a private RSA key in whatever form people have it.</summary>
/// <remarks>
/// PEM and DER (PKCS#1, PKCS#8, encrypted PKCS#8), PFX, a JWK or a set with one, the XML of .NET; PEM in JSON, YAML,
/// program text or a mail; as UTF-8 or UTF-16, in quotes, with literal \n, or as base64 of any of them. What it is not
/// is named.
/// </remarks>
internal static partial class ImportedKey
{
    // A PEM of 4096 bits has 3,300 characters; a PFX in base64, as UTF-16, some 30,000.
    private const int MaximumLength = 256 * 1024;

    // The XML of 4096 bits has 3,300 characters.
    private const int MaximumXml = 16 * 1024;

    // Base64 of base64 of a PEM.
    private const int MaximumWrappings = 2;

    private const string NewKey = "RS256 needs an RSA key: make one with chatauth key new";
    private const string ExportIt = "Export it as PEM, PKCS#8 or PFX, and import that";

    // As many rounds as for PEM, where .NET takes 300,000 a part.
    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = PemKey.MaximumRounds,
        IndividualKdfIterationLimit = PemKey.MaximumRounds,
        TotalKdfIterationLimit = PemKey.MaximumRounds,
    };

    private static readonly PbeParameters Passing =
        new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 1);

    /// <summary>The numbers of the one private RSA key in a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">How errors name it.</param>
    /// <param name="passphrase">Opens what is encrypted; null or empty for none.</param>
    /// <exception cref="CommandException">4205 to 4212: there is not exactly one private RSA key that can be read, or
    /// the passphrase does not open it.</exception>
    /// <exception cref="Plugins.ChatAuthException">3004 to 3006: a JWK is none that the plug-in takes.</exception>
    public static RSAParameters Read(byte[] bytes, string name, string? passphrase) =>
        new Reading(name, passphrase).Bytes(bytes, 0);

    private sealed partial class Reading(string name, string? passphrase)
    {
        public RSAParameters Bytes(byte[] bytes, int wrappings) => bytes.Length > MaximumLength
            ? throw Unreadable("it has more than 256 KB, and no key does", ExportIt)
            : bytes switch
            {
                [0x30, not 0, ..] => Der(bytes),
                [0xFE, 0xED, 0xFE, 0xED, ..] or [0xCE, 0xCE, 0xCE, 0xCE, ..] => throw Unreadable(
                    "it is a Java keystore",
                    "Convert it with keytool -importkeystore -deststoretype PKCS12, and import that"),
                [0x1F, 0x8B, ..] or [0x50, 0x4B, 3, 4, ..] => throw Unreadable(
                    "it is compressed", "Unpack it, and import the key that is in it"),
                [7, 2, 0, 0, 0, 0x24 or 0xA4, 0, 0, ..] or [0x1E, 0xF1, 0xB5, 0xB0, ..] => throw Unreadable(
                    "it is in a format of Windows' CryptoAPI",
                    "Convert it with openssl rsa -inform MSBLOB, or PVK, -in FILE -out key.pem, and import that"),
                _ => UnicodeText.Decode(bytes) is { } text ? Text(text, wrappings)
                    : throw Unreadable(
                        wrappings > 0 ? "it is text of another kind" : "it is neither text nor DER", ExportIt),
            };

        private RSAParameters Text(string text, int wrappings)
        {
            text = text.Trim('\uFEFF', '\0', ' ', '\t', '\r', '\n');
            if (text is ['"', .., '"'] or ['\'', .., '\''])
            {
                text = text[1..^1].Trim();
            }

            text = text.Contains("BEGIN%20", StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
            bool isPem = Boundary().IsMatch(text);
            bool holdsPem = wrappings < MaximumWrappings && PemInBase64().IsMatch(text);
            return text switch
            {
                [] => throw Unreadable("it is empty", ExportIt),
                ['{' or '[', ..] when !(isPem && PrivateKey().IsMatch(text)) && !holdsPem => Json(text, wrappings),
                _ when text.Contains("BEGIN SSH2 PUBLIC KEY", StringComparison.Ordinal) =>
                    throw new CommandException(Errors.PemPublicOnly(name)),
                _ when text.Contains("BEGIN SSH2 ENCRYPTED PRIVATE KEY", StringComparison.Ordinal) => throw Unreadable(
                    "it is in the format of SSH.COM", "Convert it with ssh-keygen -i -f FILE, and import that"),
                _ when text.Contains("BEGIN PGP ", StringComparison.Ordinal) =>
                    throw Unreadable("it is of PGP", NewKey),
                _ when isPem => PemKey.ParsePrivate(WithLineEnds(text), name, passphrase),
                ['<', ..] => Xml(text),
                _ when text.StartsWith("PuTTY-User-Key-File", StringComparison.Ordinal) => throw Unreadable(
                    "it is a key of PuTTY", "Convert it in PuTTYgen by Conversions, Export OpenSSH key, then with "
                        + "ssh-keygen -p -m PEM -f FILE"),
                _ when text.StartsWith("ssh-", StringComparison.Ordinal) =>
                    throw new CommandException(Errors.PemPublicOnly(name)),
                _ when wrappings < MaximumWrappings && Base64(text) is { Length: > 0 } inner =>
                    Bytes(inner, wrappings + 1),
                _ when holdsPem => Text(
                    PemInBase64().Replace(text, pem => Encoding.Latin1.GetString(Base64(pem.Value) ?? [])),
                    wrappings + 1),
                _ => throw Unreadable("it is text of another kind", ExportIt),
            };
        }

        private RSAParameters Der(byte[] der)
        {
            if (!DerBounds.Hold(der))
            {
                throw TooDeep();
            }

            string? label = Label(der);
            return label == "PFX" ? Pfx(der)
                : label == null ? throw Unreadable("it is DER of another kind", ExportIt)
                : PemKey.ParsePrivate(PemEncoding.WriteString(label, der), name, passphrase);
        }

        // By their first two members: RFC 8017 A.1, RFC 5958, RFC 7292 section 4, RFC 5280 section 4.1.
        private static string? Label(byte[] der)
        {
            try
            {
                AsnReader values = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
                bool isVersion = values.PeekTag().HasSameClassAndValue(Asn1Tag.Integer);
                bool isPfx = isVersion && values.ReadInteger() == 3;
                if (!isVersion)
                {
                    values.ReadEncodedValue();
                }

                Asn1Tag second = values.PeekTag();
                return isPfx ? "PFX"
                    : isVersion && second.HasSameClassAndValue(Asn1Tag.Integer) ? "RSA PRIVATE KEY"
                    : isVersion && second.HasSameClassAndValue(Asn1Tag.Sequence) ? "PRIVATE KEY"
                    : isVersion ? null
                    : second.HasSameClassAndValue(Asn1Tag.PrimitiveOctetString) ? "ENCRYPTED PRIVATE KEY"
                    : second.HasSameClassAndValue(Asn1Tag.PrimitiveBitString) ? "PUBLIC KEY"
                    : second.HasSameClassAndValue(Asn1Tag.Sequence) ? "CERTIFICATE"
                    : null;
            }
            catch (AsnContentException)
            {
                return null;
            }
        }

        private RSAParameters Pfx(byte[] pfx)
        {
            X509Certificate2Collection certificates = [];
            try
            {
                // macOS keeps no key outside a key chain; it takes a temporary one.
                certificates = X509CertificateLoader.LoadPkcs12Collection(
                    pfx,
                    passphrase,
                    OperatingSystem.IsMacOS() ? X509KeyStorageFlags.Exportable
                        : X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet,
                    Limits);
                X509Certificate2[] secret = [.. certificates.Where(certificate => certificate.HasPrivateKey)];
                using RSA? rsa = secret is [var only] ? only.GetRSAPrivateKey() : null;
                return rsa != null ? Exported(rsa) : throw (
                    secret.Length == 0 ? new CommandException(Errors.PemPublicOnly(name))
                    : secret.Length > 1 ? new CommandException(Errors.PemSeveralKeys(name))
                    : Unreadable("the key of this PFX is not an RSA key", NewKey));
            }
            catch (CryptographicException exception)
            {
                throw exception is Pkcs12LoadLimitExceededException
                    ? new CommandException(Errors.PemTooManyRounds(name))
                    : exception.HResult != InvalidPassword
                    ? Unreadable("it is a PFX that this machine cannot open", "Export it again with AES-256")
                    : new CommandException(
                        string.IsNullOrEmpty(passphrase) ? Errors.PemPassphraseMissing(name)
                            : Errors.PemPassphraseWrong(name));
            }
            finally
            {
                foreach (X509Certificate2 certificate in certificates)
                {
                    certificate.Dispose();
                }
            }
        }

        // ERROR_INVALID_PASSWORD, which .NET gives on every system.
        private const int InvalidPassword = unchecked((int)0x80070056);

        // A key out of a PFX leaves Windows' key store in encrypted form only.
        private static RSAParameters Exported(RSA rsa)
        {
            string once = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            byte[] passing = rsa.ExportEncryptedPkcs8PrivateKey(once, Passing);
            using RSA own = RSA.Create();
            own.ImportEncryptedPkcs8PrivateKey(once, passing, out _);
            return own.ExportParameters(includePrivateParameters: true);
        }

        private RSAParameters Json(string text, int wrappings)
        {
            JsonValue document;
            try
            {
                document = JsonReader.Parse(text);
            }
            catch (JsonSyntaxException exception)
            {
                throw Unreadable("it is not JSON, " + exception.Message, ExportIt);
            }

            JsonValue[] keys =
            [
                .. document.Kind == JsonKind.Array ? document.Items
                    : document["keys"] is { Kind: JsonKind.Array } set ? set.Items
                    : [document],
            ];
            JsonValue[] secret = [.. keys.Where(key => key["d"] != null || key["k"] != null || key["priv"] != null)];
            return secret switch
            {
                [] when keys.Any(key => key["kty"] != null || key["publicKey"] != null) =>
                    throw new CommandException(Errors.PemPublicOnly(name)),
                [] => Member(document, wrappings) ?? throw Unreadable("it is JSON without a key", ExportIt),
                [var jwk] when jwk["kty"]?.Text != "RSA" => throw Unreadable("its JWK is not an RSA key", NewKey),
                [var jwk] => Jwk(jwk),
                _ => throw new CommandException(Errors.PemSeveralKeys(name)),
            };
        }

        // The one PFX or DER in base64, as a secret of Azure Key Vault has it; null for none.
        private RSAParameters? Member(JsonValue document, int wrappings)
        {
            byte[]? inner = wrappings == MaximumWrappings ? null : document.Members
                .Select(member => Base64(member.Value.Text) ?? []).FirstOrDefault(
                    bytes => bytes is [0x30, not 0, ..] && DerBounds.Hold(bytes)
                        && Label(bytes) is not (null or "CERTIFICATE" or "PUBLIC KEY"));
            return inner == null ? null : Bytes(inner, wrappings + 1);
        }

        private RSAParameters Jwk(JsonValue jwk)
        {
            KeyQuality.EnsureSuited(jwk, name);
            try
            {
                return RsaParts.Parse(jwk, "its JWK");
            }
            catch (ChatAuthException exception)
            {
                // The plug-in's remedy is for a key that an environment has.
                throw Unreadable(exception.Fact.TrimEnd('.'), ExportIt);
            }
        }

        private RSAParameters Xml(string text)
        {
            try
            {
                // The elements of a text of XML are slow to read where they are nested thousands deep.
                using StringReader reader = new(text.Length <= MaximumXml ? text : string.Empty);
                using XmlReader xml =
                    XmlReader.Create(reader, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
                XElement key = XElement.Load(xml);
                byte[]? Number(string member) => key.Element(member) is { } element
                    ? Convert.FromBase64String(element.Value)
                    : null;
                RSAParameters parts = new()
                {
                    Modulus = Number("Modulus"),
                    Exponent = Number("Exponent"),
                    D = Number("D"),
                    P = Number("P"),
                    Q = Number("Q"),
                    DP = Number("DP"),
                    DQ = Number("DQ"),
                    InverseQ = Number("InverseQ"),
                };
                using RSA rsa = parts is { Modulus: not null, D: null }
                    ? throw new CommandException(Errors.PemPublicOnly(name))
                    : RSA.Create(parts);
                return rsa.ExportParameters(includePrivateParameters: true);
            }
            catch (Exception exception) when (
                exception is XmlException or FormatException or CryptographicException or ArgumentException)
            {
                throw Unreadable("it is no RSA key in the XML of .NET", ExportIt);
            }
        }

        // As environment variables, JSON texts, programs and mails carry lines: escaped, in quotes that are joined,
        // behind marks that no base64 has. .NET wants BEGIN and END on lines of their own, with five hyphens.
        private static string WithLineEnds(string text)
        {
            text = Escape().Replace(text.Replace("=3D", "=", StringComparison.Ordinal), Unescaped);
            text = Mark().Replace(Joint().Replace(text, "\n"), " ");
            return Boundary().Replace(
                text, line => $"\n-----{line.Groups[1]} {line.Groups[2]}-----\n".ToUpperInvariant());
        }

        private static string Unescaped(Match escape) =>
            escape.Groups[1].Success
                ? ((char)ushort.Parse(escape.Groups[1].Value, NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture)).ToString()
                : escape.Groups[2].Value switch { "n" => "\n", "r" or "t" => " ", var other => other };

        private static byte[]? Base64(string text)
        {
            byte[] bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length]
                : Base64Url.Decode(text);
        }

        private CommandException Unreadable(string what, string remedy) =>
            new(Errors.PemNoRsaKey(name, what, remedy));

        // A word processor makes one dash of several hyphens, or another of them.
        [GeneratedRegex(
            @"[-\u2010-\u2015\u2212]{2,8}\s?(BEGIN|END)\s([A-Z0-9 ]{1,60}?)\s?[-\u2010-\u2015\u2212]{2,8}",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
        private static partial Regex Boundary();

        [GeneratedRegex("PRIVATE KEY", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
        private static partial Regex PrivateKey();

        // -----BEGIN in base64, as a secret of Kubernetes has it.
        [GeneratedRegex("LS0tLS1CRUdJTi[A-Za-z0-9+/]+={0,2}")]
        private static partial Regex PemInBase64();

        [GeneratedRegex(@"\\+(?:u([0-9A-Fa-f]{4})|(.))", RegexOptions.Singleline)]
        private static partial Regex Escape();

        // From the quotation mark that ends a piece of a text to the one that begins the next.
        [GeneratedRegex(@"[""'][\s+&.,]*[""']")]
        private static partial Regex Joint();

        // Of quotations and comments, and what editors hide.
        [GeneratedRegex(@"[>|#*;\u00A0\u00AD\u200B-\u200F\u2060\uFEFF]")]
        private static partial Regex Mark();

        private CommandException TooDeep() => Unreadable("its DER is longer or deeper than any key's", NewKey);
    }
}
