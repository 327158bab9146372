using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Platform;
using ChatAuth.Plugins.Tests.Platform;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

[TestClass]
public class Many_threads_share_an_instance
{
    [TestMethod]
    public void Every_token_is_right_and_names_its_own_contact()
    {
        var call = new Call();
        var plugin = new IssueChatToken(call.Settings, call.Keys);
        var tokens = new ConcurrentDictionary<Guid, string>();
        Parallel.For(0, 64, _ =>
        {
            var one = new Call();
            var contact = Guid.NewGuid();
            one.Contact.Id = contact;
            one.Contact["contactid"] = contact;
            one.Platform.InputParameters["ContactId"] = contact;
            plugin.Execute(one.Platform);
            tokens[contact] = (string)one.Platform.OutputParameters["Token"];
        });
        using var rsa = new RSACryptoServiceProvider();
        rsa.ImportParameters(
            new RSAParameters
            {
                Modulus = Base64Url.Decode(TestKeys.Rfc7515["n"]),
                Exponent = Base64Url.Decode("AQAB"),
            });
        Assert.HasCount(64, tokens);
        foreach (var token in tokens)
        {
            Assert.AreEqual(token.Key.ToString("D"), Call.Part(token.Value, 1)["sub"]!.Text);
            var dot = token.Value.LastIndexOf('.');
            Assert.IsTrue(rsa.VerifyData(
                Encoding.ASCII.GetBytes(token.Value.Substring(0, dot)),
                Base64Url.Decode(token.Value.Substring(dot + 1))!,
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1));
        }
    }
}

[TestClass]
public class An_instance_signs_again
{
    [TestMethod]
    public void Its_key_is_imported_once()
    {
        var imports = 0;
        var call = new Call();
        var plugin = new IssueChatToken(call.Settings, call.Keys, () => Call.Now, Guid.NewGuid, (parts, label) =>
        {
            imports++;
            return RsaImport.Import(parts, label);
        });
        for (var i = 0; i < 20; i++)
        {
            plugin.Execute(call.Platform);
        }

        Assert.AreEqual(1, imports);
    }
}

[TestClass]
public class Base64url_is_strict
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow("f", "Zg")]
    [DataRow("fo", "Zm8")]
    [DataRow("foo", "Zm9v")]
    [DataRow("foob", "Zm9vYg")]
    [DataRow("fooba", "Zm9vYmE")]
    [DataRow("foobar", "Zm9vYmFy")]
    public void RFC4648_10(string text, string encoded)
    {
        Assert.AreEqual(encoded, Base64Url.Encode(Encoding.ASCII.GetBytes(text)));
        Assert.AreEqual(text, Encoding.ASCII.GetString(Base64Url.Decode(encoded)!));
        Assert.AreEqual(encoded.Length, Base64Url.EncodedLength(text.Length));
    }

    [TestMethod]
    public void Every_byte_comes_back()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var encoded = Base64Url.Encode(bytes);
        Assert.AreEqual(Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_'), encoded);
        CollectionAssert.AreEqual(bytes, Base64Url.Decode(encoded));
    }

    [TestMethod]
    [DataRow("A")]
    [DataRow("Z")]
    [DataRow("Zm9vA")]
    [DataRow("Zg==")]
    [DataRow("Zh")]
    [DataRow("Zm9")]
    [DataRow("Zm+v")]
    [DataRow("Zm/v")]
    [DataRow("Zm v")]
    [DataRow("Zm9v\n")]
    [DataRow("Zm9\u0144")]
    public void What_is_not_canonical_is_refused(string text) => Assert.IsNull(Base64Url.Decode(text));
}

[TestClass]
public class Public_keys_are_asked_for
{
    [TestMethod]
    public void The_key_set_is_Omnichannels()
    {
        var keys = new GetPublicKeysCall
        {
            Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, "a", 0, 2000000000),
                TestKeys.Jwk(TestKeys.Rfc7520, "b", Jwk.PendingNotBefore, 2000000001)),
        }.Execute();
        var set = ChatAuth.Plugins.Json.JsonReader.Parse(keys["KeySet"]);
        Assert.HasCount(2, set.Items);
        Assert.AreEqual("kid,publicKey,expiry", string.Join(",", set.Items[0].Members.Select(member => member.Key)));
        Assert.AreEqual("a", set.Items[0]["kid"]!.Text);
        Assert.AreEqual("2000000000", set.Items[0]["expiry"]!.Text);
        var pem = Encoding.ASCII.GetString(Convert.FromBase64String(set.Items[0]["publicKey"]!.Text));
        Assert.AreEqual(keys["Pem"], pem);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----\r\nMIIB", pem);
        Assert.EndsWith("-----END PUBLIC KEY-----\r\n", pem);
        Assert.IsTrue(pem.Split('\n').Where(line => line.Length > 0).All(line => line[line.Length - 1] == '\r'));
    }

    [TestMethod]
    public void Nothing_private_and_nothing_expired_is_published()
    {
        var keys = new GetPublicKeysCall
        {
            Keys = TestKeys.Set(
                TestKeys.Jwk(TestKeys.Rfc7515, "a"), TestKeys.Jwk(TestKeys.Rfc7520, "gone", 0, Call.NowNumeric)),
        }.Execute();
        Assert.AreEqual("a", keys["SigningKeyId"]);
        foreach (var text in keys.Values)
        {
            Assert.DoesNotContain("gone", text);
            Assert.IsFalse(
                new[] { "d", "p", "q", "dp", "dq", "qi" }.Any(part => text.Contains(TestKeys.Rfc7515[part])));
        }

        Assert.AreEqual(
            "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"a\","
                + $"\"n\":\"{TestKeys.Rfc7515["n"]}\",\"e\":\"AQAB\"}}]}}",
            keys["Jwks"]);
    }

    [TestMethod]
    public void Before_the_first_key_is_activated_nothing_signs_and_the_set_is_published_all_the_same()
    {
        var keys = new GetPublicKeysCall
        {
            Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, "a", Jwk.PendingNotBefore)),
        }.Execute();
        Assert.AreEqual(string.Empty, keys["SigningKeyId"]);
        Assert.AreEqual(string.Empty, keys["Pem"]);
        StringAssert.Contains(keys["Jwks"], "\"kid\":\"a\"");
    }

    [TestMethod]
    public void Anybody_may_ask()
    {
        var call = new GetPublicKeysCall();
        call.Platform.InitiatingUserApplicationId = Guid.Empty;
        call.Execute();
        Claims.A_token_is_issued.AssertContract(
            CustomApi.GetPublicKeys.ResponseProperties, call.Platform.OutputParameters);
        Assert.IsEmpty(call.Platform.Queries);
    }

    [TestMethod]
    public void Keys_of_another_organization_are_not_published()
    {
        var call = new GetPublicKeysCall { Keys = TestKeys.SetOf(Guid.NewGuid(), TestKeys.Jwk(TestKeys.Rfc7515)) };
        Assert.StartsWith("CHATAUTH3003: ",
            Assert.ThrowsExactly<Microsoft.Xrm.Sdk.InvalidPluginExecutionException>(() => call.Execute()).Message);
    }

    [TestMethod]
    public void A_step_on_another_message_is_refused()
    {
        var call = new GetPublicKeysCall();
        call.Platform.MessageName = "chatauth_IssueChatToken";
        Assert.StartsWith("CHATAUTH2009: ",
            Assert.ThrowsExactly<Microsoft.Xrm.Sdk.InvalidPluginExecutionException>(() => call.Execute(false)).Message);
    }
}
