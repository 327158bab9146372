using System.Security.Cryptography;

namespace ChatAuth.Benchmarks.Peers;

/// <summary>A key whose signature costs nothing: what is left of a call is everything else.</summary>
internal sealed class NullRsa : RSA
{
    private static readonly byte[] Signature = new byte[256];

    public override int KeySize => 2048;

    public override RSAParameters ExportParameters(bool includePrivateParameters) => default;

    public override void ImportParameters(RSAParameters parameters)
    {
    }

    public override byte[] SignData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) => Signature;
}
