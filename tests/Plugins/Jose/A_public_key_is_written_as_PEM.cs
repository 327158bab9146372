#if !NETFRAMEWORK // .NET Framework has no ASN.1 reader to hold it against
using System;
using System.Formats.Asn1;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

[TestClass]
public class A_public_key_is_written_as_PEM
{
    [TestMethod]
    [DataRow(0x7F)]
    [DataRow(0x80)]
    [DataRow(0xFF)]
    public void A_strict_reader_reads_the_same_numbers_at_every_length(int firstByte)
    {
        for (var length = 1; length <= 600; length++)
        {
            byte[] modulus = [(byte)firstByte, .. Enumerable.Repeat((byte)0x55, length)];
            byte[] exponent = length % 2 == 0 ? [1, 0, 1] : [0x80, 0, 0, 1];
            var pem = SubjectPublicKeyInfo.ToPem(new RSAParameters { Modulus = modulus, Exponent = exponent });
            var der = Convert.FromBase64String(
                string.Concat(pem.Split("\r\n").Where(line => line.Length > 0 && line[0] != '-')));
            Assert.AreEqual(
                PemEncoding.WriteString("PUBLIC KEY", der) + "\n", pem.Replace("\r\n", "\n", StringComparison.Ordinal));

            var all = new AsnReader(der, AsnEncodingRules.DER);
            var info = all.ReadSequence();
            all.ThrowIfNotEmpty();
            var algorithm = info.ReadSequence();
            Assert.AreEqual("1.2.840.113549.1.1.1", algorithm.ReadObjectIdentifier());
            algorithm.ReadNull();
            algorithm.ThrowIfNotEmpty();
            var bits = new AsnReader(info.ReadBitString(out var unused), AsnEncodingRules.DER);
            Assert.AreEqual(0, unused);
            info.ThrowIfNotEmpty();
            var numbers = bits.ReadSequence();
            bits.ThrowIfNotEmpty();
            Assert.AreEqual(new BigInteger(modulus, isUnsigned: true, isBigEndian: true), numbers.ReadInteger());
            Assert.AreEqual(new BigInteger(exponent, isUnsigned: true, isBigEndian: true), numbers.ReadInteger());
            numbers.ThrowIfNotEmpty();
        }
    }
}
#endif
