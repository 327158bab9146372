using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace ChatAuth.Keys;

/// <summary>Reads RSA keys from PEM (RFC 7468).</summary>
internal static class PemKey
{
    // RFC 7468 sections 10, 11 and 13; PKCS#1 in PEM as openssl writes it.
    private const string Pkcs8 = "PRIVATE KEY";
    private const string EncryptedPkcs8 = "ENCRYPTED PRIVATE KEY";
    private const string Pkcs1 = "RSA PRIVATE KEY";

    /// <summary>The numbers of the one private RSA key in a text.</summary>
    /// <param name="pem">PKCS#8, encrypted PKCS#8 or PKCS#1.</param>
    /// <param name="name">How errors name the text.</param>
    /// <param name="passphrase">Opens encrypted PKCS#8.</param>
    /// <exception cref="CommandException">There is not exactly one private RSA key, or the passphrase does not open it.</exception>
    public static RSAParameters ParsePrivate(string pem, string name, string? passphrase)
    {
        string[] labels = [.. KeyLabels(pem)];
        string[] secret = [.. labels.Where(label => label.EndsWith(Pkcs8, StringComparison.Ordinal))];
        switch (secret)
        {
            // RFC 1421 headers: a passphrase hashed once with MD5; .NET does not read such a block at all.
            case [] when pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal):
                throw new CommandException(Errors.PemOldEncryption(name));
            case [] when labels.Length > 0:
                throw new CommandException(Errors.PemPublicOnly(name));
            case [] or [not (Pkcs8 or EncryptedPkcs8 or Pkcs1)]:
                throw new CommandException(Errors.PemNoRsaKey(name));
            case [EncryptedPkcs8] when string.IsNullOrEmpty(passphrase):
                throw new CommandException(Errors.PemPassphraseMissing(name));
            case [EncryptedPkcs8]:
                return Import(rsa => rsa.ImportFromEncryptedPem(pem, passphrase), Errors.PemPassphraseWrong(name));
            case [_]:
                return Import(rsa => rsa.ImportFromPem(pem), Errors.PemNoRsaKey(name));
            default:
                throw new CommandException(Errors.PemSeveralKeys(name));
        }
    }

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

    private static IEnumerable<string> KeyLabels(string pem)
    {
        int start = 0;
        while (PemEncoding.TryFind(pem.AsSpan(start), out PemFields fields))
        {
            string label = pem[start..][fields.Label];
            if (label.EndsWith(" KEY", StringComparison.Ordinal))
            {
                yield return label;
            }

            start += fields.Location.End.Value;
        }
    }
}
