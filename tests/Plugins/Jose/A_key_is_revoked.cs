using System.Linq;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

/// <summary>A key of the set is named as revoked: by the set, or by the configuration of the step.</summary>
[TestClass]
public class A_key_is_revoked
{
    private static readonly string Stolen =
        JwkSet.Parse(TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515))).Keys[0].Thumbprint;

    [TestMethod]
    [DataRow("it", "other")]
    [DataRow("other", "")]
    public void No_token_is_issued_from_a_set_that_names_it(string keyId, string thumbprint) => new Call
    {
        Keys = Set(keyId, thumbprint.Length == 0 ? Stolen : thumbprint),
    }.IsRefused(3010);

    [TestMethod]
    public void Another_one_hinders_nothing()
    {
        Assert.IsNotEmpty(new Call { Keys = Set("gone", "gone") }.Token());
        Assert.AreEqual("it", new GetPublicKeysCall { Keys = Set("gone", "gone") }.Execute()["SigningKeyId"]);
    }

    [TestMethod]
    public void Ten_thousand_others_hinder_nothing_and_let_none_through()
    {
        var others = string.Join(
            ",", Enumerable.Range(0, 10_000).Select(i => $"{{\"kid\":\"{i}\",\"thumbprint\":\"{i}\",\"exp\":5}}"));
        Assert.IsNotEmpty(new Call { Keys = With($"\"revoked\":[{others}]") }.Token());
        var list = $"\"revoked\":[{others},{{\"kid\":\"it\",\"thumbprint\":\"other\"}}]";
        new Call { Keys = With(list) }.IsRefused(3010);
        var call = new GetPublicKeysCall { Keys = With("\"later\":4"), Configuration = "{" + list + "}" };
        Assert.AreEqual("next", call.Execute()["SigningKeyId"]);
    }

    [TestMethod]
    [DataRow("it", "other")]
    [DataRow("other", "")]
    public void It_is_left_out_of_the_public_keys_and_the_others_are_not(string keyId, string thumbprint)
    {
        var named = thumbprint.Length == 0 ? Stolen : thumbprint;
        foreach (var call in new[]
        {
            new GetPublicKeysCall { Keys = Set(keyId, named) },
            new GetPublicKeysCall { Keys = Set("gone", "gone"), Configuration = "{" + Revoked(keyId, named) + "}" },
        })
        {
            var answer = call.Execute();
            Assert.Contains("\"next\"", answer["KeySet"]);
            Assert.DoesNotContain("\"it\"", answer["KeySet"]);
            Assert.DoesNotContain("\"it\"", answer["Jwks"]);
            Assert.AreEqual("next", answer["SigningKeyId"]);
        }
    }

    [TestMethod]
    [DataRow("\"revoked\":{}", "\"revoked\" is not an array")]
    [DataRow("\"revoked\":[1]", "an entry of \"revoked\" lacks \"kid\" or \"thumbprint\"")]
    [DataRow("\"revoked\":[{\"kid\":\"it\"}]", "an entry of \"revoked\" lacks \"kid\" or \"thumbprint\"")]
    [DataRow("\"revoked\":[{\"thumbprint\":\"x\"}]", "an entry of \"revoked\" lacks")]
    [DataRow("\"revoked\":[{\"kid\":1,\"thumbprint\":\"x\"}]", "an entry of \"revoked\" lacks")]
    public void A_list_that_cannot_be_read_refuses_all(string list, string fact)
    {
        new Call { Keys = With(list) }.IsRefused(3002);
        var call = new GetPublicKeysCall { Configuration = "{" + list + "}" };
        var message =
            Assert.ThrowsExactly<Microsoft.Xrm.Sdk.InvalidPluginExecutionException>(() => call.Execute()).Message;
        Assert.StartsWith("CHATAUTH3002", message);
        Assert.Contains(fact, message);
    }

    [TestMethod]
    public void What_else_a_set_remembers_is_not_read() =>
        Assert.IsNotEmpty(new Call { Keys = With("\"former\":1,\"copied\":2,\"targets\":3,\"later\":4") }.Token());

    private static string Set(string keyId, string thumbprint) => With(Revoked(keyId, thumbprint));

    private static string Revoked(string keyId, string thumbprint) =>
        $"\"revoked\":[{{\"kid\":\"{keyId}\",\"thumbprint\":\"{thumbprint}\",\"exp\":5}}]";

    // "it" began last, so it would sign.
    private static string With(string member) => TestKeys.Set(
        TestKeys.Jwk(TestKeys.Rfc7515, "it", 100), TestKeys.Jwk(TestKeys.Rfc7520, "next", 50))
        .Replace("\"keys\":", member + ",\"keys\":");
}
