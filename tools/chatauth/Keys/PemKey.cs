using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ChatAuth.Keys;

/// <summary>Reads RSA keys from PEM (RFC 7468).</summary>
internal static class PemKey
{
    // RFC 7468 sections 10, 11 and 13; PKCS#1 in PEM as openssl writes it.
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string Pkcs1 = "RSA PRIVATE KEY";

    private const string NewKey = "RS256 needs an RSA key: make one with chatauth key new";
    private const string Whole =
        "Give the whole text, from its BEGIN line to its END line, with nothing before or behind a line";

    // .NET looks for the end of each beginning up to the end of the text: thousands of beginnings would take hours.
    private const int MaximumBlocks = 32;

    // RFC 7914 section 7, id-scrypt, as DER has it.
    private static readonly byte[] Scrypt = [6, 9, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 4, 11];

    /// <summary>The most rounds of a hash that a file may ask for to be opened.</summary>
    /// <remarks>Twenty seconds in .NET's slowest way, PBES1; it takes whatever number a file asks for, which may be six
    /// hours.</remarks>
    public const int MaximumRounds = 2_000_000;

    /// <summary>The numbers of the one private RSA key in a text.</summary>
    /// <param name="pem">PKCS#8, encrypted PKCS#8 or PKCS#1.</param>
    /// <param name="name">How errors name the text.</param>
    /// <param name="passphrase">Opens encrypted PKCS#8.</param>
    /// <exception cref="CommandException">There is not exactly one private RSA key, or the passphrase does not open
    /// it.</exception>
    public static RSAParameters ParsePrivate(string pem, string name, string? passphrase)
    {
        (string Label, string Base64, string Block)[] keys = HasFewBlocks(pem) ? [.. Keys(pem)] : [];
        (string Label, string Base64, string Block)[] secret =
            [
                .. keys.Where(key => key.Label.EndsWith(Pkcs8, StringComparison.Ordinal))
                    .DistinctBy(key => string.Concat(key.Base64.Where(digit => !char.IsWhiteSpace(digit)))),
            ];
        switch (secret.Select(key => key.Label).ToArray())
        {
            // RFC 1421 headers: a passphrase hashed once with MD5; .NET does not read such a block at all.
            case [] when pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal):
                throw new CommandException(Errors.PemOldEncryption(name));
            case [] when keys.Length > 0:
                throw new CommandException(Errors.PemPublicOnly(name));
            case []:
                throw Unreadable(name, "no PEM block of a key can be read in it", Whole);
            case ["OPENSSH PRIVATE KEY"]:
                throw Unreadable(
                    name,
                    "it is in OpenSSH's own format",
                    "Convert a copy of it in place with ssh-keygen -p -m PEM -f FILE, and import that");
            case [not (Pkcs8 or EncryptedPkcs8 or Pkcs1)]:
                throw Unreadable(name, "its key is of another kind", NewKey);
            case [_] when !IsBounded(secret[0].Base64):
                throw Unreadable(name, "its DER is longer or deeper than any key's", NewKey);
            case [EncryptedPkcs8] when string.IsNullOrEmpty(passphrase):
                throw new CommandException(Errors.PemPassphraseMissing(name));
            case [EncryptedPkcs8]
                when Convert.FromBase64String(secret[0].Base64).AsSpan().IndexOf(Scrypt) >= 0:
                throw Unreadable(
                    name, "it is encrypted by scrypt, which cannot be opened here",
                    "Encrypt it again with openssl pkcs8 -topk8 -v2 aes-256-cbc");
            case [EncryptedPkcs8] when AsksForTooManyRounds(secret[0].Base64):
                throw new CommandException(Errors.PemTooManyRounds(name));
            case [EncryptedPkcs8]:
                return Import(
                    rsa => rsa.ImportFromEncryptedPem(secret[0].Block, passphrase), Errors.PemPassphraseWrong(name));
            case [Pkcs8 or Pkcs1] when Version(secret[0].Label, secret[0].Base64) is { } version && version != 0:
                throw version < 0 ? Unreadable(name, "its key is of another kind", NewKey)
                    : new CommandException(Errors.KeyUnfit(name, KeyQuality.MorePrimes, KeyQuality.KeepIt));
            case [_]:
                return Import(
                    rsa => rsa.ImportFromPem(secret[0].Block),
                    Errors.PemNoRsaKey(name, "what its PEM holds is none, or is damaged", NewKey));
            default:
                throw new CommandException(Errors.PemSeveralKeys(name));
        }
    }

    /// <summary>
    /// Whether a text has no more blocks than a person or a program puts into one file; more are not to be searched.
    /// </summary>
    public static bool HasFewBlocks(string pem) => pem.AsSpan().Count("-----BEGIN ") <= MaximumBlocks;

    /// <summary>Whether what a PEM block holds may be parsed.</summary>
    /// <param name="base64">Its base64.</param>
    public static bool IsBounded(ReadOnlySpan<char> base64)
    {
        if (base64.Length > 2 * DerBounds.MaximumLength)
        {
            return false;
        }

        byte[] der = new byte[base64.Length];
        return !Convert.TryFromBase64Chars(base64, der, out int length) || DerBounds.Hold(der.AsSpan(0, length));
    }

    private static CommandException Unreadable(string name, string what, string remedy) =>
        new(Errors.PemNoRsaKey(name, what, remedy));

    private static RSAParameters Import(Action<RSA> import, CodedError error)
    {
        try
        {
            using RSA rsa = RSA.Create();
            import(rsa);
            return rsa.ExportParameters(includePrivateParameters: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CommandException(error);
        }
    }

    private static IEnumerable<(string Label, string Base64, string Block)> Keys(string pem)
    {
        int start = 0;
        while (PemEncoding.TryFind(pem.AsSpan(start), out PemFields fields))
        {
            string label = pem.AsSpan(start)[fields.Label].ToString();
            if (label.EndsWith(" KEY", StringComparison.Ordinal) || label is "PKCS7" or "CMS"
                || label.Contains("CERTIFICATE", StringComparison.Ordinal))
            {
                ReadOnlySpan<char> rest = pem.AsSpan(start);
                yield return (label, rest[fields.Base64Data].ToString(), rest[fields.Location].ToString());
            }

            start += fields.Location.End.Value;
        }
    }

    // PrivateKeyInfo of RFC 5958 section 2: a version, the key's algorithm, of which RSA-PSS is one of its own (RFC
    // 8017 appendix A.2.3), the key. RSAPrivateKey of RFC 8017 appendix A.1.2: version 1 has more than two primes. -1
    // for no such key, null for what cannot be read: the import says what is wrong with it.
    private static int? Version(string label, string base64)
    {
        try
        {
            AsnReader key = new AsnReader(Convert.FromBase64String(base64), AsnEncodingRules.BER).ReadSequence();
            bool isRsa = label == Pkcs1;
            if (!isRsa)
            {
                key.ReadIntegerBytes();
                isRsa = key.ReadSequence().ReadObjectIdentifier() == RsaEncryption;
                key = isRsa ? new AsnReader(key.ReadOctetString(), AsnEncodingRules.DER).ReadSequence() : key;
            }

            return !isRsa ? -1 : key.ReadInteger().IsOne ? 1 : 0;
        }
        catch (Exception exception) when (exception is AsnContentException or FormatException)
        {
            return null;
        }
    }

    // EncryptedPrivateKeyInfo of RFC 5958 section 3: the rounds are the one large integer of its algorithm (RFC 8018
    // appendix A).
    private static bool AsksForTooManyRounds(string base64)
    {
        try
        {
            return HasLargeInteger(
                new AsnReader(Convert.FromBase64String(base64), AsnEncodingRules.BER).ReadSequence().ReadSequence());
        }
        catch (AsnContentException)
        {
            return false; // the import says what is wrong with it
        }
    }

    private static bool HasLargeInteger(AsnReader values)
    {
        bool isLarge = false;
        while (values.HasData && !isLarge)
        {
            Asn1Tag tag = values.PeekTag();
            isLarge = tag.HasSameClassAndValue(Asn1Tag.Sequence) ? HasLargeInteger(values.ReadSequence())
                : tag.HasSameClassAndValue(Asn1Tag.Integer) ? values.ReadInteger() > MaximumRounds
                : values.ReadEncodedValue().IsEmpty;
        }

        return isLarge;
    }
}
