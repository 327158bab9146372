using System;
using System.Security.Cryptography;
using System.Threading;

namespace ChatAuth.Plugins.Jose;

/// <summary>Turns the numbers of a key into an RSA object that is proven to sign.</summary>
/// <remarks>
/// Nothing public says which RSA class the sandbox lets work. So the natural one of the runtime comes first, the
/// framework's own choice second, and each must make and accept a trial signature, which takes the slow first signature
/// of a new key object too; it does not show whether p and q are prime. Keys come in as numbers, never through a named
/// key container, which would outlive the process.
/// </remarks>
internal static class RsaImport
{
    private static readonly byte[] Trial = { 1 };

    /// <summary>Imports a key.</summary>
    /// <param name="parts">All eight numbers.</param>
    /// <param name="label">How errors name the key.</param>
    /// <exception cref="ChatAuthException">3009 no class of this runtime signs with the key.</exception>
    internal static RSA Import(RSAParameters parts, string label) =>
        (Environment.OSVersion.Platform == PlatformID.Win32NT ? TryImport(NewCng, parts) : null)
        ?? TryImport(RSA.Create, parts)
        ?? throw Errors.SigningFailed(label);

    // A method of its own: where the class does not exist, only this call fails.
    private static RSA NewCng() => new RSACng();

    private static RSA? TryImport(Func<RSA> create, RSAParameters parts)
    {
        RSA? rsa = null;
        try
        {
            rsa = create();
            rsa.ImportParameters(parts);
            var signature = rsa.SignData(Trial, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            if (rsa.VerifyData(Trial, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            {
                return rsa;
            }
        }
        catch (Exception exception) when (exception is not ThreadAbortException)
        {
            // Nobody knows in which way a class fails that the sandbox does not let work: the next one, or 3009. The
            // text may not be shown.
        }

        rsa?.Dispose();
        return null;
    }
}
