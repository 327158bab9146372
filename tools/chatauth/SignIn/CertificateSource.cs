using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatAuth.Keys;

namespace ChatAuth.SignIn;

/// <summary>Where an application's certificate is.</summary>
/// <param name="Path">A PFX or PEM file with certificate and private key; null for one in the machine's store.</param>
/// <param name="Password">Opens the file; null for none.</param>
/// <param name="Thumbprint">Names the certificate in the store.</param>
/// <param name="StoreName">The store, of the user and then of the machine.</param>
internal sealed record CertificateSource(
    string? Path, string? Password, string? Thumbprint = null, string StoreName = "My")
{
    /// <summary>Where it is: a record would print the password too.</summary>
    public override string ToString() => Path ?? $"certificate {Thumbprint}";

    /// <summary>Loads it with its private key.</summary>
    /// <exception cref="CommandException">5025 it cannot be used; 4001 the file cannot be read.</exception>
    public X509Certificate2 Load() => Path != null ? LoadFile(Path) : LoadFromStore();

    private X509Certificate2 LoadFile(string path)
    {
        byte[] bytes = DiskFile.Read(path);
        try
        {
            string? pem = Utf8.Decode(bytes);
            return pem?.Contains("-----BEGIN ", StringComparison.Ordinal) != true
                ? X509CertificateLoader.LoadPkcs12(bytes, Password)
                : !PemKey.HasFewBlocks(pem) ? throw new CryptographicException("Too many blocks of PEM.")
                : Password == null ? X509Certificate2.CreateFromPem(pem, pem)
                : X509Certificate2.CreateFromEncryptedPem(pem, pem, Password);
        }
        catch (CryptographicException)
        {
            throw new CommandException(
                Errors.CertificateBad(
                    path, "is no PFX or PEM file with certificate and private key, or its password is wrong"));
        }
    }

    private X509Certificate2 LoadFromStore()
    {
        // As certificate managers show it, with spaces; a copied one often begins with an invisible mark.
        string wanted = string.Concat((Thumbprint ?? string.Empty).Where(char.IsAsciiHexDigit));
        return Stores().FirstOrDefault(
            certificate => certificate.HasPrivateKey && string.Equals(
                certificate.Thumbprint, wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new CommandException(
                Errors.CertificateBad(ToString(),
                    $"is not in the store {StoreName} of the user or the machine, or has no private key there"));
    }

    private IEnumerable<X509Certificate2> Stores()
    {
        foreach (StoreLocation location in new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine })
        {
            using X509Store store = new(StoreName, location);
            X509Certificate2[] certificates = [];
            try
            {
                store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
                certificates = [.. store.Certificates];
            }
            catch (Exception exception) when (exception is CryptographicException or IOException)
            {
                // This machine has no such store.
            }

            foreach (X509Certificate2 certificate in certificates)
            {
                yield return certificate;
            }
        }
    }
}
