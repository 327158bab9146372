using System;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Benchmarks.Peers;

/// <summary>Microsoft.IdentityModel with a signature that costs nothing.</summary>
internal sealed class NullSignatures : CryptoProviderFactory
{
    public override SignatureProvider CreateForSigning(SecurityKey key, string algorithm) => new Provider(key, algorithm);

    public override SignatureProvider CreateForSigning(SecurityKey key, string algorithm, bool cacheProvider) => new Provider(key, algorithm);

    private sealed class Provider(SecurityKey key, string algorithm) : SignatureProvider(key, algorithm)
    {
        private static readonly byte[] Signature = new byte[256];

        public override byte[] Sign(byte[] input) => Signature;

        public override byte[] Sign(byte[] input, int offset, int count) => Signature;

        public override bool Sign(ReadOnlySpan<byte> data, Span<byte> destination, out int bytesWritten)
        {
            Signature.CopyTo(destination);
            bytesWritten = Signature.Length;
            return true;
        }

        public override bool Verify(byte[] input, byte[] signature) => throw new NotSupportedException();

        public override bool Verify(byte[] input, int inputOffset, int inputLength, byte[] signature, int signatureOffset, int signatureLength) =>
            throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
