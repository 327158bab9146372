using System;
using System.Security.Cryptography;

namespace ChatAuth.Benchmarks.Peers;

/// <summary>A key whose signature, hash included, costs nothing: what is left of a call is everything else.</summary>
internal sealed class NullRsa : RSA
{
    private static readonly byte[] Signature = new byte[256];

    public override int KeySize => 2048;

    public override RSAParameters ExportParameters(bool includePrivateParameters) => new()
    {
        Modulus = Signature,
        Exponent = [1, 0, 1],
        D = Signature,
        P = Signature,
        Q = Signature,
        DP = Signature,
        DQ = Signature,
        InverseQ = Signature,
    };

    public override void ImportParameters(RSAParameters parameters)
    {
    }

    public override byte[] SignData(
        byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) => Signature;

    public override bool TrySignData(
        ReadOnlySpan<byte> data, Span<byte> destination, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding,
        out int bytesWritten)
    {
        Signature.CopyTo(destination);
        bytesWritten = Signature.Length;
        return true;
    }
}
