using System.Text;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

[TestClass]
public class Vectors_of_the_RFCs_come_out
{
    [TestMethod]
    public void RFC7515_A_2_signature() => AssertSignature("rfc7515-a.2.json");

    [TestMethod]
    public void RFC7520_4_1_signature() => AssertSignature("rfc7520-4.1.json");

    [TestMethod]
    public void RFC7638_3_1_thumbprint()
    {
        var vector = TestKeys.Vector("rfc7638-3.1.json");
        var jwk = vector["jwk"]!;
        Assert.AreEqual(vector["thumbprint"]!.Text,
            JwkThumbprint.Compute(Base64Url.Decode(jwk["n"]!.Text)!, Base64Url.Decode(jwk["e"]!.Text)!));
    }

    private static void AssertSignature(string file)
    {
        var vector = TestKeys.Vector(file);
        var key =
            new SigningKey(new Jwk(RsaParts.Parse(vector["jwk"]!, file), null, 0, int.MaxValue), RsaImport.Import);
        var input = Encoding.ASCII.GetBytes(vector["signingInput"]!.Text);
        Assert.AreEqual(vector["signature"]!.Text, Base64Url.Encode(key.Sign(input, input.Length)));
    }
}
